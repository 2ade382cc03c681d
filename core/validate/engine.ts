/** Runs the rules over one invoice. Pure: whatever a rule needs beyond the invoice stands in the context. */
import type { Finding, Invoice } from '../contract/invoice.ts';
import { hasValues } from './read.ts';
import type { Rule, RuleContext } from './rule.ts';
import { RULES } from './rules.ts';

const ORDER = { error: 0, warning: 1, info: 2 } as const;

/** What may run while the reviewer types: nothing has to be asked of the store (tolerances come with the settings). */
export const rulesWithoutNeeds: readonly Rule[] = RULES.filter((rule) =>
  rule.needs.every((need) => need === 'tolerances'),
);

/** Errors first, then warnings, then notes; within them in the order of the rules. */
export function validateInvoice(invoice: Invoice, context: RuleContext, rules: readonly Rule[] = RULES): Finding[] {
  // Not read yet and nothing typed: there is nothing to judge.
  if (invoice.reading === null && !hasValues(invoice)) return [];
  const findings = rules.flatMap((rule) => judge(rule, invoice, context));
  return findings.toSorted((a, b) => ORDER[a.severity] - ORDER[b.severity]);
}

/** A rule that fails must not silence the others, and must not pass for a rule that found nothing. */
function judge(rule: Rule, invoice: Invoice, context: RuleContext): Finding[] {
  try {
    return rule.judge(invoice, context);
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error);
    return [
      {
        code: 'VALIDATION_ERROR',
        severity: 'error',
        cells: [],
        params: { rule: rule.code, message },
        clear: 'report-defect',
        version: rule.version,
      },
    ];
  }
}
