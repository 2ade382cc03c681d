import { HEADER_FIELDS } from '../../invoice/fields.ts';
import type { HeaderField } from '../../invoice/fields.ts';
import { ref, says } from '../read.ts';
import type { Rule } from '../rule.ts';

/** A difference here changes what is paid, to whom, or whether the tax can be deducted. */
const SERIOUS: ReadonlySet<string> = new Set<HeaderField>([
  'invoiceNumber',
  'currency',
  'vendorTaxId',
  'vendorIban',
  'netTotal',
  'taxTotal',
  'grossTotal',
  'amountDue',
]);

/** The reader compares an e-invoice's XML with the page it came on and notes each difference. */
export const xmlPageMismatch: Rule = {
  code: 'XML_PAGE_MISMATCH',
  version: 1,
  needs: [],
  judge(invoice) {
    const notes = (invoice.reading?.notes ?? []).filter((note) => note.code === 'XML_PAGE_MISMATCH');
    return notes.flatMap((note) => {
      const { field = '', xml = '', page } = note.params;
      if (!Object.hasOwn(HEADER_FIELDS, field)) return [];
      const name = field as HeaderField;
      // A person who has looked and set the field has decided which one counts.
      if (invoice.header[name]?.actor !== undefined) return [];
      return [
        says(this, invoice, {
          severity: SERIOUS.has(field) && page !== undefined ? 'error' : 'warning',
          cells: [ref(invoice, name)],
          ...(page === undefined ? { variant: 'absent', params: { field, xml } } : { params: { field, xml, page } }),
          clear: 'compare-xml',
        }),
      ];
    });
  },
};
