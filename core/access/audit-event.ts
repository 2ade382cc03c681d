/**
 * Security events of a site: who signed in, who failed to, who changed whom. Each row holds the hash of the row before it, so that an edit, a deletion, an
 * insertion or another order shows, and the head that is kept apart shows where the end was cut off. Operations have a chain of their own (sync/chain.ts).
 */
import { z } from 'zod';
import { canonicalJson, wellFormed } from '../sync/canonical.ts';
import type { Sha256 } from '../sync/op.ts';
import { NO_HASH } from '../sync/seal.ts';

export const EVENT_KINDS = [
  'sign-in',
  'sign-in.failed',
  'sign-in.throttled',
  'sign-out',
  'token.reused',
  'user.invited',
  'user.joined',
  'service.added',
  'user.role',
  'user.limits',
  'user.disabled',
  'user.enabled',
  'user.password',
  'user.second-factor',
  'user.second-factor-reset',
  'user.recovery-code',
  'device.enrolled',
  'device.attached',
  'device.renamed',
  'device.revoked',
  'key.rotated',
  'export',
  'settings',
  'webhook',
  'lease',
  'update',
  'backup',
  'restore',
  'erase',
] as const;
export type EventKind = (typeof EVENT_KINDS)[number];

/** What happened, before it has its place. `data` holds short texts, never a secret and nothing of an invoice's content. */
export interface NewEvent {
  readonly kind: EventKind;
  readonly at: string;
  /** `user:<id>`, `service:<job>`, or `unknown` for who could not be told. */
  readonly actor: string;
  readonly data: Readonly<Record<string, string>>;
}

const EventBody = z.object({
  v: z.literal(1),
  site: z.string(),
  seq: z.int().positive(),
  // Kinds of a newer program verify too.
  kind: z.string(),
  at: z.string(),
  actor: z.string(),
  data: z.record(z.string(), z.string()),
  prev: z.string(),
});
export type EventBody = z.infer<typeof EventBody>;

/** As it is kept: the text that was hashed, and its hash. */
export interface KeptEvent {
  readonly seq: number;
  readonly text: string;
  readonly hash: string;
}

export interface EventHead {
  readonly seq: number;
  readonly hash: string;
}
export const FIRST_HEAD: EventHead = { seq: 0, hash: NO_HASH };

export const parseEvent = (text: string): EventBody => EventBody.parse(JSON.parse(text));

const LONGEST = 300;
const kept = (text: string): string => wellFormed(text.length > LONGEST ? `${text.slice(0, LONGEST)}…` : text);

export function sealEvent(event: NewEvent, site: string, head: EventHead, sha256: Sha256): KeptEvent {
  const data = Object.fromEntries(Object.entries(event.data).map(([name, value]) => [name, kept(value)]));
  const seq = head.seq + 1;
  const { kind, at } = event;
  const text = canonicalJson({ v: 1, site, seq, kind, at, actor: kept(event.actor), data, prev: head.hash });
  return { seq, text, hash: sha256(text) };
}

/** The shape that `verify-audit` prints: `op` names the kind of the event, `devSeq` its number. */
export interface EventProblem {
  readonly op: string;
  readonly devSeq: number;
  readonly what: string;
}

export interface EventVerifier {
  /** Rows of one site in the order of their numbers. */
  add(row: KeptEvent): readonly EventProblem[];
  finish(head: EventHead): readonly EventProblem[];
  readonly events: number;
}

function bodyOf(text: string): EventBody | undefined {
  try {
    return parseEvent(text);
  } catch {
    return undefined; // told as a problem by the caller
  }
}

export function createEventVerifier(site: string, sha256: Sha256): EventVerifier {
  let head = FIRST_HEAD;
  let events = 0;
  return {
    add(row) {
      events += 1;
      const body = bodyOf(row.text);
      const before = head;
      head = { seq: row.seq, hash: row.hash };
      if (body === undefined) return [{ op: '', devSeq: row.seq, what: 'the event cannot be parsed' }];
      const problems: string[] = [];
      if (sha256(row.text) !== row.hash) problems.push('the event is not the one that was hashed');
      if (body.seq !== row.seq || body.site !== site) problems.push('the event stands in another place than its own');
      if (row.seq !== before.seq + 1) problems.push(`follows number ${before.seq}: events are missing or out of order`);
      else if (body.prev !== before.hash) problems.push('does not continue the event before it');
      return problems.map((what) => ({ op: body.kind, devSeq: row.seq, what }));
    },
    finish(end) {
      if (head.seq === end.seq && head.hash === end.hash) return [];
      return [{ op: '', devSeq: end.seq, what: `the events end at number ${head.seq}, the site remembers ${end.seq}` }];
    },
    get events() {
      return events;
    },
  };
}
