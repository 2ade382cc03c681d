/** Numbers, amounts and dates in the way a language writes them. Pure: canonical text in, text out; text that is not canonical is shown as it is. */
import { isIsoDate } from '../invoice/date.ts';
import { isDecimal, withDigits } from '../invoice/decimal.ts';
import { currencyDigits } from '../invoice/currency.ts';

export const LANGUAGES = ['en', 'de'] as const;
export type Language = (typeof LANGUAGES)[number];

const SIGNS = { en: { group: ',', decimal: '.' }, de: { group: '.', decimal: ',' } } as const;
/** Between a number and its unit: a line never breaks there. */
const NO_BREAK = '\u00a0';
const MINUS = '\u2212';
const MONTHS = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'] as const;

/** "-1234.5" -> "−1,234.5" (en), "−1.234,5" (de); at least `digits` decimals, never fewer than there are. */
export function formatNumber(language: Language, value: string, digits = 0): string {
  if (!isDecimal(value)) return value;
  const [whole = '', fraction] = withDigits(value, digits).replace('-', '').split('.');
  const signs = SIGNS[language];
  const grouped = whole.replaceAll(/\B(?=(\d{3})+$)/g, signs.group);
  const text = fraction === undefined ? grouped : `${grouped}${signs.decimal}${fraction}`;
  return value.startsWith('-') ? `${MINUS}${text}` : text;
}

/** With the decimals its currency has (two where the currency is unknown), without the currency's name. */
export function formatAmount(language: Language, value: string, currency?: string | null): string {
  return formatNumber(language, value, currencyDigits(currency ?? '') ?? 2);
}

/** "EUR 1,234.50" (en), "1.234,50 EUR" (de). */
export function formatMoney(language: Language, value: string, currency?: string | null): string {
  const amount = formatAmount(language, value, currency);
  if (!currency) return amount;
  return language === 'en' ? `${currency}${NO_BREAK}${amount}` : `${amount}${NO_BREAK}${currency}`;
}

/** "2024-12-31" -> "31 Dec 2024" (en: no day/month doubt), "31.12.2024" (de). */
export function formatDate(language: Language, value: string): string {
  if (!isIsoDate(value)) return value;
  const [year = '', month = '', day = ''] = value.split('-');
  if (language === 'de') return `${day}.${month}.${year}`;
  return `${Number(day)} ${MONTHS[Number(month) - 1]} ${year}`;
}

/** A share 0..1 as whole percent: "0.628" -> "63 %" (de), "63%" (en). Rounded down near the top: 99.7 % is not certain. */
export function formatPercent(language: Language, value: string): string {
  const share = Number(value);
  if (!Number.isFinite(share)) return value;
  const percent = share < 1 ? Math.min(99, Math.round(share * 100)) : Math.round(share * 100);
  return language === 'en' ? `${percent}%` : `${percent}${NO_BREAK}%`;
}

/** How a person may type and read it back in a field: no groups, the language's decimal sign; other types as they are. */
export function formatForEditing(language: Language, type: string, value: string): string {
  if (type === 'date') return language === 'de' ? formatDate('de', value) : value;
  if (!isDecimal(value) || !['amount', 'decimal', 'percent'].includes(type)) return value;
  return language === 'de' ? value.replace('.', ',') : value;
}

/** In groups of four, as it is printed: it is compared digit by digit. */
export const formatIban = (value: string): string => value.replaceAll(/(.{4})(?=.)/g, '$1 ');
