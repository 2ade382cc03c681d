/** When a value counts as right: ids by letters and digits, dates as days, amounts to half a cent, names by their words. */

/** Where a truth lists several values, any of them is right. */
export type Known = string | number | readonly (string | number)[];

export const SCORED_FIELDS = {
  invoiceNumber: 'id',
  poNumber: 'id',
  vendorTaxId: 'id',
  vendorIban: 'id',
  issueDate: 'date',
  dueDate: 'date',
  vendorName: 'name',
  buyerName: 'name',
  currency: 'currency',
  netTotal: 'amount',
  taxTotal: 'amount',
  grossTotal: 'amount',
  amountDue: 'amount',
} as const;
export type ScoredField = keyof typeof SCORED_FIELDS;
export const SCORED_FIELD_NAMES = Object.keys(SCORED_FIELDS) as readonly ScoredField[];

/** The five that an invoice cannot be booked without. */
export const CORE_FIELDS = ['invoiceNumber', 'issueDate', 'vendorName', 'currency', 'grossTotal'] as const;

type Form = (typeof SCORED_FIELDS)[ScoredField];

export const isKnown = (value: unknown): boolean =>
  value !== undefined && value !== null && value !== '' && !(Array.isArray(value) && value.length === 0);

export const alternatives = (value: Known): readonly (string | number)[] =>
  typeof value === 'object' ? value : [value];

/** Without case, accents and ligatures. */
export const plain = (text: unknown): string =>
  String(text)
    .normalize('NFKD')
    .replaceAll(/[\u0300-\u036F]/g, '')
    .replaceAll('ß', 'ss')
    .toLowerCase();

export const lettersAndDigits = (text: unknown): string => plain(text).replaceAll(/[^a-z0-9]/g, '');
export const wordsOf = (text: unknown): ReadonlySet<string> => new Set(plain(text).match(/[a-z0-9]+/g) ?? []);

/** Sørensen-Dice over two sets of words. */
export function likeness(a: ReadonlySet<string>, b: ReadonlySet<string>): number {
  if (a.size + b.size === 0) return 1;
  return (2 * [...a].filter((word) => b.has(word)).length) / (a.size + b.size);
}

/** Nearly the same words; or all words of one in the other, which has at most two more. */
function sameName(known: unknown, said: unknown): boolean {
  if (lettersAndDigits(known) === lettersAndDigits(said)) return true;
  const [a, b] = [wordsOf(known), wordsOf(said)];
  if (a.size === 0 || b.size === 0) return false;
  if (likeness(a, b) >= 0.7) return true;
  const [few, many] = a.size <= b.size ? [a, b] : [b, a];
  return [...few].every((w) => many.has(w)) && many.size - few.size <= 2 && [...few].join('').length >= 3;
}

const textOf = (value: unknown): string => (typeof value === 'string' ? value : '');
const bare = (text: string): string => text.replaceAll(/[.,]/g, '');

/** 1234.56, "1.234,56 €", "1'234.56", "(12.00)" -> a number; the last mark is the decimal one unless it groups thousands. */
export function amountOf(value: unknown): number {
  if (typeof value === 'number') return value;
  const kept = textOf(value).replaceAll(/[^\d.,()-]/g, '');
  if (!/\d/.test(kept)) return Number.NaN;
  const negative = kept.startsWith('(') || kept.includes('-');
  const body = kept.replaceAll(/[()-]/g, '');
  const at = Math.max(body.lastIndexOf('.'), body.lastIndexOf(','));
  const mark = body[at] ?? '';
  const marks = new Set(body.match(/[.,]/g));
  const grouping = body.indexOf(mark) !== at || (body.length - at === 4 && marks.size === 1 && !/^0[.,]/.test(body));
  const size = Number.parseFloat(at < 0 || grouping ? bare(body) : `${bare(body.slice(0, at))}.${body.slice(at + 1)}`);
  return negative ? -size : size;
}

const isoOf = (year = '', month = '', day = ''): string => `${year}-${month.padStart(2, '0')}-${day.padStart(2, '0')}`;

/** ISO as it is; day and month in another order only where it can be read in one way. */
export function dayOf(value: unknown): string {
  const text = textOf(value).trim();
  const iso = /^(\d{4})-(\d{1,2})-(\d{1,2})/.exec(text);
  if (iso) return isoOf(iso[1], iso[2], iso[3]);
  const other = /^(\d{1,2})(\.|[/-])(\d{1,2})(\.|[/-])(\d{4})$/.exec(text);
  const [, first = '', mark = '', second = '', again = '', year = ''] = other ?? [];
  if (!other || (mark === '.') !== (again === '.')) return text;
  if (mark === '.' || Number(first) > 12) return isoOf(year, second, first);
  return Number(second) > 12 ? isoOf(year, first, second) : text;
}

const CURRENCY_SIGNS: Readonly<Record<string, string>> = {
  '€': 'EUR',
  $: 'USD',
  US$: 'USD',
  '£': 'GBP',
  '₹': 'INR',
  RS: 'INR',
  'RS.': 'INR',
  RM: 'MYR',
  FR: 'CHF',
  'FR.': 'CHF',
  SFR: 'CHF',
};
const currencyOf = (value: unknown): string => {
  const sign = String(value).trim().toUpperCase();
  return CURRENCY_SIGNS[sign] ?? sign;
};

export const within = (a: number, b: number, cents: number): boolean => Math.abs(a - b) <= cents + 1e-9;

const SAME: Readonly<Record<Form, (known: string | number, said: unknown) => boolean>> = {
  id: (known, said) => lettersAndDigits(known) === lettersAndDigits(said),
  date: (known, said) => known === dayOf(said),
  name: sameName,
  currency: (known, said) => currencyOf(known) === currencyOf(said),
  amount: (known, said) => within(Number(known), amountOf(said), 0.005),
};

export const isRight = (field: ScoredField, known: Known, said: unknown): boolean =>
  alternatives(known).some((value) => SAME[SCORED_FIELDS[field]](value, said));
