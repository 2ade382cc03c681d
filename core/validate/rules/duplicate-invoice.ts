import { evidence } from '../duplicate-evidence.ts';
import { ref, says, value } from '../read.ts';
import type { Rule } from '../rule.ts';

const variantOf = (later: boolean, sameFile: boolean) =>
  sameFile ? { variant: later ? 'same-file-later' : 'same-file' } : later ? { variant: 'later' } : {};

/** The same file, taken in on two stations; or same vendor, same number. Which one it is goes along (`other`), so that both can be shown side by side. */
export const duplicateInvoice: Rule = {
  code: 'DUPLICATE_INVOICE',
  version: 2,
  needs: ['duplicateCandidates'],
  judge(invoice, context) {
    return evidence(invoice, context)
      .filter(({ vendor, number, sameFile }) => sameFile || (number === 'exact' && vendor === 'same'))
      .map(({ other, later, sameFile }) =>
        says(this, invoice, {
          severity: later ? 'info' : 'error',
          cells: [ref(invoice, 'invoiceNumber'), ref(invoice, 'vendorName')],
          ...variantOf(later, sameFile),
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
