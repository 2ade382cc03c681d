import type { InvoiceSummary } from '../../core/contract/invoice.ts';
import type { HistoryEntry } from '../../core/contract/http.ts';
import { changeText } from '../sync/sync-words.ts';
import { actorName, t } from '../text.ts';
import type { Decided } from './duplicates-store.ts';

/** What people know it by. */
export const nameOfSummary = ({ vendorName, invoiceNumber, documentName }: InvoiceSummary): string =>
  [vendorName, invoiceNumber].filter((part) => part !== null).join(' ') || documentName;

export function decidedText({ kind, pair: { invoice, other }, closed }: Decided): string {
  if (kind === 'not') return t('ui.duplicates.did.not', { name: nameOfSummary(invoice), other: nameOfSummary(other) });
  return t('ui.duplicates.did.merge', { name: nameOfSummary(closed === other.id ? other : invoice) });
}

const MOST = 3;

/** What came to the closed one since; its verdict may be all that changed. */
export function movedText({ pair: { invoice, other }, closed }: Decided, since: readonly HistoryEntry[]): string {
  const name = nameOfSummary(closed === other.id ? other : invoice);
  const told = [...new Set(since.map((one) => `${actorName(one.actor)}: ${changeText(one)}`))];
  const what = [...told.slice(0, MOST), ...(told.length > MOST ? [t('ui.duplicates.moved.more')] : [])].join('; ');
  return what === '' ? t('ui.duplicates.moved.verdict', { name }) : t('ui.duplicates.moved', { name, what });
}
