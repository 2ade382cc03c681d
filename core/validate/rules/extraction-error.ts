import { hasValues, says } from '../read.ts';
import type { Rule } from '../rule.ts';

/** The document could not be read. It blocks an empty draft; once a person has typed the invoice in, it only says where the values come from. */
export const extractionError: Rule = {
  code: 'EXTRACTION_ERROR',
  version: 1,
  needs: [],
  judge(invoice) {
    if (invoice.reading === null) return [];
    const { unreadable } = invoice.reading;
    const typed = hasValues(invoice);
    if (unreadable !== undefined) {
      const params = { reason: unreadable.reason, detail: unreadable.detail };
      return [says(this, invoice, { severity: typed ? 'info' : 'error', cells: [], params, clear: 'read-again' })];
    }
    if (typed) return [];
    return [says(this, invoice, { severity: 'error', cells: [], variant: 'nothing', clear: 'read-again' })];
  },
};
