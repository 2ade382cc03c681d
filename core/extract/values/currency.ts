/** Currency signs and codes as printed -> ISO 4217. */

/** Signs that mean one currency only; "$" and "kr" name a family and stand for the first unless a country says otherwise. */
export const CURRENCY_SIGNS: Readonly<Record<string, string>> = {
  '€': 'EUR',
  $: 'USD',
  US$: 'USD',
  U$S: 'USD',
  A$: 'AUD',
  AU$: 'AUD',
  C$: 'CAD',
  CA$: 'CAD',
  NZ$: 'NZD',
  S$: 'SGD',
  HK$: 'HKD',
  R$: 'BRL',
  '£': 'GBP',
  '₹': 'INR',
  RS: 'INR',
  'RS.': 'INR',
  '¥': 'JPY',
  RM: 'MYR',
  SFR: 'CHF',
  'SFR.': 'CHF',
  'FR.': 'CHF',
  KČ: 'CZK',
  ZŁ: 'PLN',
  FT: 'HUF',
  KR: 'SEK',
  'KR.': 'DKK',
  '₽': 'RUB',
  '₺': 'TRY',
  '฿': 'THB',
  '₱': 'PHP',
  EURO: 'EUR',
  EUROS: 'EUR',
};

const CODES = new Set(
  'EUR USD GBP CHF MYR SGD AUD CAD NZD INR JPY CNY HKD SEK NOK DKK PLN CZK HUF RON BGN TRY BRL MXN ZAR AED SAR ILS THB IDR PHP VND KRW TWD ISK UAH RSD ARS CLP COP PEN EGP MAD TND KES NGN'.split(
    ' ',
  ),
);

/** The currency a word names, or undefined. */
export function currencyOf(text: string): string | undefined {
  const upper = text
    .trim()
    .toUpperCase()
    .replace(/^[([]+|[)\],:;]+$/g, '');
  if (CODES.has(upper)) return upper;
  return Object.hasOwn(CURRENCY_SIGNS, upper) ? CURRENCY_SIGNS[upper] : undefined;
}

/** Pattern of what may stand right before or after an amount. */
export const CURRENCY_PATTERN = String.raw`(?:[A-Z]{0,2}[€$£¥₹₽₺฿₱]|EUROS?|${[...CODES].join('|')}|RM|Rs\.?|SFr\.?|Fr\.|kr\.?|Kč|zł|Ft)`;
