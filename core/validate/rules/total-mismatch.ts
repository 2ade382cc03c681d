import type { Finding, Invoice } from '../../contract/invoice.ts';
import { absolute, add, near, negate, subtract } from '../../invoice/decimal.ts';
import type { Decimal } from '../../invoice/decimal.ts';
import { amount, ref, says, tolerance } from '../read.ts';
import type { Rule } from '../rule.ts';

/** net + tax = gross (BR-CO-15), gross − prepaid + rounding = amount due (BR-CO-16). */
export const totalMismatch: Rule = {
  code: 'TOTAL_MISMATCH',
  version: 1,
  needs: ['tolerances'],
  judge(invoice, context) {
    const within = tolerance(this.code, invoice, context);
    return [...gross(this, invoice, within), ...due(this, invoice, within)];
  },
};

function gross(rule: Rule, invoice: Invoice, within: Decimal): Finding[] {
  const net = amount(invoice, 'netTotal');
  const tax = amount(invoice, 'taxTotal');
  const actual = amount(invoice, 'grossTotal');
  if (net === null || tax === null || actual === null) return [];
  const expected = add(net, tax);
  if (extras(invoice).some((extra) => near(add(expected, extra), actual, within))) return [];
  return [
    says(rule, invoice, {
      severity: 'error',
      cells: (['grossTotal', 'taxTotal', 'netTotal'] as const).map((field) => ref(invoice, field)),
      params: { net, tax, expected, actual, difference: absolute(subtract(expected, actual)) },
      clear: 'correct-totals',
    }),
  ];
}

/**
 * What may lawfully stand between net + tax and the printed total: nothing; the rounding to coins; withheld tax, where the total is printed after it;
 * freight and discount, where the printed "subtotal" comes before them.
 */
function extras(invoice: Invoice): Decimal[] {
  const rounding = amount(invoice, 'rounding') ?? '0';
  const withheld = absolute(amount(invoice, 'withheldTax') ?? '0');
  const charges = amount(invoice, 'chargeTotal') ?? '0';
  const allowances = absolute(amount(invoice, 'allowanceTotal') ?? '0');
  return ['0', rounding, negate(withheld), charges, negate(allowances), subtract(charges, allowances)];
}

function due(rule: Rule, invoice: Invoice, within: Decimal): Finding[] {
  const total = amount(invoice, 'grossTotal');
  const actual = amount(invoice, 'amountDue');
  if (total === null || actual === null) return [];
  const prepaid = absolute(amount(invoice, 'prepaid') ?? '0');
  const rounding = amount(invoice, 'rounding') ?? '0';
  const withheld = absolute(amount(invoice, 'withheldTax') ?? '0');
  // A credit note may print its prepaid part with the opposite sign of its total.
  const paid = total.startsWith('-') ? negate(prepaid) : prepaid;
  const expected = subtract(add(subtract(total, paid), rounding), withheld);
  const lawful = [expected, add(expected, withheld), subtract(expected, rounding)];
  if (lawful.some((sum) => near(sum, actual, within))) return [];
  return [
    says(rule, invoice, {
      severity: 'error',
      cells: (['amountDue', 'prepaid', 'rounding', 'grossTotal'] as const).map((field) => ref(invoice, field)),
      variant: withheld === '0' ? 'due' : 'withheld',
      params: { gross: total, prepaid: paid, rounding, withheld, expected, actual },
      clear: 'correct-totals',
    }),
  ];
}
