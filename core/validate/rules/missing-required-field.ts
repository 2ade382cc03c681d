import type { Invoice } from '../../contract/invoice.ts';
import type { HeaderField } from '../../invoice/fields.ts';
import { hasValues, isBill, ref, says, value } from '../read.ts';
import type { Rule } from '../rule.ts';

/** Without these no bill can be booked. Everything else may be missing on a lawful invoice. */
const REQUIRED: readonly HeaderField[] = ['invoiceNumber', 'issueDate', 'vendorName', 'currency', 'grossTotal'];

export const missingRequiredField: Rule = {
  code: 'MISSING_REQUIRED_FIELD',
  version: 1,
  needs: [],
  judge(invoice) {
    // An empty draft is said to be unread (EXTRACTION_ERROR), not five times incomplete.
    if (!isBill(invoice) || !hasValues(invoice)) return [];
    return required(invoice)
      .filter((field) => value(invoice, field) === null)
      .map((field) =>
        says(this, invoice, {
          severity: 'error',
          cells: [ref(invoice, field)],
          params: { field },
          clear: 'enter-field',
        }),
      );
  },
};

/** Receipts need no number (EU Directive 2006/112/EC, article 226b: simplified invoices). */
function required(invoice: Invoice): readonly HeaderField[] {
  return value(invoice, 'documentType') === 'receipt'
    ? REQUIRED.filter((field) => field !== 'invoiceNumber')
    : REQUIRED;
}
