/** Exact decimals as canonical text: `-?\d+(\.\d+)?`, no leading zeros, no trailing fraction zeros, no -0. All arithmetic goes through big.js; no floats. */
import Big from 'big.js';

export type Decimal = string;

const DECIMAL = /^-?\d+(\.\d+)?$/;

export function isDecimal(text: string): boolean {
  return DECIMAL.test(text);
}

/** Canonical form of a plain decimal ("007.50" -> "7.5"); undefined where it is none. */
export function canonicalDecimal(text: string): Decimal | undefined {
  return DECIMAL.test(text) ? format(new Big(text)) : undefined;
}

const format = (value: Big): Decimal => (value.eq(0) ? '0' : value.toFixed());

export const add = (...terms: readonly Decimal[]): Decimal =>
  format(terms.reduce((sum, term) => sum.plus(term), new Big(0)));
export const subtract = (a: Decimal, b: Decimal): Decimal => format(new Big(a).minus(b));
export const multiply = (a: Decimal, b: Decimal): Decimal => format(new Big(a).times(b));
export const negate = (a: Decimal): Decimal => format(new Big(a).times(-1));
export const absolute = (a: Decimal): Decimal => format(new Big(a).abs());
export const compare = (a: Decimal, b: Decimal): number => new Big(a).cmp(b);
export const isZero = (a: Decimal): boolean => new Big(a).eq(0);
export const isNegative = (a: Decimal): boolean => new Big(a).lt(0);

/** `digits` fraction digits, half away from zero (commercial rounding, as invoices do). */
export const round = (a: Decimal, digits: number): Decimal => format(new Big(a).round(digits, Big.roundHalfUp));

/** a / b rounded half away from zero to `digits`; undefined for b = 0. */
export function divide(a: Decimal, b: Decimal, digits: number): Decimal | undefined {
  const divisor = new Big(b);
  if (divisor.eq(0)) return undefined;
  // One division at high precision, then one rounding: double rounding stays below any amount on an invoice.
  const Precise = Big();
  Precise.DP = digits + 20;
  return format(new Precise(a).div(b).round(digits, Big.roundHalfUp));
}

/** |a - b| <= tolerance */
export const near = (a: Decimal, b: Decimal, tolerance: Decimal): boolean => new Big(a).minus(b).abs().lte(tolerance);

/** Number of fraction digits of a canonical decimal. */
export const fractionDigits = (a: Decimal): number => a.split('.')[1]?.length ?? 0;

/** "7.5", 2 -> "7.50": for showing and exporting; never drops digits that are there. */
export function withDigits(a: Decimal, digits: number): string {
  return new Big(a).toFixed(Math.max(digits, fractionDigits(a)));
}
