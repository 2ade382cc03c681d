/**
 * The catalogue: `text(language, key, params)`.
 *
 * A place in a sentence is `{name}` or `{name:format}`; the formats are number, amount, price, money, date, percent, iban, `plural:one|many`, and lookups in the
 * catalogue itself: field, status, documentType, party, reason. `amount` and `money` take the decimals of the param `currency`; `cell` writes a canonical
 * value as the field named by the param `field` is written.
 */
import type { Finding } from '../contract/invoice.ts';
import { de } from './de.ts';
import { en } from './en.ts';
import type { TextKey } from './en.ts';
import { fieldInfo } from '../invoice/fields.ts';
import { formatAmount, formatDate, formatIban, formatMoney, formatNumber, formatPercent } from './format.ts';
import type { Language } from './format.ts';

export type { Language } from './format.ts';
export type { TextKey } from './en.ts';
export type TextParams = Readonly<Record<string, string | number>>;

const CATALOGUES: Record<Language, Readonly<Record<TextKey, string>>> = { en, de };
const PLACE = /\{(\w+)(?::([a-zA-Z]+)(?::([^}]*))?)?\}/g;

export function text(language: Language, key: TextKey, params: TextParams = {}): string {
  return fill(language, CATALOGUES[language][key], params);
}

/** For keys made at run time: undefined where the catalogue has no such key. */
export function lookup(language: Language, key: string, params: TextParams = {}): string | undefined {
  const catalogue: Readonly<Record<string, string>> = CATALOGUES[language];
  const template = Object.hasOwn(catalogue, key) ? catalogue[key] : undefined;
  return template === undefined ? undefined : fill(language, template, params);
}

function fill(language: Language, template: string, params: TextParams): string {
  return template.replace(PLACE, (_place, name: string, format: string | undefined, options: string | undefined) => {
    const value = params[name];
    // A hole would hide what is missing; the finding tests fail on it.
    if (value === undefined) return `{${name}}`;
    return formatted(language, String(value), format, options, params);
  });
}

function formatted(
  language: Language,
  value: string,
  format: string | undefined,
  options: string | undefined,
  params: TextParams,
): string {
  const currency = params['currency'] === undefined ? undefined : String(params['currency']);
  switch (format) {
    case undefined:
      return value;
    case 'number':
      return formatNumber(language, value);
    case 'price':
    case 'amount':
      return formatAmount(language, value, currency);
    case 'money':
      return formatMoney(language, value, currency);
    case 'date':
      return formatDate(language, value);
    case 'iban':
      return formatIban(value);
    case 'percent':
      return formatPercent(language, value);
    case 'cell':
      return formatCell(language, String(params['field'] ?? ''), value, currency);
    case 'plural':
      return (options ?? '').split('|')[value === '1' ? 0 : 1] ?? '';
    default:
      return lookup(language, `${format}.${value}`, params) ?? value;
  }
}

/** `field` as in the catalogue: `grossTotal`, `line.unitPrice`, `taxRow.base`. */
function formatCell(language: Language, field: string, value: string, currency: string | undefined): string {
  const [entity, name] = field.includes('.') ? field.split('.') : ['invoice', field];
  const type =
    entity === 'line' || entity === 'taxRow' || entity === 'invoice' ? fieldInfo(entity, name ?? '')?.type : undefined;
  if (type === 'amount') return formatAmount(language, value, currency);
  if (type === 'decimal' || type === 'percent') return formatNumber(language, value);
  if (type === 'date') return formatDate(language, value);
  return type === 'iban' ? formatIban(value) : value;
}

/** The sentence of a finding and its way out. */
export function findingText(
  language: Language,
  finding: Pick<Finding, 'code' | 'variant' | 'params' | 'clear'>,
): { sentence: string; clear: string } {
  const key = `finding.${finding.code}`;
  const specific =
    finding.variant === undefined ? undefined : lookup(language, `${key}.${finding.variant}`, finding.params);
  return {
    sentence: specific ?? lookup(language, key, finding.params) ?? finding.code,
    clear: lookup(language, `clear.${finding.clear}`, finding.params) ?? '',
  };
}

/** A reason of a candidate (`label:Invoice no.`, `position:footer`) in words; an unknown one as it is. */
export function whyText(language: Language, reason: string): string {
  const [code = '', ...rest] = reason.split(':');
  const value = rest.join(':');
  return lookup(language, `why.${code}.${value}`) ?? lookup(language, `why.${code}`, { value }) ?? reason;
}

/** Why a document could not be read, and what to do. */
export function reasonText(language: Language, reason: string): { reason: string; clear: string } {
  return {
    reason: lookup(language, `reason.${reason}`) ?? reason,
    clear: lookup(language, `reason.${reason}.clear`) ?? '',
  };
}

/** Why an invoice is left out of an export: `not-confirmed`, or a code with a detail (`not-ubl: ...`). */
export function skipText(language: Language, reason: string): string {
  const [code = '', ...detail] = reason.split(': ');
  return lookup(language, `export.skip.${code}`, { detail: detail.join(': ') }) ?? reason;
}

/** The name of a field: `fieldName('en', 'line', 'unitPrice')`. */
export function fieldName(language: Language, entity: 'invoice' | 'line' | 'taxRow', field: string): string {
  const path = entity === 'invoice' ? field : `${entity}.${field}`;
  return lookup(language, `field.${path}`) ?? field;
}
