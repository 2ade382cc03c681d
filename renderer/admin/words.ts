/** Limits and second factors in words. */
import { needsSecondFactor } from '../../core/access/roles.ts';
import type { ApprovalLimit, User } from '../../core/contract/access.ts';
import { money, t } from '../text.ts';
import { limitAmount } from './limits.ts';
import type { LimitProblem } from './limits.ts';

export const limitsWords = (limits: readonly ApprovalLimit[]): string =>
  limits.map((limit) => money(limitAmount(limit), limit.currency)).join(', ') || t('ui.users.limit.none');

export function factorWords({ external, secondFactor, role }: User): string {
  if (external) return t('ui.users.factor.external');
  if (secondFactor) return t('ui.users.factor.yes');
  return t(needsSecondFactor(role) ? 'ui.users.factor.next' : 'ui.users.factor.no');
}

export function limitProblemWords(problem: LimitProblem): string {
  switch (problem.kind) {
    case 'twice':
      return t('ui.users.limit.twice', { currency: problem.currency });
    case 'digits':
      return t('ui.users.limit.digits', { currency: problem.currency, n: problem.n });
    case 'unknown':
    case 'amountWrong':
      return t(`ui.users.limit.${problem.kind}`, { text: problem.text });
  }
}
