import type { InvoiceSummary } from '../../core/contract/invoice.ts';
import { t } from '../text.ts';
import type { Decided } from './duplicates-store.ts';

/** What people know it by. */
export const nameOfSummary = ({ vendorName, invoiceNumber, documentName }: InvoiceSummary): string =>
  [vendorName, invoiceNumber].filter((part) => part !== null).join(' ') || documentName;

export function decidedText({ kind, pair: { invoice, other }, closed }: Decided): string {
  if (kind === 'not') return t('ui.duplicates.did.not', { name: nameOfSummary(invoice), other: nameOfSummary(other) });
  return t('ui.duplicates.did.merge', { name: nameOfSummary(closed === other.id ? other : invoice) });
}
