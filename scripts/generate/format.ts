/** Numbers, money and dates as one document writes them. */
import { currencyDigits } from '../../core/invoice/currency.ts';
import { withDigits } from '../../core/invoice/decimal.ts';
import type { Format, Spec } from './model.ts';

export function number({ number: style, negative }: Format, value: string, digits: number): string {
  const [whole = '', fraction] = withDigits(value, digits).replace('-', '').split('.');
  const grouped = style.indian ? indian(whole) : whole.replaceAll(/\B(?=(\d{3})+$)/g, style.group);
  const text = grouped + (fraction === undefined ? '' : style.decimal + fraction);
  if (!value.startsWith('-')) return text;
  return negative === 'minus' ? `-${text}` : negative === 'trailing' ? `${text}-` : `(${text})`;
}

const indian = (whole: string): string =>
  whole.length <= 3 ? whole : `${whole.slice(0, -3).replaceAll(/\B(?=(\d{2})+$)/g, ',')},${whole.slice(-3)}`;

export const digitsOf = (spec: Pick<Spec, 'currency'>): number => currencyDigits(spec.currency) ?? 2;

export const amount = (spec: Pick<Spec, 'currency' | 'format'>, value: string): string =>
  number(spec.format, value, digitsOf(spec));

const SYMBOLS: Readonly<Record<string, string>> = {
  EUR: '€',
  USD: '$',
  GBP: '£',
  JPY: '¥',
  CAD: '$',
  AUD: '$',
  INR: 'Rs.',
  SEK: 'kr',
  MYR: 'RM',
};

/** With the currency, where the document writes one. */
export function money(spec: Pick<Spec, 'currency' | 'format'>, value: string): string {
  const text = amount(spec, value);
  const symbol = SYMBOLS[spec.currency] ?? spec.currency;
  const signed = text.startsWith('-') ? (['-', text.slice(1)] as const) : (['', text] as const);
  switch (spec.format.money) {
    case 'before':
      return `${signed[0]}${symbol}${signed[1]}`;
    case 'before-space':
      return `${symbol} ${text}`;
    case 'after':
      return `${text} ${symbol}`;
    case 'code-before':
      return `${spec.currency} ${text}`;
    case 'code-after':
      return `${text} ${spec.currency}`;
    case 'none':
    default:
      return text;
  }
}

export const percent = (spec: Pick<Spec, 'format'>, value: string): string =>
  number(spec.format, value, 0) + (spec.format.percent || '%');

const ENDINGS: Readonly<Record<string, string>> = { 1: 'st', 2: 'nd', 3: 'rd', 21: 'st', 22: 'nd', 23: 'rd', 31: 'st' };
const ordinal = (n: number): string => `${n}${ENDINGS[n] ?? 'th'}`;

export function dateText(
  { format, months, monthsShort }: Pick<Spec, 'format' | 'months' | 'monthsShort'>,
  iso: string,
): string {
  const [year = '', month = '', day = ''] = iso.split('-');
  const at = Number(month) - 1;
  const parts: Readonly<Record<string, string>> = {
    yyyy: year,
    yy: year.slice(2),
    MMMM: months[at] ?? '',
    MMM: monthsShort[at] ?? '',
    mm: month,
    m: String(Number(month)),
    dd: day,
    d: String(Number(day)),
    dth: ordinal(Number(day)),
  };
  return format.date.replaceAll(/yyyy|yy|MMMM|MMM|mm|m|dth|dd|\bd\b/g, (token) => parts[token] ?? token);
}

export function addDays(iso: string, days: number): string {
  const at = new Date(`${iso}T00:00:00Z`);
  at.setUTCDate(at.getUTCDate() + days);
  return at.toISOString().slice(0, 10);
}
