/** Limits of approvals as they are typed: an amount in the currency's own decimals, kept in its minor units. */
import type { ApprovalLimit } from '../../core/contract/access.ts';
import { currencyDigits } from '../../core/invoice/currency.ts';
import { minorUnits } from '../../core/invoice/money.ts';
import { habitsOf, typedValue } from '../../core/invoice/typed-value.ts';

/** `key` keeps a row itself while others come and go. */
export interface LimitRow {
  readonly key: number;
  readonly currency: string;
  readonly amount: string;
}

export type LimitProblem =
  | { readonly kind: 'unknown' | 'amountWrong'; readonly text: string }
  | { readonly kind: 'twice'; readonly currency: string }
  | { readonly kind: 'digits'; readonly currency: string; readonly n: number };

export type ReadLimits =
  | { readonly kind: 'limits'; readonly limits: ApprovalLimit[] }
  | { readonly kind: 'problem'; readonly key: number; readonly problem: LimitProblem };

/** "1000000", EUR -> "10000.00". */
export function limitAmount({ currency, minor }: ApprovalLimit): string {
  const digits = currencyDigits(currency) ?? 2;
  if (digits === 0) return minor;
  const padded = minor.padStart(digits + 1, '0');
  return `${padded.slice(0, -digits)}.${padded.slice(-digits)}`;
}

function readRow({ currency, amount }: LimitRow, language: string): ApprovalLimit | LimitProblem {
  const code = currency.trim().toUpperCase();
  const typed = typedValue({ type: 'amount', name: '' }, amount, habitsOf(language));
  const value = typed.kind === 'value' ? typed.value : null;
  const units = value === null ? undefined : minorUnits(value, code);
  if (currencyDigits(code) === undefined) return { kind: 'unknown', text: currency.trim() };
  if (units?.kind === 'does-not-fit') return { kind: 'digits', currency: code, n: units.digits };
  // The contract's longest number: nobody's limit is longer.
  if (units?.kind !== 'minor' || units.units < 0n || String(units.units).length > 18)
    return { kind: 'amountWrong', text: amount.trim() };
  return { currency: code, minor: String(units.units) };
}

/** Rows that are empty are none. */
export function readLimits(rows: readonly LimitRow[], language: string): ReadLimits {
  const limits: ApprovalLimit[] = [];
  for (const row of rows) {
    if (row.currency.trim() === '' && row.amount.trim() === '') continue;
    const read = readRow(row, language);
    if ('kind' in read) return { kind: 'problem', key: row.key, problem: read };
    if (limits.some(({ currency }) => currency === read.currency))
      return { kind: 'problem', key: row.key, problem: { kind: 'twice', currency: read.currency } };
    limits.push(read);
  }
  return { kind: 'limits', limits };
}
