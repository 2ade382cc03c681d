import { ref, says } from '../read.ts';
import type { Rule } from '../rule.ts';

/**
 * The page names another account than this vendor's confirmed invoices. The most common fraud with invoices looks exactly like this: the account is never
 * replaced by the known one and never believed without a person who says why.
 */
export const bankDetailsChanged: Rule = {
  code: 'BANK_DETAILS_CHANGED',
  version: 1,
  needs: [],
  judge(invoice) {
    const now = invoice.header.vendorIban?.value;
    return (invoice.reading?.notes ?? [])
      .filter((note) => note.code === 'IBAN_DIFFERS_FROM_KNOWN')
      .filter(({ params }) => typeof now === 'string' && now !== params['known'])
      .map(({ params }) =>
        says(this, invoice, {
          severity: 'error',
          cells: [ref(invoice, 'vendorIban')],
          params: { known: params['known'] ?? '' },
          clear: 'call-vendor',
        }),
      );
  },
};
