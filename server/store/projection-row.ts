/** The columns that lists sort, filter and compare by, made of a projection: the same in every database. */
import { fold } from '../../core/invoice/ids.ts';
import type { ProjectionWire } from './projection-wire.ts';

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
  vendorTaxId: wire.vendorTaxId,
  sortVendor: fold(summary.vendorName ?? ''),
  sortNumber: fold(summary.invoiceNumber ?? ''),
  sortIssued: summary.issueDate ?? '',
  sortDue: summary.dueDate ?? '',
  // An amount that is missing sorts below every other.
  sortGross: summary.grossTotal === null ? Number.MIN_SAFE_INTEGER : Number(summary.grossTotal),
  attention: summary.attention,
  conflicts: wire.conflicts,
  suspects: summary.suspects ?? 0,
});
