/** Conditions of requests (RFC 9110, section 13): what of a thing was seen is its ETag, and a change can be bound to it by If-Match. */
import type { FastifyReply } from 'fastify';
import type { ApprovalLimit, User } from '../core/contract/access.ts';
import { AppError } from '../core/contract/errors.ts';
import type { Invoice } from '../core/contract/invoice.ts';
import type { Settings } from '../core/contract/settings.ts';
import type { Vendor } from '../core/contract/vendors.ts';
import { contentTag } from './store/content-tag.ts';
import { settingsText } from './store/same-settings.ts';

export interface Match {
  /** `*`: over whatever stands there. */
  readonly any: boolean;
  /** Whether what has this tag was seen. */
  has(tag: string): boolean;
}

const ONE = /^(W\/)?"([\x21\x23-\x7e\x80-\xff]*)"$/;
const LIST = /^\s*(?:W\/)?"[^"]*"\s*(?:,\s*(?:W\/)?"[^"]*"\s*)*$/;

function tagsOf(header: string): RegExpExecArray[] | undefined {
  if (!LIST.test(header)) return undefined;
  const found = [...header.matchAll(/(?:W\/)?"[^"]*"/g)].map(([text]) => ONE.exec(text));
  return found.every((one) => one !== null) ? found : undefined;
}

/** Undefined where nothing was said. A weak tag is none that a change may rely on. */
export function matchOf(header: string | undefined): Match | undefined {
  if (header === undefined) return undefined;
  if (header.trim() === '*') return { any: true, has: () => true };
  const tags = tagsOf(header);
  if (tags === undefined)
    throw new AppError('bad_request', 'If-Match holds an ETag as it was answered, in quotation marks, or several.');
  const strong = new Set(tags.flatMap(([, weak, tag]) => (weak === undefined && tag !== undefined ? tag : [])));
  return { any: false, has: (tag) => strong.has(tag) };
}

/** If-None-Match: whether the asker has it already. What is no list of tags is no condition. */
export function hasAlready(header: string | undefined, etag: unknown): boolean {
  if (header === undefined || typeof etag !== 'string') return false;
  return header.trim() === '*' || tagsOf(header)?.some(([, , tag]) => `"${tag ?? ''}"` === etag) === true;
}

export const mustLook = (): AppError =>
  new AppError('precondition_required', 'Send If-Match with the ETag of what you saw: look at it, then decide.', {
    header: 'if-match',
  });

export const changedSince = (): AppError =>
  new AppError('precondition_failed', 'It was changed since you looked at it. Look again, then decide.');

/** Refuses where something else stands there than was seen. */
export function requireSeen(match: Match | undefined, tag: () => string): void {
  if (match !== undefined && !match.any && !match.has(tag())) throw changedSince();
}

export const settingsTag = (settings: Settings): string => contentTag(settingsText(settings));
export const vendorTag = (vendor: Vendor): string => contentTag(JSON.stringify(vendor));
type Decided = Pick<User, 'login' | 'name' | 'role' | 'state'> & { readonly limits: readonly ApprovalLimit[] };
/** Of what admins decide about somebody, and nothing else: not of sign-ins, which happen all the time. */
export const userTag = ({ login, name, role, limits, state }: Decided): string =>
  contentTag(JSON.stringify([login, name, role, limits, state === 'disabled']));
/** Of the whole of it: the same as `Store.invoiceJson` gives. */
export const invoiceTag = (invoice: Invoice): string => contentTag(JSON.stringify(invoice));

/** The answer, with the tag of what it shows. */
export function tagged<T>(reply: FastifyReply, tagOf: (answer: T) => string, answer: T): T {
  void reply.header('etag', `"${tagOf(answer)}"`);
  return answer;
}
