/** Where an invoice stands by its operations alone, and the digest by which a decision names what it saw: the same on every station and at the site. */
import { isDecision } from '../sync/kinds.ts';
import { type Sha256, Transition } from '../sync/op.ts';
import { contentJson, type LogOp } from './log.ts';
import type { InvoiceState } from './states.ts';
import { isState, mayFollow } from './transitions.ts';

/** The step of a transition; undefined where it was erased or a newer version wrote it in another form. */
export const stepOf = (op: Pick<LogOp, 'content'>): Transition | undefined =>
  Transition.safeParse(contentJson(op)).data;

/** Transitions in the order of the log; one that does not start where the invoice stands, or is not in the table, has no effect. */
export function stateOf(ops: Iterable<Pick<LogOp, 'body' | 'content' | 'verdict'>>): InvoiceState {
  let state: InvoiceState = 'received';
  for (const op of ops) state = stepAfter(state, op);
  return state;
}

/** Where the invoice stands after one more operation. */
export function stepAfter(state: InvoiceState, op: Pick<LogOp, 'body' | 'content' | 'verdict'>): InvoiceState {
  if (!isDecision(op.body.kind) || op.verdict !== 'accepted') return state;
  const step = stepOf(op);
  if (step === undefined || step.from !== state) return state;
  return isState(step.to) && mayFollow(state, step.to) ? step.to : state;
}

/**
 * Over every operation of the invoice and its verdict, whatever their order. An operation's id stands for its whole content: ids are unique, bodies never
 * change, and a draft has an id before it has a hash, so that the digest can stand in the projection committed with it.
 */
export const digestOf = (ops: readonly Counted[], sha256: Sha256): string =>
  digestOfLines(ops.map(digestLine).toSorted(), sha256);

interface Counted {
  readonly body: Pick<LogOp['body'], 'op_id'>;
  readonly verdict: string;
}
/** What of an operation the digest is over, and the digest of these, sorted: for who asks for it of a log again and again while it grows. */
export const digestLine = ({ body, verdict }: Counted): string => `${body.op_id} ${verdict}`;
export const digestOfLines = (sorted: readonly string[], sha256: Sha256): string => sha256(sorted.join('\n'));
