/** The elements that payment codes share, each checked strictly: a value, nothing, or what is wrong with it. */
import { canonicalIban, ibanProblem, isBic } from '../../invoice/bank.ts';
import { isCurrency } from '../../invoice/currency.ts';
import { isIsoDate } from '../../invoice/date.ts';
import { canonicalDecimal } from '../../invoice/decimal.ts';

/** Collects what is wrong while the elements are read. */
export interface Checker {
  readonly problems: string[];
  /** The value where it holds; else undefined and a problem, unless there was nothing to check. */
  readonly check: <T>(name: string, text: string, read: (text: string) => T | undefined) => T | undefined;
}

export function createChecker(): Checker {
  const problems: string[] = [];
  return {
    problems,
    check(name, text, read) {
      if (text.trim() === '') return undefined;
      const value = read(text.trim());
      if (value === undefined) problems.push(name);
      return value;
    },
  };
}

/** Lines of a payload: CR LF, LF or CR, as the guidelines allow; not the controls within them. */
export const linesOf = (text: string): string[] => text.split(/\r\n|\n|\r/);

/** Groups of four are not allowed and common. */
export function readIban(text: string): string | undefined {
  const iban = canonicalIban(text);
  return /^[A-Z]{2}\d{2}[A-Z0-9 ]+$/i.test(text) && ibanProblem(iban) === undefined ? iban : undefined;
}

export const readBic = (text: string): string | undefined =>
  isBic(text.toUpperCase()) ? text.toUpperCase() : undefined;

/** A point, at most two decimals, 0.00 to 999,999,999.99. */
export const readAmount = (text: string): string | undefined =>
  /^\d{1,9}(\.\d{1,2})?$/.test(text) ? canonicalDecimal(text) : undefined;

export const readCurrency = (text: string): string | undefined =>
  /^[A-Z]{3}$/.test(text) && isCurrency(text) ? text : undefined;

export const readText =
  (longest: number) =>
  (text: string): string | undefined =>
    text.length <= longest && !/\p{Cc}/u.test(text) ? text.normalize('NFC') : undefined;

export const readDate = (iso: string): string | undefined => (isIsoDate(iso) ? iso : undefined);
