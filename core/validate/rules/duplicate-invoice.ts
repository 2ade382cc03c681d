import { evidence } from '../duplicate-evidence.ts';
import { ref, says, value } from '../read.ts';
import type { Rule } from '../rule.ts';

/** Same vendor, same number. Which one it is goes along (`other`), so that both can be shown side by side. */
export const duplicateInvoice: Rule = {
  code: 'DUPLICATE_INVOICE',
  version: 1,
  needs: ['duplicateCandidates'],
  judge(invoice, context) {
    return evidence(invoice, context)
      .filter(({ vendor, number }) => number === 'exact' && vendor === 'same')
      .map(({ other, later }) =>
        says(this, invoice, {
          severity: later ? 'info' : 'error',
          cells: [ref(invoice, 'invoiceNumber'), ref(invoice, 'vendorName')],
          ...(later ? { variant: 'later' } : {}),
          params: {
            number: value(invoice, 'invoiceNumber') ?? '',
            vendor: other.vendorName ?? value(invoice, 'vendorName') ?? '',
            name: other.documentName,
            status: other.status,
            other: other.id,
          },
          clear: 'compare-duplicate',
        }),
      );
  },
};
