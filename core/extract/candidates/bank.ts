/** Bank accounts that are no IBAN, payees that are not the vendor, and structured payment references with their check digits. */
import type { Line, Token } from '../layout/model.ts';
import { fold } from '../layout/text.ts';
import type { Scored } from '../score/scored.ts';
import { lineText } from '../values/line-text.ts';
import type { Context } from './context.ts';
import { nameOf } from './named.ts';

interface System {
  /** The bank's number, in the first group. */
  readonly bank: RegExp;
  /** The account's number, in the first group. */
  readonly account: RegExp;
}

const ACCOUNT = /\b(?:account|acct|acc|a\/c)\.?(?: ?(?:number|no|nr|num|#))?\.? ?[:#]? ?(\d(?:[ -]?\d){4,16})(?!\d)/;
const SYSTEMS: readonly System[] = [
  { bank: /\bsort[ -]?code ?:? ?(\d{2}[ -]?\d{2}[ -]?\d{2})(?!\d)/, account: ACCOUNT },
  { bank: /\bbsb(?: ?(?:number|no))?\.? ?:? ?(\d{3}[ -]?\d{3})(?!\d)/, account: ACCOUNT },
  {
    bank: /\b(?:aba|routing|transit|rtn)(?: ?(?:routing|transit))?(?: ?(?:number|no|#))?\.? ?(?:\(?(?:aba|ach|wire)\)?)? ?[:#]? ?(\d{9})(?!\d)/,
    account: ACCOUNT,
  },
  {
    bank: /\b(?:blz|bankleitzahl)\.? ?:? ?(\d{3} ?\d{3} ?\d{2})(?!\d)/,
    account: /\b(?:konto|kto|kontonummer)\.?(?:[ -]?(?:nr|nummer))?\.? ?:? ?(\d(?: ?\d){2,11})(?!\d)/,
  },
];
/** Bank and account stand on one line or on neighbouring ones. */
const NEAR_LINES = 4;

interface Hit {
  readonly value: string;
  readonly tokens: readonly Token[];
  readonly line: number;
  readonly page: number;
}

function hits(lines: readonly Line[], pattern: RegExp): Hit[] {
  return lines.flatMap((line): Hit[] => {
    const { text, tokens } = lineText(line);
    // Folding must keep lengths so that positions map back.
    const plain = fold(text).length === text.length ? fold(text) : text.toLowerCase();
    const match = new RegExp(pattern, 'd').exec(plain.replace(/\t/g, ' '));
    const place = match?.indices?.[1];
    if (!match?.[1] || !place) return [];
    return [{ value: match[1].replace(/ /g, ''), tokens: tokens(...place), line: line.index, page: line.page }];
  });
}

export function findAccounts(context: Context): Scored[] {
  return SYSTEMS.flatMap(({ bank, account }): Scored[] =>
    hits(context.layout.lines, bank).flatMap((number): Scored[] => {
      const near = hits(context.layout.lines, account)
        .filter(
          (a) => a.page === number.page && Math.abs(a.line - number.line) <= NEAR_LINES && a.value !== number.value,
        )
        .toSorted((a, b) => Math.abs(a.line - number.line) - Math.abs(b.line - number.line))[0];
      if (!near) return [];
      const value = `${number.value} ${near.value}`;
      return [
        { value, text: value, tokens: [...number.tokens, ...near.tokens], score: 0.86, reasons: ['form:account'] },
      ];
    }),
  );
}

/** Who holds the account, where a label names him; the caller leaves out the vendor himself. */
export function findPayees(context: Context): Scored[] {
  return context.labels
    .filter((label) => label.kinds.has('accountHolder') && label.closed)
    .flatMap((label): Scored[] => {
      const segment = context.layout.lines[label.line]?.segments.find((s) =>
        s.tokens.some((t) => t.x0 >= label.x1 - 1),
      );
      const named = segment
        ? nameOf(context, { ...segment, tokens: segment.tokens.filter((t) => t.x0 >= label.x1 - 1) })
        : undefined;
      if (!named || named.shape < 0.6) return [];
      const { name, tokens } = named;
      return [{ value: name, text: name, tokens, score: 0.8 * named.shape, reasons: [`label:${label.text}`] }];
    });
}

/** Remainder of a long number, digit by digit. */
const mod97 = (digits: string): number =>
  Array.from(digits).reduce<number>((rest, digit) => (rest * 10 + Number(digit)) % 97, 0);

/** ISO 11649. */
export const isRf = (value: string): boolean =>
  mod97(Array.from(value.slice(4) + value.slice(0, 4), (c) => Number.parseInt(c, 36)).join('')) === 1;

/** Swiss QR references: recursive modulo 10. */
const CARRY = [0, 9, 4, 6, 8, 2, 7, 1, 3, 5];
export const isQrr = (value: string): boolean =>
  /[1-9]/.test(value) &&
  (10 - Array.from(value.slice(0, -1)).reduce<number>((carry, digit) => CARRY[(carry + Number(digit)) % 10] ?? 0, 0)) %
    10 ===
    Number(value.at(-1));

const isBelgian = (value: string): boolean => Number(value.slice(10)) === (Number(value.slice(0, 10)) % 97 || 97);

const REFERENCES: readonly { form: RegExp; holds: (value: string) => boolean; keep: RegExp }[] = [
  { form: /(?<![A-Z\d])RF\d{2}(?: ?[A-Z\d]){1,21}(?![A-Za-z\d])/, holds: isRf, keep: /[^A-Z\d]/g },
  { form: /(?<![\d.,])\d{2}(?: ?\d{5}){5}(?![\d.,])/, holds: isQrr, keep: /\D/g },
  { form: /[+*]{3} ?\d{3} ?\/ ?\d{4} ?\/ ?\d{5} ?[+*]{3}/, holds: isBelgian, keep: /\D/g },
];

export function findStructuredReferences(context: Context): Scored[] {
  return context.layout.lines.flatMap((line) => {
    const { text, tokens } = lineText(line);
    return REFERENCES.flatMap(({ form, holds, keep }): Scored[] => {
      const match = form.exec(text);
      const value = match?.[0].replace(keep, '');
      if (!match || !value || !holds(value)) return [];
      const words = tokens(match.index, match.index + match[0].length);
      if (words.some((t) => context.ibans.some((i) => i.valid && i.tokens.includes(t)))) return [];
      return [{ value, text: match[0], tokens: words, score: 0.95, reasons: ['checksum'] }];
    });
  });
}
