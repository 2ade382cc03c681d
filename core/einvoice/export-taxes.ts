/** VAT breakdown (BG-23) of an e-invoice to be written, with the category of each line, and the document's allowances and charges put to their rates. */
import type { TaxRow } from '../contract/invoice.ts';
import { add, compare, divide, isNegative, isZero, multiply, negate, round, subtract } from '../invoice/decimal.ts';
import type { Decimal } from '../invoice/decimal.ts';
import type { HeaderField, TaxRowField } from '../invoice/fields.ts';
import type { ExportLine } from './export-lines.ts';
import type { ExportTotals } from './export-totals.ts';

export interface ExportTax {
  readonly category: string;
  /** Absent for category O. */
  readonly rate?: Decimal;
  readonly base: Decimal;
  readonly amount: Decimal;
  readonly reason?: string;
  readonly reasonCode?: string;
}

export interface ExportAllowance {
  readonly charge: boolean;
  readonly amount: Decimal;
  readonly category: string;
  readonly rate?: Decimal;
}

interface Input {
  readonly rows: readonly TaxRow[];
  readonly turned: boolean;
  readonly field: (name: HeaderField) => string | undefined;
  readonly lines: readonly ExportLine[];
  readonly totals: ExportTotals;
  readonly problems: string[];
}

/** UNCL 5305 as EN 16931 allows it. */
const CATEGORIES: ReadonlySet<string> = new Set(['S', 'Z', 'E', 'AE', 'K', 'G', 'O', 'L', 'M']);
/** Categories that must say why (BR-E-10 and its sisters), with the code of the VATEX list that says it without words. */
const REASON_CODES: Readonly<Record<string, string | undefined>> = {
  AE: 'VATEX-EU-AE',
  K: 'VATEX-EU-IC',
  G: 'VATEX-EU-G',
  O: 'VATEX-EU-O',
};

const taxOf = (base: Decimal, rate: Decimal): Decimal => round(divide(multiply(base, rate), '100', 10) ?? '0', 2);

/** The rate in whole, tenth or hundredth percent that gives exactly this tax. */
function rateOf(base: Decimal, amount: Decimal): Decimal | undefined {
  if (isZero(amount)) return '0';
  for (const digits of [0, 1, 2]) {
    const rate = divide(multiply(amount, '100'), base, digits);
    if (rate !== undefined && taxOf(base, rate) === amount) return rate;
  }
  return undefined;
}

/** The printed category where it goes with the rate: standard rated means a rate, the exempt ones mean none (BR-S-05, BR-E-05 and their sisters). */
function categoryOf(printed: string | undefined, rate: Decimal, reason: string | undefined): string {
  const isLocal = printed === 'L' || printed === 'M';
  const fits = isLocal || (printed === 'S') === !isZero(rate);
  if (printed !== undefined && CATEGORIES.has(printed) && fits) return printed;
  if (!isZero(rate)) return 'S';
  return reason === undefined ? 'Z' : 'E';
}

function makeTax(
  rate: Decimal,
  base: Decimal,
  amount: Decimal,
  printed: string | undefined,
  reason?: string,
): ExportTax {
  const category = categoryOf(printed, rate, reason);
  const needsReason = category !== 'S' && category !== 'Z' && category !== 'L' && category !== 'M';
  const code = reason === undefined ? REASON_CODES[category] : undefined;
  const isCode = reason !== undefined && /^VATEX-/i.test(reason);
  return {
    category,
    base,
    amount,
    ...(category !== 'O' && { rate }),
    ...(needsReason && (reason !== undefined && !isCode ? { reason } : {})),
    ...(needsReason && (isCode ? { reasonCode: reason } : code !== undefined ? { reasonCode: code } : {})),
    ...(needsReason && reason === undefined && code === undefined && { reason: 'Exempt from VAT' }),
  };
}

/** Sum of the lines with this rate; undefined where no line says its rate. */
function linesAt(lines: readonly ExportLine[], rate: Decimal): Decimal | undefined {
  const own = lines.filter((line) => line.taxRate !== undefined && compare(line.taxRate, rate) === 0);
  return own.length === 0 ? undefined : add('0', ...own.map((line) => line.total));
}

