/**
 * Fractional index: the order of lines as text that sorts by code units, so that a line can be put between two others without touching them. A key is a
 * fraction in base 62 that does not end in the zero digit (nothing would fit below it). Equal keys (two people inserted at one place) fall back to the id.
 */

const DIGITS = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz';
const BASE = DIGITS.length;
const ROW_DIGITS = 4;
const KEY = /^[0-9A-Za-z]*[1-9A-Za-z]$/;

export const isOrderKey = (text: string): boolean => text.length <= 200 && KEY.test(text);

const digit = (key: string, at: number): number => (at < key.length ? DIGITS.indexOf(key.charAt(at)) : 0);

/** Key of a reading's row; leaves room before, between and after. */
export function orderOfRow(row: number): string {
  let rest = row + 1;
  let key = '';
  for (let i = 0; i < ROW_DIGITS; i += 1) {
    key = DIGITS.charAt(rest % BASE) + key;
    rest = Math.floor(rest / BASE);
  }
  if (rest > 0) throw new RangeError(`row ${row} is beyond the order keys`);
  return `${key}V`;
}

/** A key after `a` and before `b`; null for the open end. Where a >= b (equal keys) the key after `a`. */
export function orderBetween(a: string | null, b: string | null): string {
  const low = a ?? '';
  const high = b !== null && b > low ? b : null;
  let key = '';
  let free = high === null;
  for (let at = 0; ; at += 1) {
    const from = digit(low, at);
    const to = free ? BASE : digit(high ?? '', at);
    const gap = to - from;
    if (gap > 1) return key + DIGITS.charAt(from + Math.floor(gap / 2));
    key += DIGITS.charAt(from);
    if (gap === 1) free = true;
  }
}
