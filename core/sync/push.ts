/**
 * What the site makes of a batch of operations. `readBatch` looks at the batch alone, before any transaction; `judgeBatch` at what one round trip behind the lock of
 * the device tells of it. Which verdict each operation gets is verdict.ts.
 */
import { headProofText, type PushBatch, SYNC_LIMITS, type WireOp } from '../contract/sync-http.ts';
import { type ArrivedOp, readOp } from './arrived.ts';
import { isErasure } from './erase.ts';
import { isDecision } from './kinds.ts';
import type { Sha256 } from './op.ts';
import { isWellFormed } from './verdict.ts';

/** A batch whose parts fit together: one device, dense numbers, one chain that its signed head ends. */
export interface ReadBatch {
  readonly device: string;
  readonly epoch: number;
  readonly ops: readonly [ArrivedOp, ...ArrivedOp[]];
  readonly head: PushBatch['head'];
  /** Parents that the sender cannot offer. */
  readonly waived: ReadonlySet<string>;
}

export type BatchReading =
  | { readonly kind: 'ok'; readonly batch: ReadBatch }
  /** 400 `bad_batch`: no correct station sends such a thing. */
  | { readonly kind: 'bad-batch'; readonly why: string };

export interface BatchTools {
  readonly sha256: Sha256;
  /** Ed25519 by the key of the batch's device. */
  readonly verify: (text: string, signature: string) => boolean;
}

const bad = (why: string): Extract<BatchReading, { readonly kind: 'bad-batch' }> => ({ kind: 'bad-batch', why });

export interface BatchReader {
  /** The next operation of the batch; undefined where it may stand there. */
  add(wire: WireOp): Extract<BatchReading, { readonly kind: 'bad-batch' }> | undefined;
  /** After all of them. */
  finish(): BatchReading;
}

/**
 * [Note: One signature a batch] Each operation names the hash of its device's operation before, so the signature over the last one covers all before it. The head is
 * therefore that of the batch's last operation: of a later one it would prove nothing until that one arrives, and a station that offers others' operations
 * could put its own words among them. Operation by operation, for who must not stand still over a long batch.
 */
export function createBatchReader(site: string, batch: PushBatch, { sha256, verify }: BatchTools): BatchReader {
  const ops: ArrivedOp[] = [];
  return {
    add(wire) {
      const number = batch.first_dev_seq + ops.length;
      const arrival = readOp(wire, sha256);
      if (arrival.kind === 'bad') return bad(`operation ${number}: ${arrival.why}`);
      const { body } = arrival.op;
      if (body.device !== batch.device) return bad(`operation ${number} is of another device`);
      if (body.dev_seq !== number) return bad(`operation ${number} says it is number ${body.dev_seq}`);
      const before = ops.at(-1);
      if (before !== undefined && body.dev_prev !== before.hash)
        return bad(`operation ${number} does not continue the one before it`);
      ops.push(arrival.op);
      return undefined;
    },
    finish() {
      const [first, ...rest] = ops;
      const last = ops.at(-1);
      if (first === undefined || last === undefined || ops.length > SYNC_LIMITS.ops)
        return bad('the number of operations');
      const { head } = batch;
      if (head.device !== batch.device || head.dev_seq !== last.body.dev_seq || head.hash !== last.hash)
        return bad('the signed head is not that of the last operation');
      if (!verify(headProofText(site, head), head.signature)) return bad('the signature');
      const waived = new Set(batch.waived);
      return { kind: 'ok', batch: { device: batch.device, epoch: batch.epoch, ops: [first, ...rest], head, waived } };
    },
  };
}

export function readBatch(site: string, batch: PushBatch, tools: BatchTools): BatchReading {
  const reader = createBatchReader(site, batch, tools);
  for (const wire of batch.ops) {
    const fault = reader.add(wire);
    if (fault !== undefined) return fault;
  }
  return reader.finish();
}

