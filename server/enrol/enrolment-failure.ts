/** Every way in which connecting can fail, by what a person can do about it. */
import type { Enrolment } from '../../core/contract/site-link-http.ts';
import { isNoSuchHost } from './failure.ts';
import { SiteRefusal } from './site-calls.ts';
import { SiteLinkError } from './site-link.ts';
import { SignInRefusal } from './sign-in.ts';

type Failure = NonNullable<Enrolment['failure']>;

export class EnrolmentFailure extends Error {
  readonly code: Failure['code'];
  readonly facts: Failure['facts'];
  constructor(code: Failure['code'], message: string, facts: Failure['facts'] = {}) {
    super(message);
    this.name = 'EnrolmentFailure';
    this.code = code;
    this.facts = facts;
  }
}

function codeOf(error: unknown): Failure['code'] {
  if (error instanceof SignInRefusal) {
    if (error.kind === 'denied' || error.kind === 'expired') return error.kind;
    return 'refused';
  }
  if (error instanceof SiteRefusal) {
    if (error.reason === 'device-limit' || error.reason === 'device-of-another') return error.reason;
    if (error.status === 403) return 'not-allowed';
    return error.status >= 500 ? 'unreachable' : 'refused';
  }
  if (!(error instanceof SiteLinkError)) return 'bug';
  if (error.kind === 'untrusted') return 'untrusted';
  if (error.kind === 'bad-answer') return 'not-a-site';
  return isNoSuchHost(error) ? 'unknown-host' : 'unreachable';
}

export function failureOf(error: unknown): Failure {
  if (error instanceof EnrolmentFailure) return { code: error.code, detail: error.message, facts: error.facts };
  const code = codeOf(error);
  const facts =
    error instanceof SiteRefusal
      ? Object.fromEntries(Object.entries(error.details).map(([name, value]) => [name, String(value)]))
      : {};
  // What went wrong inside is for the log.
  const detail = code === 'bug' || !(error instanceof Error) ? '' : error.message;
  return { code, detail, facts };
}
