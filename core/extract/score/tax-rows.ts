/** The VAT breakdown: lines where rate x base = tax holds. Arithmetic is the proof, labels only help. */
import type { Decimal } from '../../invoice/decimal.ts';
import { add, divide, isZero, multiply, near, round, subtract } from '../../invoice/decimal.ts';
import type { Context } from '../candidates/context.ts';
import { hasKind } from '../candidates/context.ts';
import type { NumberMatch } from '../values/amount.ts';
import type { Scored } from './scored.ts';
import type { Totals } from './totals.ts';
import { hasCents, valueOf } from '../values/amount.ts';

export interface TaxRow {
  readonly rate: { readonly value: Decimal; readonly number: NumberMatch };
  readonly base: { readonly value: Decimal; readonly number: NumberMatch } | undefined;
  readonly amount: { readonly value: Decimal; readonly number: NumberMatch };
  readonly proven: boolean;
  readonly line: number;
}

interface Valued {
  readonly number: NumberMatch;
  readonly value: Decimal;
}

const plausibleRate = (value: Decimal): boolean => Number(value) > 0 && Number(value) <= 30;

/** Rates printed on the document, in percent. */
export function printedRates(context: Context): Set<Decimal> {
  return new Set(
    context.numbers
      .filter((n) => n.percent)
      .flatMap((n) => {
        const value = valueOf(n, context.mark);
        return value !== undefined && plausibleRate(value) ? [value] : [];
      }),
  );
}

function rowOf(rates: readonly Valued[], amounts: readonly Valued[], line: number): TaxRow | undefined {
  for (const rate of rates) {
    for (const base of amounts) {
      for (const amount of amounts) {
        if (base === amount || isZero(amount.value) || rate.number === base.number || rate.number === amount.number)
          continue;
        const tax = divide(multiply(base.value, rate.value), '100', 6);
        if (tax !== undefined && near(round(tax, 2), amount.value, '0.011'))
          return { rate, base, amount, proven: true, line };
      }
    }
  }
  return undefined;
}

export function findTaxRows(context: Context, tableLines: ReadonlySet<number>): TaxRow[] {
  const rows: TaxRow[] = [];
  for (const line of context.layout.lines) {
    if (tableLines.has(line.index)) continue;
    const valued = (context.numbersOfLine.get(line.index) ?? []).flatMap((number): Valued[] => {
      const value = valueOf(number, context.mark);
      return value === undefined ? [] : [{ number, value }];
    });
    const amounts = valued.filter((v) => !v.number.percent && (hasCents(v.number) || v.number.currency !== undefined));
    const percents = valued.filter((v) => v.number.percent && plausibleRate(v.value));
    // Without a percent sign the rate is a small number of its own column ("19,00").
    const rates = percents.length > 0 ? percents : valued.filter((v) => plausibleRate(v.value) && amounts.length >= 2);
    const proven = rowOf(rates, amounts, line.index);
    const rate = proven ? undefined : labelledRate(context, line.index, percents);
    const [amount] = amounts;
    if (proven) rows.push(proven);
    else if (rate && amount && amounts.length === 1) {
      rows.push({ rate, base: undefined, amount, proven: false, line: line.index });
    }
  }
  return distinct(rows);
}

/**
 * The rate that a tax label names: the label heads its phrase, no other sum is named beside it, and the rate stands in its phrase or is the line's only one
 * to its right. What stands in another column to the left ("1.5 % a month on overdue balances") says nothing.
 */
function labelledRate(context: Context, index: number, percents: readonly Valued[]): Valued | undefined {
  const labels = context.labelsOfLine.get(index) ?? [];
  const label = labels.find((l) => hasKind(l, 'taxTotal') && l.segment.tokens[0] === l.tokens[0]);
  const start = label?.tokens[0];
  if (!label || !start || labels.some((l) => hasKind(l, 'netTotal', 'grossTotal', 'discount'))) return undefined;
  const within = percents.filter((p) => p.number.tokens.every((t) => label.segment.tokens.includes(t)));
  const candidates = within.length > 0 ? within : percents.filter((p) => (p.number.tokens[0]?.x0 ?? 0) >= start.x0);
  return candidates.length === 1 ? candidates[0] : undefined;
}

/** The same row is often printed twice (page foot and summary). */
function distinct(rows: readonly TaxRow[]): TaxRow[] {
  const seen = new Set<string>();
  return rows.filter((row) => {
    const key = `${row.rate.value}|${row.amount.value}`;
    const again = seen.has(key);
    seen.add(key);
    return !again;
  });
}

/** The document's tax where it prints the tax of each rate and no sum of them. */
export function sumOfTaxRows(rows: readonly TaxRow[], { net, gross }: Totals): Scored | undefined {
  const [first] = rows;
  if (!first || rows.length < 2) return undefined;
  const value = add(...rows.map((r) => r.amount.value));
  const fits = net !== undefined && gross !== undefined && near(subtract(gross.value, net.value), value, '0.03');
  // Two rows of one rate may show the same tax in two ways.
  const apart = new Set(rows.map((r) => r.rate.value)).size === rows.length;
  if (!fits && !(apart && rows.every((r) => r.proven))) return undefined;
  const numbers = rows.map((r) => r.amount.number).filter((n) => n.page === first.amount.number.page);
  return {
    value,
    text: numbers.map((n) => n.text).join(' + '),
    tokens: numbers.flatMap((n) => n.tokens),
    score: fits ? 0.93 : 0.7,
    reasons: ['sum:tax-rows', ...(fits ? ['arithmetic'] : [])],
  };
}

/** Rows without a base of their own count where they make the tax: a single one stands for the whole net, several add up to the tax. */
export function completedTaxRows(
  rows: readonly TaxRow[],
  net: TaxRow['base'],
  tax: Decimal | undefined,
): readonly TaxRow[] {
  const [only] = rows;
  const summed = rows.length > 0 && tax !== undefined && near(add(...rows.map((r) => r.amount.value)), tax, '0.03');
  if (rows.length === 1 && only && !only.proven && net) {
    const expected = divide(multiply(net.value, only.rate.value), '100', 6);
    if (expected !== undefined && near(expected, only.amount.value, '0.011'))
      return [{ ...only, base: net, proven: true }];
  }
  return summed ? rows : rows.filter((r) => r.proven);
}
