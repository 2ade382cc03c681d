import type { Finding, Invoice, TaxRow } from '../../contract/invoice.ts';
import { absolute, add, compare, multiply, near, round } from '../../invoice/decimal.ts';
import type { Decimal } from '../../invoice/decimal.ts';
import { amount, ref, says, taxAmount, taxRef, tolerance, value } from '../read.ts';
import type { Rule } from '../rule.ts';
import { digitsOf, share, slack, taxAt, taxesByRate } from '../tax.ts';

/** base × rate = tax for every rate (BR-CO-17), taxes add up to the tax total (BR-CO-14), bases do not exceed the net total. */
export const taxCalculationError: Rule = {
  code: 'TAX_CALCULATION_ERROR',
  version: 1,
  needs: ['tolerances'],
  judge(invoice, context) {
    const within = tolerance(this.code, invoice, context);
    if (invoice.taxRows.length === 0) return withoutBreakdown(this, invoice, within);
    return [
      ...invoice.taxRows.flatMap((row) => ofRow(this, invoice, row, within)),
      ...ofSum(this, invoice, within),
      ...ofBases(this, invoice, within),
    ];
  },
};

function ofRow(rule: Rule, invoice: Invoice, row: TaxRow, within: Decimal): Finding[] {
  const rate = taxAmount(row, 'rate');
  const actual = taxAmount(row, 'amount');
  // The only rate of an invoice is on its net total, whether the row repeats it or not.
  const base = taxAmount(row, 'base') ?? (invoice.taxRows.length === 1 ? amount(invoice, 'netTotal') : null);
  if (rate === null || actual === null || base === null) return [];
  const digits = digitsOf(invoice);
  const expected = share(base, rate, digits);
  const own = taxAt(invoice, rate);
  const perLine = (own === undefined ? [] : [own.once, own.perLine]).filter((tax) =>
    near(tax, expected, slack(invoice, '0')),
  );
  const lawful = [expected, ...perLine, ...coins(invoice, actual, expected)];
  if (lawful.some((tax) => near(tax, actual, within))) return [];
  return [
    says(rule, invoice, {
      severity: 'error',
      cells: (['amount', 'base', 'rate'] as const).map((field) => taxRef(row, field)),
      params: { rate, base, expected, actual },
      clear: 'correct-tax',
    }),
  ];
}

/** Swiss issuers may round the tax to 0.05, as coins are. */
function coins(invoice: Invoice, actual: Decimal, expected: Decimal): Decimal[] {
  if (value(invoice, 'currency') !== 'CHF') return [];
  const rounded = multiply(round(multiply(expected, '20'), 0), '0.05');
  return near(rounded, actual, '0') ? [rounded] : [];
}

/** No breakdown was printed: the lines' rates, where every line has one and the lines add up to the net total, must give the tax total. */
function withoutBreakdown(rule: Rule, invoice: Invoice, within: Decimal): Finding[] {
  const actual = amount(invoice, 'taxTotal');
  const net = amount(invoice, 'netTotal');
  const rated = net === null ? undefined : taxesByRate(invoice, net);
  if (actual === null || net === null || rated === undefined) return [];
  const once = add(...rated.map((tax) => tax.once));
  const perLine = add(...rated.map((tax) => tax.perLine));
  const lawful = [once, perLine, ...coins(invoice, actual, once)];
  if (lawful.some((tax) => near(tax, actual, within))) return [];
  const [first] = rated;
  const single = rated.length === 1 && first !== undefined;
  return [
    says(rule, invoice, {
      severity: 'error',
      cells: [ref(invoice, 'taxTotal'), ref(invoice, 'netTotal')],
      ...(single
        ? { params: { rate: first.rate, base: net, expected: once, actual } }
        : { variant: 'sum', params: { expected: once, actual } }),
      clear: 'correct-tax',
    }),
  ];
}

function ofSum(rule: Rule, invoice: Invoice, within: Decimal): Finding[] {
  const actual = amount(invoice, 'taxTotal');
  const taxes = invoice.taxRows.map((row) => taxAmount(row, 'amount')).filter((tax) => tax !== null);
  if (actual === null || taxes.length < invoice.taxRows.length) return [];
  const expected = add(...taxes);
  if (near(expected, actual, within)) return [];
  return [
    says(rule, invoice, {
      severity: 'error',
      cells: [ref(invoice, 'taxTotal'), ...invoice.taxRows.map((row) => taxRef(row, 'amount'))],
      variant: 'sum',
      params: { expected, actual },
      clear: 'correct-tax',
    }),
  ];
}

/** Less than the net total is lawful: many issuers leave the untaxed part out of the breakdown. */
function ofBases(rule: Rule, invoice: Invoice, within: Decimal): Finding[] {
  const actual = amount(invoice, 'netTotal');
  const bases = invoice.taxRows.map((row) => taxAmount(row, 'base'));
  const read = bases.filter((base) => base !== null);
  if (actual === null || read.length < bases.length) return [];
  const expected = add(...read);
  const over = compare(absolute(expected), add(absolute(actual), within)) > 0;
  if (!over || near(add(expected, ...charges(invoice)), actual, within)) return [];
  return [
    says(rule, invoice, {
      severity: 'warning',
      cells: [ref(invoice, 'netTotal'), ...invoice.taxRows.map((row) => taxRef(row, 'base'))],
      variant: 'base',
      params: { expected, actual },
      clear: 'correct-tax',
    }),
  ];
}

/** Where the printed "subtotal" comes before freight, the bases contain it. */
const charges = (invoice: Invoice): Decimal[] => {
  const total = amount(invoice, 'chargeTotal');
  return total === null ? [] : [multiply(total, '-1')];
};