function fromRows({ rows, turned, field, lines, totals, problems }: Input): ExportTax[] {
  return rows.flatMap((row, index) => {
    const value = (name: TaxRowField): string | undefined => row.cells[name]?.value?.trim() || undefined;
    const amountOf = (name: 'base' | 'amount'): Decimal | undefined => {
      const amount = value(name);
      return amount !== undefined && turned ? negate(amount) : amount;
    };
    let [rate, base, amount] = [value('rate'), amountOf('base'), amountOf('amount')];
    base ??= rows.length === 1 ? totals.net : rate === undefined ? undefined : linesAt(lines, rate);
    if (base !== undefined && rate === undefined) {
      rate = amount === undefined ? undefined : rateOf(base, amount);
    }
    if (base === undefined || rate === undefined) {
      problems.push(`Row ${index + 1} of the VAT breakdown needs its rate (BT-119) and its taxable amount (BT-116).`);
      return [];
    }
    amount ??= taxOf(base, rate);
    return [makeTax(rate, base, amount, value('category'), field('exemptionReason'))];
  });
}

/** No breakdown on the invoice: one rate for all, or the rates of the lines where they give the tax that is printed. */
function derived({ field, lines, totals, problems }: Input): ExportTax[] {
  const reason = field('exemptionReason');
  const rates = [...new Set(lines.map((line) => line.taxRate ?? ''))];
  if (rates.length === 1) {
    const rate = rates[0] !== '' && rates[0] !== undefined ? rates[0] : rateOf(totals.net, totals.tax);
    if (rate !== undefined) return [makeTax(rate, totals.net, totals.tax, undefined, reason)];
  } else if (!rates.includes('') && totals.allowances === undefined && totals.charges === undefined) {
    const taxes = rates.map((rate) => {
      const base = linesAt(lines, rate) ?? '0';
      return makeTax(rate, base, taxOf(base, rate), undefined, reason);
    });
    if (add('0', ...taxes.map((tax) => tax.amount)) === totals.tax) return taxes;
  }
  problems.push('The VAT breakdown (BG-23) is missing and does not follow from the lines: add a row for each rate.');
  return [];
}

const positive = (amount: Decimal): Decimal => (isNegative(amount) ? '0' : amount);

/**
 * Allowances and charges of the document are known as totals; EN 16931 wants them by rate, so that lines - allowances + charges give each rate's base
 * (BR-S-08). What a base differs from its lines is its share; what both totals hold beyond that cancels out and goes to the rate with the largest base,
 * as does all of it where the bases do not explain the totals.
 */
function split(taxes: readonly ExportTax[], lines: readonly ExportLine[], totals: ExportTotals): ExportAllowance[] {
  const largest = taxes.toSorted((a, b) => compare(b.base, a.base))[0];
  const [allowances, charges] = [totals.allowances ?? '0', totals.charges ?? '0'];
  const shares = taxes.map((tax) => subtract(tax.base, linesAt(lines, tax.rate ?? '0') ?? '0'));
  const surplus = subtract(charges, add('0', ...shares.map(positive)));
  const explained = !isNegative(surplus) && add('0', ...shares) === subtract(charges, allowances);
  return taxes.flatMap((tax, index) => {
    const share = explained ? shares[index]! : '0';
    const extra = tax !== largest ? '0' : explained ? surplus : undefined;
    return [
      { charge: false, amount: extra === undefined ? allowances : add(positive(negate(share)), extra) },
      { charge: true, amount: extra === undefined ? charges : add(positive(share), extra) },
    ]
      .filter(({ amount }) => !isZero(amount))
      .map((part) => ({ ...part, category: tax.category, ...(tax.rate !== undefined && { rate: tax.rate }) }));
  });
}

export function exportTaxes(input: Input): { taxes: ExportTax[]; allowances: ExportAllowance[] } {
  const taxes = input.rows.length > 0 ? fromRows(input) : derived(input);
  return { taxes, allowances: split(taxes, input.lines, input.totals) };
}

/** Category and rate of a line: those of the row with its rate; a line that prints none belongs to the only row there is. */
export function taxOfLine(
  line: ExportLine,
  taxes: readonly ExportTax[],
): Pick<ExportTax, 'category' | 'rate'> | undefined {
  const { taxRate } = line;
  if (taxRate === undefined) return taxes.length === 1 ? taxes[0] : undefined;
  return (
    taxes.find((tax) => compare(tax.rate ?? '0', taxRate) === 0) ?? {
      category: isZero(taxRate) ? 'Z' : 'S',
      rate: taxRate,
    }
  );
}
