/** The VAT breakdown: lines where rate x base = tax holds. Arithmetic is the proof, labels only help. */
import type { Decimal } from '../../invoice/decimal.ts';
import { divide, isZero, multiply, near, round } from '../../invoice/decimal.ts';
import type { Context } from '../candidates/context.ts';
import { hasKind } from '../candidates/context.ts';
import { isTotalsLine } from '../table/rows.ts';
import type { NumberMatch } from '../values/amount.ts';
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
    if (proven) rows.push(proven);
    else if (percents.length === 1 && amounts.length === 1 && isTaxLine(context, line.index)) {
      rows.push({
        rate: percents[0] as Valued,
        base: undefined,
        amount: amounts[0] as Valued,
        proven: false,
        line: line.index,
      });
    }
  }
  return distinct(rows);
}

function isTaxLine(context: Context, index: number): boolean {
  const line = context.layout.lines[index];
  return (
    line !== undefined &&
    isTotalsLine(context, line, ['taxTotal']) &&
    !(context.labelsOfLine.get(index) ?? []).some((l) => hasKind(l, 'netTotal', 'grossTotal', 'discount'))
  );
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
