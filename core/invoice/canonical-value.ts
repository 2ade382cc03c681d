/** The canonical form that an edit must have (fields.ts). What a person typed is understood by the screen; here only the form is settled or refused. */
import { assertNever } from '../assert.ts';
import { isIsoDate } from './date.ts';
import { canonicalDecimal } from './decimal.ts';
import { DOCUMENT_TYPES, type FieldInfo } from './fields.ts';

export type CanonicalResult =
  | { readonly kind: 'value'; readonly value: string | null }
  /** `expected`: an example of the form, to be shown. */
  | { readonly kind: 'invalid'; readonly expected: string };

const value = (text: string | null): CanonicalResult => ({ kind: 'value', value: text });
const invalid = (expected: string): CanonicalResult => ({ kind: 'invalid', expected });

const oneLine = (text: string): string => text.replace(/\s+/gu, ' ').trim();
const lines = (text: string): string =>
  text
    .split(/\r\n|\r|\n/)
    .map(oneLine)
    .join('\n')
    .trim();

/** Empty text is no value. */
export function canonicalEdit(field: string, info: FieldInfo, raw: string | null): CanonicalResult {
  if (raw === null) return value(null);
  // Characters that are never seen cannot be checked by a person (control and bidi marks); line ends and tabs become blanks below.
  const text = raw.normalize('NFC').replace(/(?![\t\n\r])[\p{Cc}\p{Cf}\p{Co}\p{Cn}\p{Cs}]/gu, '');
  if (text.trim() === '') return value(null);
  switch (info.type) {
    case 'amount':
    case 'decimal':
    case 'percent': {
      const decimal = canonicalDecimal(text.trim());
      return decimal === undefined ? invalid('a decimal number like 1234.5') : value(decimal);
    }
    case 'date':
      return isIsoDate(text.trim()) ? value(text.trim()) : invalid('a date like 2024-03-31');
    case 'currency':
      return /^[A-Za-z]{3}$/.test(text.trim()) ? value(text.trim().toUpperCase()) : invalid('a currency code like EUR');
    case 'iban':
      // Whether its check digits are right is a rule's business: a wrong one on the page must stay visible.
      return value(text.replace(/[\s.-]/g, '').toUpperCase());
    case 'code':
      return field !== 'documentType' || (DOCUMENT_TYPES as readonly string[]).includes(text.trim())
        ? value(text.trim())
        : invalid(`one of ${DOCUMENT_TYPES.join(', ')}`);
    case 'multiline':
      return value(lines(text));
    case 'text':
    case 'id':
    case 'taxId':
      return value(oneLine(text));
    default:
      return assertNever(info.type);
  }
}
