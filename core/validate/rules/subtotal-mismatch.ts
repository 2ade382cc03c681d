import type { Finding, Invoice, Line } from '../../contract/invoice.ts';
import { currencyDigits } from '../../invoice/currency.ts';
import { absolute, add, isZero, multiply, near, round, subtract } from '../../invoice/decimal.ts';
import type { Decimal } from '../../invoice/decimal.ts';
import { amount, lineAmount, ref, says, tolerance, value } from '../read.ts';
import type { Rule } from '../rule.ts';

/** Lines against the sum of lines (BR-CO-10) and the net total (BR-CO-13), allowances and charges counted in. */
export const subtotalMismatch: Rule = {
  code: 'SUBTOTAL_MISMATCH',
  version: 1,
  needs: ['tolerances'],
  judge(invoice, context) {
    const within = tolerance(this.code, invoice, context);
    const lineSum = amount(invoice, 'lineTotalSum');
    const net = amount(invoice, 'netTotal');
    const sums = lineSums(invoice);
    if (lineSum !== null) {
      const lines = sums.length > 0 && !agrees(sums, [lineSum], within) ? [ofLines(this, invoice, sums, lineSum)] : [];
      return net === null ? lines : [...lines, ...ofDocument(this, invoice, lineSum, net, within)];
    }
    if (net === null || sums.length === 0) return [];
    return agrees(sums, lawfulTotals(invoice, net), within) ? [] : [ofNet(this, invoice, sums, net)];
  },
};

/** Sub lines of an e-invoice whose amount another line holds as well: the reader says so. */
const counted = (invoice: Invoice): Line[] =>
  invoice.lines.filter((line) => line.cells.lineTotal?.reasons.includes('not-in-sum') !== true);

/**
 * The sum as printed, and the sum before lines were rounded (some issuers round only the total). Empty where a line has no total: a sum of what could
 * be read says nothing.
 */
function lineSums(invoice: Invoice): Decimal[] {
  const lines = counted(invoice);
  const totals = lines.map((line) => lineAmount(line, 'lineTotal'));
  const read = totals.filter((total) => total !== null);
  if (read.length === 0 || read.length < totals.length) return [];
  const printed = add(...read);
  const exact = lines.map((line) => {
    const quantity = lineAmount(line, 'quantity');
    const unitPrice = lineAmount(line, 'unitPrice');
    return quantity === null || unitPrice === null ? null : multiply(quantity, unitPrice);
  });
  const products = exact.filter((product) => product !== null);
  if (products.length < exact.length) return [printed];
  const unrounded = round(add(...products), currencyDigits(value(invoice, 'currency') ?? '') ?? 2);
  // Only where it is a matter of rounding: half a unit a line.
  const close = near(unrounded, printed, multiply(String(totals.length), '0.005'));
  return close ? [printed, unrounded] : [printed];
}

const agrees = (sums: readonly Decimal[], totals: readonly Decimal[], within: Decimal): boolean =>
  sums.some((sum) => totals.some((total) => near(sum, total, within)));

interface Adjustments {
  readonly allowances: Decimal;
  readonly charges: Decimal;
}

const adjustments = (invoice: Invoice): Adjustments => ({
  allowances: absolute(amount(invoice, 'allowanceTotal') ?? '0'),
  charges: amount(invoice, 'chargeTotal') ?? '0',
});

const adjusted = (sum: Decimal, { allowances, charges }: Adjustments): Decimal =>
  add(subtract(sum, allowances), charges);

/**
 * What the lines may lawfully add up to, seen from the net total: before or after allowances and charges (a discount or the freight may be printed
 * as a line of its own), or the gross total where prices include the tax.
 */
function lawfulTotals(invoice: Invoice, net: Decimal): Decimal[] {
  const { allowances, charges } = adjustments(invoice);
  const gross = amount(invoice, 'grossTotal');
  const nets = gross === null ? [net] : [net, gross];
  // A credit note with minus signs takes its allowances back: there the sign is meant.
  const signed = amount(invoice, 'allowanceTotal') ?? '0';
  return nets.flatMap((total) => [
    subtract(add(total, allowances), charges),
    subtract(add(total, signed), charges),
    add(total, allowances),
    subtract(total, charges),
    total,
  ]);
}

/** The lines themselves are not named: forty of them to visit would hide the one field that is wrong. */
const adjustmentCells = (invoice: Invoice) =>
  (['allowanceTotal', 'chargeTotal'] as const)
    .filter((field) => amount(invoice, field) !== null)
    .map((field) => ref(invoice, field));

function ofLines(rule: Rule, invoice: Invoice, sums: readonly Decimal[], actual: Decimal): Finding {
  const expected = sums[0] ?? '0';
  return says(rule, invoice, {
    severity: 'error',
    cells: [ref(invoice, 'lineTotalSum')],
    variant: 'line-sum',
    params: { expected, actual, difference: absolute(subtract(expected, actual)) },
    clear: 'correct-totals',
  });
}

function ofNet(rule: Rule, invoice: Invoice, sums: readonly Decimal[], actual: Decimal): Finding {
  const sum = sums[0] ?? '0';
  const parts = adjustments(invoice);
  const expected = adjusted(sum, parts);
  const plain = isZero(parts.allowances) && isZero(parts.charges);
  return says(rule, invoice, {
    severity: 'error',
    cells: [ref(invoice, 'netTotal'), ...adjustmentCells(invoice)],
    ...(plain ? {} : { variant: 'adjusted' }),
    params: { sum, ...parts, expected, actual, difference: absolute(subtract(expected, actual)) },
    clear: 'correct-totals',
  });
}

function ofDocument(rule: Rule, invoice: Invoice, sum: Decimal, actual: Decimal, within: Decimal): Finding[] {
  const parts = adjustments(invoice);
  const expected = adjusted(sum, parts);
  // Prices with tax: the printed sum of lines is the gross total's.
  if (agrees([sum], lawfulTotals(invoice, actual), within) || near(expected, actual, within)) return [];
  return [
    says(rule, invoice, {
      severity: 'error',
      cells: [ref(invoice, 'netTotal'), ref(invoice, 'lineTotalSum'), ...adjustmentCells(invoice)],
      variant: 'document',
      params: { sum, ...parts, expected, actual },
      clear: 'correct-totals',
    }),
  ];
}
