/** What a person typed, or took from the page, -> the field's canonical value. Doubt is said, never decided in silence. */
import { assertNever } from '../assert.ts';
import { isoDate } from './date.ts';
import { canonicalDecimal } from './decimal.ts';
import { DOCUMENT_TYPES } from './fields.ts';
import type { FieldType } from './fields.ts';

export type TypedValue =
  | { readonly kind: 'value'; readonly value: string | null }
  | { readonly kind: 'invalid'; readonly problem: 'number' | 'date' | 'date-ambiguous' | 'currency' | 'code' };

/** Whose habits the text follows: the language of the screen for typing, that of the document for words of its page. */
export interface Habits {
  readonly decimal: '.' | ',';
  /** Day before month in 03/04/2025; null: nobody knows. */
  readonly dayFirst: boolean | null;
}

export function habitsOf(language: string | undefined): Habits {
  if (language === undefined) return { decimal: '.', dayFirst: null };
  return language.startsWith('en') ? { decimal: '.', dayFirst: null } : { decimal: ',', dayFirst: true };
}

const value = (text: string | null): TypedValue => ({ kind: 'value', value: text });
const invalid = (problem: Extract<TypedValue, { kind: 'invalid' }>['problem']): TypedValue => ({
  kind: 'invalid',
  problem,
});

export function typedValue(field: { type: FieldType; name: string }, typed: string, habits: Habits): TypedValue {
  const text = typed.normalize('NFC').trim();
  if (text === '') return value(null);
  switch (field.type) {
    case 'amount':
    case 'decimal':
    case 'percent':
      return parseNumber(text, habits);
    case 'date':
      return parseDate(text, habits);
    case 'currency':
      return parseCurrency(text);
    case 'iban':
      return value(text.replaceAll(/[\s\-.]/g, '').toUpperCase());
    case 'code':
      return field.name !== 'documentType' || (DOCUMENT_TYPES as readonly string[]).includes(text)
        ? value(text)
        : invalid('code');
    case 'multiline':
      return value(text.replaceAll(/[ \t]+/g, ' ').replaceAll(/ ?\r?\n ?/g, '\n'));
    case 'text':
    case 'id':
    case 'taxId':
      return value(text.replaceAll(/\s+/g, ' '));
    default:
      return assertNever(field.type);
  }
}

function parseNumber(typed: string, { decimal }: Habits): TypedValue {
  // Currency signs and codes, percent signs and all kinds of spaces go; so do apostrophes between thousands.
  let text = typed.replaceAll(/[\s\u00a0\u202f'’]|\p{Sc}|%|\b[A-Z]{3}\b/gu, '').replaceAll(/[\u2212\u2013]/g, '-');
  const negative = /^\(.*\)$|^-|-$/.test(text);
  text = text.replaceAll(/[()-]/g, '');
  if (!/^\d[\d.,]*$|^[.,]\d+$/.test(text)) return invalid('number');
  const plain = withPoint(text, decimal);
  const canonical = plain === undefined ? undefined : canonicalDecimal(plain);
  if (canonical === undefined) return invalid('number');
  return value(negative && canonical !== '0' ? `-${canonical}` : canonical);
}

const GROUPED = /^\d{1,3}([.,])\d{3}(?:\1\d{3})*$/;

/** Thousands signs out, the decimal sign to a point. */
function withPoint(text: string, decimal: '.' | ','): string | undefined {
  const last = Math.max(text.lastIndexOf('.'), text.lastIndexOf(','));
  if (last < 0) return text;
  const sign = text[last]!;
  const whole = text.slice(0, last);
  const fraction = text.slice(last + 1);
  const other = sign === '.' ? ',' : '.';
  if (whole.includes(other)) {
    // Both signs: the last one is the decimal sign, the others must stand between thousands.
    if (whole.includes(sign) || !GROUPED.test(whole)) return undefined;
    return `${whole.replaceAll(other, '')}.${fraction}`;
  }
  if (whole.includes(sign)) return GROUPED.test(text) ? text.replaceAll(sign, '') : undefined;
  // One sign: a group only where it is not the decimal sign and exactly three digits follow.
  if (sign !== decimal && GROUPED.test(text)) return whole + fraction;
  if (fraction === '') return whole;
  return `${whole === '' ? '0' : whole}.${fraction}`;
}

/** First letters that tell the months apart in the languages of the reader. */
const MONTHS: readonly (readonly string[])[] = [
  ['jan', 'jän', 'gen', 'ene'],
  ['feb', 'fev', 'fév'],
  ['mar', 'mär', 'mrz', 'maa', 'mrt'],
  ['apr', 'avr', 'abr'],
  ['may', 'mai', 'mag', 'mei'],
  ['jun', 'giu', 'juin'],
  ['jul', 'lug', 'juil'],
  ['aug', 'aoû', 'aou', 'ago'],
  ['sep', 'set'],
  ['oct', 'okt', 'ott', 'out'],
  ['nov'],
  ['dec', 'dez', 'déc', 'dic'],
];

function monthOf(name: string): number | undefined {
  const text = name.toLowerCase();
  // "juin" and "juil" share three letters with each other: longest names first.
  const hits = MONTHS.flatMap((starts, i) => starts.filter((s) => text.startsWith(s)).map((s) => [s.length, i + 1]));
  return hits.toSorted((a, b) => b[0]! - a[0]!)[0]?.[1];
}

const fullYear = (year: number): number => (year < 100 ? (year < 70 ? 2000 : 1900) + year : year);

function made(year: number, month: number, day: number): TypedValue {
  const date = isoDate(fullYear(year), month, day);
  return date === undefined ? invalid('date') : value(date);
}

function parseDate(text: string, { dayFirst }: Habits): TypedValue {
  const iso = /^(\d{4})[-/.]?(\d{1,2})[-/.]?(\d{1,2})$/.exec(text);
  if (iso && (text.length === 8 ? /^\d+$/.test(text) : true)) return made(+iso[1]!, +iso[2]!, +iso[3]!);
  const named = /^(\d{1,2})\.?[\s-]*(?:de\s+)?(\p{L}{3,})\.?,?[\s-]*(?:de\s+)?(\d{4}|\d{2})$/u.exec(text);
  if (named) return made(+named[3]!, monthOf(named[2]!) ?? 0, +named[1]!);
  const american = /^(\p{L}{3,})\.?\s+(\d{1,2})(?:st|nd|rd|th)?,?\s+(\d{4})$/u.exec(text);
  if (american) return made(+american[3]!, monthOf(american[1]!) ?? 0, +american[2]!);
  const numeric = /^(\d{1,2})([./-])(\d{1,2})\2(\d{4}|\d{2})$/.exec(text);
  if (!numeric) return invalid('date');
  const [a, b, year] = [+numeric[1]!, +numeric[3]!, +numeric[4]!];
  if (numeric[2] === '.' || a > 12 || a === b) return made(year, b, a);
  if (b > 12) return made(year, a, b);
  return dayFirst === null ? invalid('date-ambiguous') : made(year, b, a);
}

const SIGNS: Record<string, string> = { '€': 'EUR', $: 'USD', '£': 'GBP', '¥': 'JPY', zł: 'PLN', kč: 'CZK', fr: 'CHF' };

function parseCurrency(text: string): TypedValue {
  const code = SIGNS[text.toLowerCase().replace(/\.$/, '')] ?? text.toUpperCase();
  return /^[A-Z]{3}$/.test(code) ? value(code) : invalid('currency');
}
