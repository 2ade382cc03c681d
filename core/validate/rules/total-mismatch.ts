import type { Finding, Invoice } from '../../contract/invoice.ts';
import { absolute, add, near, negate, subtract } from '../../invoice/decimal.ts';
import type { Decimal } from '../../invoice/decimal.ts';
import { amount, ref, says, taxAmount, tolerance } from '../read.ts';
import { ratedTax, slack } from '../tax.ts';
import type { Rule } from '../rule.ts';

/** net + tax = gross (BR-CO-15), gross − prepaid + rounding = amount due (BR-CO-16); bills of agencies deduct their commission below the total. */
export const totalMismatch: Rule = {
  code: 'TOTAL_MISMATCH',
  version: 2,
  needs: ['tolerances'],
  judge(invoice, context) {
    const within = tolerance(this.code, invoice, context);
    return [...ofGross(this, invoice, within), ...ofDue(this, invoice, within)];
  },
};

function ofGross(rule: Rule, invoice: Invoice, within: Decimal): Finding[] {
  const net = amount(invoice, 'netTotal');
  const actual = amount(invoice, 'grossTotal');
  if (net === null || actual === null) return [];
  const found = taxOf(invoice, net, actual);
  if (found === undefined) return [];
  const { tax, from } = found;
  const expected = add(net, tax);
  const room = from === 'printed' ? within : slack(invoice, within);
  if (extras(invoice).some((extra) => near(add(expected, extra), actual, room))) return [];
  return [
    says(rule, invoice, {
      severity: 'error',
      cells: (['grossTotal', 'taxTotal', 'netTotal'] as const).map((field) => ref(invoice, field)),
      ...(from === 'rates' ? { variant: 'rates' } : {}),
      params: { net, tax, expected, actual, difference: absolute(subtract(expected, actual)) },
      clear: 'correct-totals',
    }),
  ];
}

/**
 * The tax as printed in one sum or by rate; where none was read, what the rates of the lines make of it, if they explain the whole net total. Without
 * that a wrong total would pass just because its tax fits nothing and was left out.
 */
function taxOf(
  invoice: Invoice,
  net: Decimal,
  gross: Decimal,
): { tax: Decimal; from: 'printed' | 'rates' } | undefined {
  const printed = amount(invoice, 'taxTotal') ?? sumOfRows(invoice);
  if (printed !== undefined) return { tax: printed, from: 'printed' };
  // A total equal to the net total says that no tax is charged (exempt, reverse charge), whatever rate the lines mention.
  if (near(net, gross, '0')) return undefined;
  const rates = ratedTax(invoice, net);
  return rates === undefined ? undefined : { tax: rates, from: 'rates' };
}

function sumOfRows(invoice: Invoice): Decimal | undefined {
  const taxes = invoice.taxRows.map((row) => taxAmount(row, 'amount')).filter((tax) => tax !== null);
  return taxes.length > 0 && taxes.length === invoice.taxRows.length ? add(...taxes) : undefined;
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

/** A commission or discount printed below the total; one that the net total was reduced by already is not deducted twice. */
function deducted(invoice: Invoice): Decimal {
  const allowances = absolute(amount(invoice, 'allowanceTotal') ?? '0');
  const net = amount(invoice, 'netTotal');
  const lines = amount(invoice, 'lineTotalSum');
  return net !== null && lines !== null && near(subtract(lines, allowances), net, '0') ? '0' : allowances;
}

function ofDue(rule: Rule, invoice: Invoice, within: Decimal): Finding[] {
  const total = amount(invoice, 'grossTotal');
  const actual = amount(invoice, 'amountDue');
  if (total === null || actual === null) return [];
  const prepaid = absolute(amount(invoice, 'prepaid') ?? '0');
  const rounding = amount(invoice, 'rounding') ?? '0';
  const withheld = absolute(amount(invoice, 'withheldTax') ?? '0');
  // A credit note may print its prepaid part with the opposite sign of its total.
  const paid = total.startsWith('-') ? negate(prepaid) : prepaid;
  const expected = subtract(add(subtract(total, paid), rounding), withheld);
  const lawful = [
    expected,
    add(expected, withheld),
    subtract(expected, rounding),
    subtract(expected, deducted(invoice)),
  ];
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
