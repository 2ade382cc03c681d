/** The site: the shell of its transactions round the pure judgements of core/sync. Each function here is one transaction. */
import type { Role } from '../../core/access/roles.ts';
import {
  headProofText,
  type PageEnd,
  type PulledOp,
  type PushBatch,
  type SignedHead,
} from '../../core/contract/sync-http.ts';
import type { ArrivedOp } from '../../core/sync/arrived.ts';
import { isErasure } from '../../core/sync/erase.ts';
import { headsForPage } from '../../core/sync/offer.ts';
import type { OpDraft } from '../../core/sync/op.ts';
import { type HeldOp, judgeBatch, namedIn, readBatch, type ReadBatch } from '../../core/sync/push.ts';
import { NO_HASH } from '../../core/sync/seal.ts';
import type { Answer } from '../../core/sync/session.ts';
import { NO_SITE_HASH, siteHash } from '../../core/sync/site-chain.ts';
import type { RootOp } from '../../core/sync/root-log.ts';
import { rootsToRead, verdictsOf } from '../../core/sync/verdict.ts';
import type { Random } from '../random.ts';
import type { Bug } from './bugs.ts';
import {
  advance,
  asLogOp,
  type Identity,
  known,
  type KnownHead,
  newIdentity,
  newReplica,
  rebuild,
  type Replica,
  type Row,
  seal,
  sha256,
  sign,
  takeIn,
  verifyBy,
} from './replica.ts';
import { rowsOf } from './users.ts';

const SITE = 'site';
const SITE_KEY = 'key of the site';
const PAGE = { ops: 4, bytes: 1024 * 1024 };

export interface KnownDevice {
  readonly key: string;
  roles: Role[];
  revoked: boolean;
}

export interface Hub {
  replica: Replica;
  /** By number less one. */
  log: Row[];
  hashes: string[];
  /** When a reader sees it: at once, as numbers are given under the lock. */
  visibleAt: number[];
  readonly numbers: Map<string, Row[]>;
  devices: Map<string, KnownDevice>;
  server: Identity;
  epoch: number;
  readonly random: Random;
  readonly bug: Bug | null;
  /** Share of operations that a rule of the site's own refuses. */
  refusals: number;
  largest: number;
}

export function createHub(random: Random, bug: Bug | null): Hub {
  const server = newIdentity('site-0', SITE_KEY);
  const devices = new Map([[server.device, { key: server.key, roles: ['service' as const], revoked: false }]]);
  return {
    replica: newReplica(1),
    log: [],
    hashes: [],
    visibleAt: [],
    numbers: new Map(),
    devices,
    server,
    epoch: 0,
    random,
    bug,
    refusals: 0.1,
    largest: 1_000,
  };
}

export const hashOf = (hub: Hub): string => hub.hashes.at(-1) ?? NO_SITE_HASH;

function append(hub: Hub, op: ArrivedOp, verdict: string, visibleAt: number): Row {
  const seq = hub.log.length + 1;
  hub.hashes.push(siteHash(sha256, hashOf(hub), seq, op.hash, verdict));
  const row = takeIn(hub.replica, op, { verdict, place: { epoch: hub.epoch, seq } }, hub.bug);
  hub.log.push(row);
  hub.visibleAt.push(visibleAt);
  const numbers = hub.numbers.get(op.body.device) ?? [];
  numbers.push(row);
  hub.numbers.set(op.body.device, numbers);
  return row;
}

const headOf = (key: string, op: ArrivedOp): KnownHead => {
  const head = { device: op.body.device, dev_seq: op.body.dev_seq, hash: op.hash };
  return { ...head, signature: sign(key, headProofText(SITE, head)), public_key: key };
};

export const signedHead = (identity: Identity, op: ArrivedOp): SignedHead => {
  const { public_key: _key, ...head } = headOf(identity.key, op);
  return head;
};

/** A change of the site's own: a person in the browser, a job. */
export function commitAtSite(hub: Hub, drafts: readonly OpDraft[], clockMs: number, now: number): void {
  for (const draft of drafts) {
    const op = seal(hub.server, draft, clockMs);
    advance(hub.server, op);
    append(hub, op, 'accepted', now);
    hub.replica.heads.set(op.hash, headOf(hub.server.key, op));
  }
}

export type PushOutcome =
  | {
      readonly kind: 'ok';
      readonly acked: number;
      readonly head: number;
      readonly epoch: number;
      readonly results: readonly { op_id: string; seq: number; verdict: string }[];
    }
  | ({ readonly kind: 'answer'; readonly missing?: readonly string[] } & Answer);

const answer = (status: number, more: Omit<Answer, 'status'> & { missing?: readonly string[] } = {}): PushOutcome => ({
  kind: 'answer',
  status,
  ...more,
});

