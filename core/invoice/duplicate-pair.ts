/** How much two invoices have in common, for whoever has to decide whether they are one. */
import type { Invoice } from '../contract/invoice.ts';
import type { DuplicatePair } from '../contract/settling-http.ts';
import { compare, isDecimal } from './decimal.ts';
import type { HeaderField } from './fields.ts';
import { exactNumberKey, nameKey, taxIdKey } from './ids.ts';

type Compared = Pick<Invoice, 'document' | 'part' | 'header'>;

const value = ({ header }: Compared, field: HeaderField): string | null => header[field]?.value ?? null;

const bothSay = (a: string | null, b: string | null): boolean => a !== null && a === b;

function sameAmount(a: string | null, b: string | null): boolean {
  return a !== null && b !== null && isDecimal(a) && isDecimal(b) && compare(a, b) === 0;
}

/** Whether the bytes, or vendor, number, date and total are the same. */
export function likenessOf(a: Compared, b: Compared): DuplicatePair['why'] {
  if (a.document.sha256 === b.document.sha256 && a.part === b.part) return 'same-file';
  const vendor =
    bothSay(taxIdKey(value(a, 'vendorTaxId')), taxIdKey(value(b, 'vendorTaxId'))) ||
    bothSay(nameKey(value(a, 'vendorName')), nameKey(value(b, 'vendorName')));
  const number = bothSay(exactNumberKey(value(a, 'invoiceNumber')), exactNumberKey(value(b, 'invoiceNumber')));
  const date = bothSay(value(a, 'issueDate'), value(b, 'issueDate'));
  return vendor && number && date && sameAmount(value(a, 'grossTotal'), value(b, 'grossTotal'))
    ? 'same-values'
    : 'alike';
}