/** An operation that the site holds under a number of the batch. */
export interface HeldOp {
  readonly opId: string;
  readonly hash: string;
  readonly seq: number;
  readonly verdict: string;
  /** `missing`: it came without its content and nobody erased it. */
  readonly content: 'there' | 'erased' | 'missing';
}

export interface BatchFacts {
  /** Of the site's history. */
  readonly epoch: number;
  /** Where the site's copy of the device's chain ends: number 0 and `NO_HASH` where it holds nothing of it. */
  readonly end: { readonly devSeq: number; readonly hash: string };
  /** By number: what the site holds of the batch. */
  readonly held: ReadonlyMap<number, HeldOp>;
  /** Which of `namedIn(batch)` the site holds, of whatever device. */
  readonly known: ReadonlySet<string>;
}

export type BatchJudgement =
  | {
      readonly kind: 'ok';
      /** To be numbered and kept, in this order; empty where the batch was here before. */
      readonly fresh: readonly ArrivedOp[];
      /** Here already: their numbers and verdicts are those of the first time. */
      readonly held: readonly HeldOp[];
      /** Held without content, which this batch brings. */
      readonly fills: readonly ArrivedOp[];
    }
  | { readonly kind: 'epoch'; readonly epoch: number }
  | { readonly kind: 'gap'; readonly expected: number }
  /** The device has two histories: a copied database, or one brought back from an older copy. */
  | { readonly kind: 'device_forked'; readonly devSeq: number }
  | { readonly kind: 'missing_parents'; readonly op: string; readonly parents: readonly string[] };

/** Every id that has to be looked up: parents outside of the batch, and the batch's own ids, which no other operation may have. */
export function namedIn(batch: ReadBatch): string[] {
  const named = new Set<string>();
  for (const { body } of batch.ops) {
    named.add(body.op_id);
    for (const parent of body.parents) named.add(parent);
  }
  return [...named];
}

/**
 * A decision is made with its content or not at all, and a station's erasure as well; other content is looked at as if it had come with its operation. Of what is refused everything
 * may be kept.
 */
const mayFill = (op: ArrivedOp, { verdict }: HeldOp, bySite: boolean): boolean =>
  op.content !== null &&
  (verdict !== 'accepted' || (!isDecision(op.body.kind) && (bySite || !isErasure(op.body.kind)) && isWellFormed(op)));

/** `bySite`: of the site's own device, whoever offers it. */
export function judgeBatch(batch: ReadBatch, facts: BatchFacts, bySite = false): BatchJudgement {
  if (batch.epoch !== facts.epoch) return { kind: 'epoch', epoch: facts.epoch };
  const [first] = batch.ops;
  if (first.body.dev_seq > facts.end.devSeq + 1) return { kind: 'gap', expected: facts.end.devSeq + 1 };
  const held: HeldOp[] = [];
  const fills: ArrivedOp[] = [];
  const fresh: ArrivedOp[] = [];
  const named = new Set<string>();
  const isSettled = (parent: string): boolean => facts.known.has(parent) || batch.waived.has(parent);
  for (const op of batch.ops) {
    const { dev_seq: devSeq, op_id: id } = op.body;
    if (devSeq <= facts.end.devSeq) {
      const same = facts.held.get(devSeq);
      if (same === undefined || same.hash !== op.hash) return { kind: 'device_forked', devSeq };
      held.push(same);
      if (same.content === 'missing' && mayFill(op, same, bySite)) fills.push(op);
    } else {
      const continues = devSeq !== facts.end.devSeq + 1 || op.body.dev_prev === facts.end.hash;
      if (!continues || facts.known.has(id) || named.has(id)) return { kind: 'device_forked', devSeq };
      const missing = op.body.parents.filter((parent) => !named.has(parent) && !isSettled(parent));
      if (missing.length > 0) return { kind: 'missing_parents', op: id, parents: missing };
      fresh.push(op);
    }
    named.add(id);
  }
  return { kind: 'ok', fresh, held, fills };
}
