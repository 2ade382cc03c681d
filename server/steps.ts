/** A decision about an invoice as the steps that it is, or the refusal that it is told by. */
import { AppError } from '../core/contract/errors.ts';
import { assertNever } from '../core/assert.ts';
import type { Step, TransitionDecision } from '../core/invoice/transitions.ts';

export function stepsOf(decision: TransitionDecision): readonly Step[] {
  switch (decision.kind) {
    case 'ok':
      return decision.transitions;
    case 'stale':
      throw new AppError('stale', 'The invoice has changed since you looked at it. Look again, then decide.');
    case 'in-conflict':
      throw new AppError('in_conflict', 'Settle the fields in conflict first.', { cells: decision.cells });
    case 'not-allowed':
      throw new AppError('not_allowed', refusal(decision), { from: decision.from, to: decision.to, why: decision.why });
    default:
      return assertNever(decision);
  }
}

function refusal({ why, from, to }: Extract<TransitionDecision, { kind: 'not-allowed' }>): string {
  switch (why) {
    case 'reading':
      return 'The invoice is still being read.';
    case 'reason':
      return 'A rule calls this invoice wrong. Correct it, or confirm it with a reason.';
    case 'table':
      return `An invoice that is ${from} cannot become ${to}.`;
    default:
      return assertNever(why);
  }
}