/** Whose rights the operations have, and whose key signed them. */
function authorOf(hub: Hub, sender: KnownDevice, batch: PushBatch): KnownDevice | undefined {
  const device = hub.devices.get(batch.device);
  if (device !== undefined) return device;
  // The site's own device of an epoch that it no longer knows.
  if (batch.public_key === hub.server.key) return { key: hub.server.key, roles: ['service'], revoked: false };
  return batch.public_key === undefined ? undefined : { ...sender, key: batch.public_key };
}

export function push(hub: Hub, from: { device: string; key: string }, batch: PushBatch, now: number): PushOutcome {
  const sender = hub.devices.get(from.device);
  if (sender === undefined || sender.key !== from.key) return answer(401);
  if (sender.revoked) return answer(403);
  if (batch.ops.length > hub.largest) return answer(413);
  const author = authorOf(hub, sender, batch);
  if (author === undefined) return answer(403);
  const reading = readBatch(SITE, batch, { sha256, verify: verifyBy(author.key) });
  if (reading.kind === 'bad-batch') return answer(400, { reason: reading.why });
  return judged(hub, reading.batch, author, now);
}

const heldOf = (row: Row): HeldOp => ({
  opId: row.body.op_id,
  hash: row.hash,
  seq: row.place?.seq ?? 0,
  verdict: row.verdict,
  content: row.content !== null ? 'there' : row.erased === undefined ? 'missing' : 'erased',
});

function factsOf(hub: Hub, batch: ReadBatch) {
  const numbers = hub.numbers.get(batch.device) ?? [];
  const end = numbers.at(-1);
  const held = new Map<number, HeldOp>();
  for (const { body, hash } of batch.ops) {
    const row = numbers[body.dev_seq - 1];
    if (row !== undefined)
      held.set(body.dev_seq, { ...heldOf(row), ...(hub.bug === 'same-number-is-same' ? { hash } : {}) });
  }
  const isParent = (id: string): boolean => {
    const row = hub.replica.rows.get(id);
    return row !== undefined && !(hub.bug === 'refused-is-no-parent' && row.verdict !== 'accepted');
  };
  const ids = new Set(namedIn(batch).filter(isParent));
  const place = { devSeq: end?.body.dev_seq ?? 0, hash: end?.hash ?? NO_HASH };
  return { epoch: hub.epoch, end: place, held, known: ids };
}

function verdicts(hub: Hub, fresh: readonly ArrivedOp[], author: KnownDevice): string[] {
  const asRootOp = (row: Row): RootOp => {
    const op = asLogOp(hub.replica, row);
    return { ...op, body: { ...op.body, device: row.body.device } };
  };
  const roots = new Map(rootsToRead(fresh).map((root) => [root, rowsOf(hub.replica, root, hub.epoch).map(asRootOp)]));
  const bySite = author.roles.includes('service') || hub.bug === 'any-digest';
  const rule = (op: ArrivedOp): string | undefined =>
    op.body.kind !== 'transition' && !isErasure(op.body.kind) && hub.random.next() < hub.refusals
      ? 'policy'
      : undefined;
  const ops = fresh.map((op) => ({ ...op, body: known(hub.replica, op.body) }));
  return verdictsOf(ops, { roles: author.roles, bySite, roots, sha256, rule });
}

/** Content that was missing when the operation came first. */
function fill(hub: Hub, op: ArrivedOp): void {
  const row = hub.replica.rows.get(op.body.op_id);
  if (row !== undefined) takeIn(hub.replica, op, { verdict: row.verdict, place: null }, hub.bug);
}

function judged(hub: Hub, batch: ReadBatch, author: KnownDevice, now: number): PushOutcome {
  const judgement = judgeBatch(batch, factsOf(hub, batch), author.roles.includes('service'));
  if (judgement.kind !== 'ok')
    return answer(409, {
      reason: judgement.kind,
      ...(judgement.kind === 'gap' ? { expected: judgement.expected } : {}),
      ...(judgement.kind === 'missing_parents' ? { missing: judgement.parents } : {}),
    });
  const { held, fresh, fills } = judgement;
  for (const op of fills) fill(hub, op);
  const given = verdicts(hub, fresh, author);
  const late = hub.bug === 'plain-sequence' ? now + hub.random.integer(0, 20_000) : now;
  const kept = fresh.flatMap((op, at) => {
    const verdict = given[at] ?? 'accepted';
    if (hub.bug === 'refused-not-kept' && verdict !== 'accepted') {
      hub.numbers.get(op.body.device)?.push({ ...op, verdict, place: null });
      return [];
    }
    return [append(hub, op, verdict, late)];
  });
  const last = batch.ops.at(-1);
  if (last !== undefined) hub.replica.heads.set(last.hash, { ...batch.head, public_key: author.key });
  const results = held.map((op) => ({ op_id: op.opId, seq: op.seq, verdict: op.verdict }));
  for (const row of kept) results.push({ op_id: row.body.op_id, seq: row.place?.seq ?? 0, verdict: row.verdict });
  return { kind: 'ok', acked: last?.body.dev_seq ?? 0, head: hub.log.length, epoch: hub.epoch, results };
}

