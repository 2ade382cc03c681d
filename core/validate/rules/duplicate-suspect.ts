import type { Finding, Invoice } from '../../contract/invoice.ts';
import { evidence } from '../duplicate-evidence.ts';
import type { Evidence } from '../duplicate-evidence.ts';
import { numberKey } from '../../invoice/ids.ts';
import { ref, says, value } from '../read.ts';
import type { Rule } from '../rule.ts';

/** A copy that was keyed or read differently carries nearly the same date; a standing order has the same amount a week or a month later. */
const SAME_DOCUMENT_DAYS = 6;
/** Shorter numbers are the same by chance. */
const TELLING_NUMBER = 5;

export const duplicateSuspect: Rule = {
  code: 'DUPLICATE_SUSPECT',
  version: 2,
  needs: ['duplicateCandidates'],
  judge(invoice, context) {
    return evidence(invoice, context).flatMap((found) => {
      const variant = suspicion(invoice, found);
      return variant === undefined ? [] : [finding(this, invoice, found, variant)];
    });
  },
};

function suspicion(invoice: Invoice, found: Evidence): 'amount' | 'number' | 'number-amount' | undefined {
  const { vendor, number, sameAmount, sameFile } = found;
  const known = vendor === 'same' || vendor === 'similar';
  const sameNumber = number === 'exact' || number === 'key';
  if (sameFile || (vendor === 'same' && number === 'exact')) return undefined; // DUPLICATE_INVOICE
  if (known && sameNumber) return 'number';
  if (known && number === 'close' && sameAmount && near(found)) return 'number';
  if (known && sameAmount && near(found)) return number === 'different' && found.days !== 0 ? undefined : 'amount';
  const telling = (numberKey(value(invoice, 'invoiceNumber')) ?? '').length >= TELLING_NUMBER;
  return sameNumber && sameAmount && (telling || vendor === 'unknown') ? 'number-amount' : undefined;
}

/** Both dates unknown to each other decide nothing: then the amount alone would suspect every standing order. */
const near = ({ days }: Evidence): boolean => days !== undefined && days <= SAME_DOCUMENT_DAYS;

function finding(rule: Rule, invoice: Invoice, { other, later }: Evidence, variant: string): Finding {
  const culprit = variant === 'amount' ? 'grossTotal' : 'invoiceNumber';
  return says(rule, invoice, {
    severity: later ? 'info' : 'warning',
    cells: [ref(invoice, culprit), ref(invoice, 'vendorName'), ref(invoice, 'issueDate')],
    variant,
    params: {
      value: value(invoice, 'invoiceNumber') ?? '',
      number: other.invoiceNumber ?? '–',
      vendor: other.vendorName ?? '–',
      gross: other.grossTotal ?? '',
      date: other.issueDate ?? '–',
      name: other.documentName,
      status: other.status,
      other: other.id,
    },
    clear: 'compare-duplicate',
  });
}
