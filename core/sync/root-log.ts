/** The log of one root while a batch is judged over it: what each of many decisions asks is kept and moved on with the log, since all of it is asked behind a lock. */
import { digestLine, digestOfLines, stateOf, stepAfter, stepOf } from '../invoice/decided.ts';
import { type LogOp, readLog } from '../invoice/log.ts';
import type { InvoiceState } from '../invoice/states.ts';
import { conflictsOf } from './conflicts.ts';
import { isDecision } from './kinds.ts';
import type { OpBody, Sha256 } from './op.ts';

/** An operation of a root as the site holds it; what only screens need may be left empty. */
export interface RootOp extends LogOp {
  readonly body: LogOp['body'] & Pick<OpBody, 'device'>;
}

export interface RootLog {
  readonly last: RootOp | undefined;
  state(): InvoiceState;
  inConflict(): boolean;
  /** Whether an operation of this kind is among them. */
  has(kind: string): boolean;
  /** Whether the device wrote to it, and nobody else did. */
  isOf(device: string): boolean;
  /** Digest of what the author of a step over `digest` saw: see verdict.ts. */
  seenBy(device: string, digest: string): string;
  add(op: RootOp): void;
}

export function createRootLog(given: readonly RootOp[], sha256: Sha256): RootLog {
  const ops = [...given];
  let state: InvoiceState | undefined;
  let conflict: boolean | undefined;
  /** The digest of so many operations, and what it is over. */
  let known: { readonly count: number; readonly lines: readonly string[]; readonly digest: string } | undefined;
  const devices = new Set(ops.map(({ body }) => body.device));
  const kinds = new Set(ops.map(({ body }) => body.kind));

  /**
   * The digest that an author saw is the one before all of the decision: a confirmation is two steps (confirmed, approved) that name one digest. Steps of the same
   * device over the same digest at the end of the log are therefore left out; a refused one is not, so that nothing builds on it.
   */
  function seenCount(device: string, digest: string): number {
    let end = ops.length;
    for (let last = ops[end - 1]; last !== undefined; last = ops[end - 1]) {
      const sameDecision =
        isDecision(last.body.kind) &&
        last.verdict === 'accepted' &&
        last.body.device === device &&
        stepOf(last)?.digest === digest;
      if (!sameDecision) break;
      end -= 1;
    }
    return end;
  }
  return {
    get last() {
      return ops.at(-1);
    },
    state: () => (state ??= stateOf(ops)),
    inConflict: () => (conflict ??= conflictsOf(readLog(ops)).length > 0),
    has: (kind) => kinds.has(kind),
    isOf: (device) => devices.size === 1 && devices.has(device),
    seenBy(device, digest) {
      const count = seenCount(device, digest);
      if (known?.count !== count) {
        const before = known !== undefined && known.count < count ? known : { count: 0, lines: [] };
        // Sorted but for the last ones: that is nearly as good as sorted.
        const lines = [...before.lines, ...ops.slice(before.count, count).map(digestLine)].toSorted();
        known = { count, lines, digest: digestOfLines(lines, sha256) };
      }
      return known.digest;
    },
    add(op) {
      ops.push(op);
      devices.add(op.body.device);
      kinds.add(op.body.kind);
      if (state !== undefined) state = stepAfter(state, op);
      // Decisions are no cells.
      if (!isDecision(op.body.kind)) conflict = undefined;
    },
  };
}
