import { hasValues, isBill, says, value } from '../read.ts';
import type { Rule } from '../rule.ts';

/** A bill can be booked on its totals, so this warns; a receipt is not expected to have lines. */
export const noLineItems: Rule = {
  code: 'NO_LINE_ITEMS',
  version: 1,
  needs: [],
  judge(invoice) {
    if (invoice.lines.length > 0 || !isBill(invoice) || !hasValues(invoice)) return [];
    if (value(invoice, 'documentType') === 'receipt') return [];
    return [says(this, invoice, { severity: 'warning', cells: [], clear: 'add-lines' })];
  },
};
