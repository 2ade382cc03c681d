/** Where an invoice stands by its operations alone, and the digest by which a decision names what it saw: the same on every station and at the site. */
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
  for (const op of ops) {
    if (op.body.kind !== 'transition' || op.verdict !== 'accepted') continue;
    const step = stepOf(op);
    if (step === undefined || step.from !== state) continue;
    if (isState(step.to) && mayFollow(state, step.to)) state = step.to;
  }
  return state;
}

/**
 * Over every operation of the invoice and its verdict, whatever their order. An operation's id stands for its whole content: ids are unique, bodies never
 * change, and a draft has an id before it has a hash, so that the digest can stand in the projection committed with it.
 */
export const digestOf = (
  ops: readonly { readonly body: Pick<LogOp['body'], 'op_id'>; readonly verdict: string }[],
  sha256: Sha256,
): string =>
  sha256(
    ops
      .map((op) => `${op.body.op_id} ${op.verdict}`)
      .toSorted()
      .join('\n'),
  );
