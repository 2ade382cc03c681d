/** BT-3 (UNTDID 1001) -> what the document is. UBL says by its root element that a document is a credit note; CII only by the code. */
import type { DocumentType } from '../invoice/fields.ts';

/** Codes of EN 16931's list that turn the direction of payment: credit notes, credit advices, self-billed and factored ones. */
export const CREDIT_NOTE_CODES: ReadonlySet<string> = new Set([
  '81',
  '83',
  '261',
  '262',
  '296',
  '308',
  '381',
  '396',
  '420',
  '458',
  '502',
  '503',
  '532',
]);

export function documentTypeOf(typeCode: string | undefined, isCreditNoteRoot: boolean): DocumentType | undefined {
  if (isCreditNoteRoot) return 'credit-note';
  if (typeCode === undefined) return undefined;
  if (CREDIT_NOTE_CODES.has(typeCode)) return 'credit-note';
  if (typeCode === '384') return 'correction';
  return typeCode === '325' ? 'pro-forma' : 'invoice';
}
