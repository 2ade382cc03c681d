/** Questions of a station to its site by the contracts that both serve from: once, typed; a refusal in the site's own words. */
import type { z } from 'zod';
import { AppError } from '../../../core/contract/errors.ts';
import { Problem } from '../../../core/contract/http.ts';
import type { Endpoint } from '../../endpoint.ts';
import type { SiteLink } from '../../enrol/site-link.ts';

const MOST_ANSWER = 4 * 1024 * 1024;

export interface Question {
  readonly params?: Readonly<Record<string, string>>;
  readonly query?: Readonly<Record<string, string | number>>;
  readonly body?: unknown;
  readonly signal: AbortSignal;
  readonly headMs?: number;
}

export type SiteAsk = <S extends z.ZodType>(
  endpoint: Pick<Endpoint, 'method' | 'path'> & { readonly reply: S },
  question: Question,
) => Promise<z.output<S>>;

export function createSiteAsk(link: Pick<SiteLink, 'authorisedFetch'>): SiteAsk {
  return async ({ method, path, reply }, { params = {}, query = {}, body, signal, headMs }) => {
    const place = path.replaceAll(/:(\w+)/g, (_, name: string) => encodeURIComponent(params[name] ?? ''));
    const search = new URLSearchParams();
    for (const [name, value] of Object.entries(query)) search.set(name, String(value));
    const response = await link.authorisedFetch(search.size === 0 ? place : `${place}?${search.toString()}`, {
      method,
      headers: {
        accept: 'application/json',
        'accept-encoding': 'identity',
        ...(body === undefined ? {} : { 'content-type': 'application/json' }),
      },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      signal,
      mostBytes: MOST_ANSWER,
      ...(headMs === undefined ? {} : { headMs }),
    });
    const said: unknown = await response.json().catch(() => undefined);
    if (response.ok) return reply.parse(said);
    const problem = Problem.safeParse(said).data;
    if (problem === undefined) throw new AppError('unavailable', `The site answered ${response.status}.`);
    throw new AppError(problem.code, problem.detail, problem.details);
  };
}

/** Not now; it may do so later. Any other refusal stays one. */
export const isAway = (error: unknown): boolean =>
  !(error instanceof AppError) || error.code === 'unavailable' || error.code === 'too_many';
