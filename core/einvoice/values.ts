/** Raw text of an e-invoice -> canonical values (core/invoice/fields.ts). Undefined where the text is no such value: never a guess. */
import { assertNever } from '../assert.ts';
import type { TermNode } from '../contract/reading.ts';
import { isIsoDate, isoDate } from '../invoice/date.ts';
import type { IsoDate } from '../invoice/date.ts';
import { canonicalDecimal } from '../invoice/decimal.ts';
import type { Decimal } from '../invoice/decimal.ts';
import type { FieldType } from '../invoice/fields.ts';

/** One line of text: blanks collapsed, NFC. */
export const plainText = (text: string): string => text.normalize('NFC').replace(/\s+/gu, ' ').trim();

/** Lines kept, blanks inside them collapsed, empty lines at the ends dropped. */
export const multilineText = (text: string): string =>
  text
    .normalize('NFC')
    .split(/\r\n|\r|\n/)
    .map((line) => line.replace(/\s+/gu, ' ').trim())
    .join('\n')
    .replace(/\n{3,}/g, '\n\n')
    .trim();

/** xs:decimal, which allows `+1`, `.5` and `5.`; exponents are not decimals. */
export function xmlDecimal(text: string): Decimal | undefined {
  const match = /^([+-]?)(\d*)(?:\.(\d*))?$/.exec(text.trim());
  if (match === null) return undefined;
  const [, sign, whole = '', fraction = ''] = match;
  if (whole === '' && fraction === '') return undefined;
  const digits = fraction === '' ? whole : `${whole === '' ? '0' : whole}.${fraction}`;
  return canonicalDecimal(sign === '-' ? `-${digits}` : digits);
}

/** ISO dates with or without time and zone (UBL), and CCYYMMDD (CII, format 102). The day is the one written: a zone never moves it. */
export function xmlDate(text: string): IsoDate | undefined {
  const trimmed = text.trim();
  const compact = /^(\d{4})(\d{2})(\d{2})(?:\d{4}|\d{6})?$/.exec(trimmed);
  if (compact) return isoDate(Number(compact[1]), Number(compact[2]), Number(compact[3]));
  const iso = /^(\d{4}-\d{2}-\d{2})(?:$|[TZ+-])/.exec(trimmed)?.[1];
  return iso !== undefined && isIsoDate(iso) ? iso : undefined;
}

export function xmlPercent(text: string): Decimal | undefined {
  return xmlDecimal(text.trim().replace(/\s*%$/, ''));
}

const bareAccount = (text: string): string => text.replace(/[\s.-]/g, '').toUpperCase();

/** The form of an IBAN, checked or not: its check digits are a rule's business, a wrong one must stay visible. */
export const isIbanForm = (text: string): boolean => /^[A-Z]{2}\d{2}[A-Z0-9]{11,30}$/.test(bareAccount(text));

export function canonicalValue(type: FieldType, raw: string): string | undefined {
  const text = plainText(raw);
  if (text === '') return undefined;
  switch (type) {
    case 'amount':
    case 'decimal':
      return xmlDecimal(text);
    case 'percent':
      return xmlPercent(text);
    case 'date':
      return xmlDate(text);
    case 'currency':
      return /^[A-Za-z]{3}$/.test(text) ? text.toUpperCase() : undefined;
    case 'iban':
      return isIbanForm(text) ? bareAccount(text) : undefined;
    case 'multiline':
      return multilineText(raw);
    case 'text':
    case 'id':
    case 'taxId':
    case 'code':
      return text;
    default:
      return assertNever(type);
  }
}

/** Text of an element with its descendants', as written. */
export function nodeText(node: TermNode): string {
  if (node.text !== undefined) return node.text;
  return (node.children ?? []).map(nodeText).join('');
}