export type PullOutcome =
  | { readonly kind: 'ok'; readonly ops: readonly PulledOp[]; readonly end: PageEnd }
  | ({ readonly kind: 'answer' } & Answer);

/** A page ends where a batch ended. */
export function pull(
  hub: Hub,
  from: { device: string; key: string },
  after: number,
  epoch: number,
  now: number,
): PullOutcome {
  const sender = hub.devices.get(from.device);
  if (sender === undefined || sender.key !== from.key) return { kind: 'answer', status: 401 };
  if (sender.revoked) return { kind: 'answer', status: 403 };
  if (epoch !== hub.epoch) return { kind: 'answer', status: 409, reason: 'epoch' };
  let next = Math.min(after + PAGE.ops, hub.log.length);
  while (next < hub.log.length && !hub.replica.heads.has(hub.log[next - 1]?.hash ?? '')) next += 1;
  const rows = hub.log.slice(after, next).filter((_, at) => (hub.visibleAt[after + at] ?? 0) <= now);
  const page = rows.map((row) => ({ device: row.body.device, hash: row.hash, bytes: row.text.length }));
  const heads = headsForPage(page, hub.replica.heads, { ...PAGE, ops: Math.min(PAGE.ops, hub.largest) });
  const ops = rows.map((row) => ({
    body: row.text,
    content: row.content,
    ...(row.content === null && row.erased !== undefined ? { erased: row.erased } : {}),
    seq: row.place?.seq ?? 0,
    verdict: row.verdict as PulledOp['verdict'],
  }));
  const end = {
    next: Math.max(next, after),
    site_hash: hub.hashes[next - 1] ?? NO_SITE_HASH,
    epoch,
    head: hub.log.length,
  };
  return { kind: 'ok', ops, end: { ...end, durable_seq: 0, heads } };
}

export interface Backup {
  readonly epoch: number;
  readonly devices: ReadonlyMap<string, KnownDevice>;
  readonly server: Identity;
  /** As they were that day: a later erasure, verdict or other history is not in them. */
  readonly log: readonly Row[];
  readonly hashes: readonly string[];
  readonly visibleAt: readonly number[];
  readonly heads: ReadonlyMap<string, KnownHead>;
  readonly erased: ReadonlyMap<string, string>;
}

export const backup = (hub: Hub): Backup => ({
  epoch: hub.epoch,
  devices: new Map([...hub.devices].map(([id, device]) => [id, { ...device, roles: [...device.roles] }])),
  server: { ...hub.server },
  log: hub.log.map((row) => ({ ...row })),
  hashes: [...hub.hashes],
  visibleAt: [...hub.visibleAt],
  heads: new Map(hub.replica.heads),
  erased: new Map(hub.replica.erased),
});

/**
 * The site as it was: what came after the backup is gone. It goes on in an epoch that never was, and under a new device, since the numbers that its old one
 * gave after the backup are taken.
 */
export function restore(hub: Hub, from: Backup, newEpoch: number): void {
  hub.epoch = hub.bug === 'epoch-not-raised' ? hub.epoch : hub.bug === 'epoch-of-backup' ? from.epoch + 1 : newEpoch;
  hub.log = from.log.map((row, at) => ({ ...row, place: { epoch: hub.epoch, seq: at + 1 } }));
  hub.hashes = [...from.hashes];
  hub.visibleAt = [...from.visibleAt];
  hub.numbers.clear();
  const heads = new Map<string, KnownHead>();
  hub.replica.rows.clear();
  hub.replica.erased.clear();
  for (const [target, eraser] of from.erased) hub.replica.erased.set(target, eraser);
  for (const row of hub.log) {
    hub.replica.rows.set(row.body.op_id, row);
    hub.numbers.set(row.body.device, [...(hub.numbers.get(row.body.device) ?? []), row]);
    const head = from.heads.get(row.hash);
    if (head !== undefined) heads.set(row.hash, head);
  }
  hub.replica.heads.clear();
  for (const [hash, head] of heads) hub.replica.heads.set(hash, head);
  rebuild(hub.replica, hub.bug);
  hub.devices = new Map([...from.devices].map(([id, device]) => [id, { ...device, roles: [...device.roles] }]));
  hub.server = hub.bug === 'server-device-kept' ? { ...from.server } : newIdentity(`site-${newEpoch}`, SITE_KEY);
  hub.devices.set(hub.server.device, { key: hub.server.key, roles: ['service'], revoked: false });
}
