/** The columns that lists sort, filter and compare by, made of a projection: the same in every database. */
import { fold } from '../../core/invoice/ids.ts';
import { clipped } from '../../core/invoice/summary.ts';
import type { ProjectionWire } from './projection-wire.ts';

/** An amount that is missing, or is none, sorts below every other; one that no number holds above them. */
function amountToSortBy(amount: string | null): number {
  const number = amount === null ? Number.NaN : Number(amount);
  if (Number.isNaN(number)) return Number.MIN_SAFE_INTEGER;
  return Math.max(-Number.MAX_VALUE, Math.min(number, Number.MAX_VALUE));
}

export const projectionRow = ({ summary, keys, ...wire }: ProjectionWire) => ({
  id: wire.id,
  revision: summary.revision,
  state: wire.state,
  status: summary.status,
  createdAt: summary.createdAt,
  updatedAt: summary.updatedAt,
  documentSha: keys.documentSha,
  vendorKey: keys.vendorKey,
  numberKey: keys.numberKey,
  grossTotal: keys.grossTotal,
  vendorTaxId: clipped(wire.vendorTaxId),
  sortVendor: clipped(fold(summary.vendorName ?? '')),
  sortNumber: clipped(fold(summary.invoiceNumber ?? '')),
  sortIssued: clipped(summary.issueDate ?? ''),
  sortDue: clipped(summary.dueDate ?? ''),
  sortGross: amountToSortBy(summary.grossTotal),
  attention: summary.attention,
  conflicts: wire.conflicts,
  suspects: summary.suspects ?? 0,
});
