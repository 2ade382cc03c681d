/** A projection on its way to the store's thread. Apart from what writes it, so that the server's own thread need not load the database's packages. */
import type { Line } from '../../core/contract/invoice.ts';
import type { Projection } from './store.ts';

/** What crosses to the store's thread: the invoice as text, so that it is neither cloned nor printed twice. */
export interface ProjectionWire {
  readonly id: string;
  readonly expect: number;
  readonly state: string;
  readonly vendorTaxId: string | null;
  readonly conflicts: number;
  readonly invoice: string;
  readonly lines: readonly LineRow[];
  readonly summary: Projection['summary'];
  readonly search: string;
  readonly keys: Projection['keys'];
}

export interface LineRow {
  readonly id: string;
  readonly ord: string;
  readonly articleNumber: string | null;
  readonly description: string | null;
  readonly quantity: string | null;
  readonly unitPrice: string | null;
  readonly lineTotal: string | null;
}

const lineRow = ({ id, order, cells }: Line): LineRow => ({
  id,
  ord: order,
  articleNumber: cells.articleNumber?.value ?? null,
  description: cells.description?.value ?? null,
  quantity: cells.quantity?.value ?? null,
  unitPrice: cells.unitPrice?.value ?? null,
  lineTotal: cells.lineTotal?.value ?? null,
});

export const projectionWire = (expect: number, { invoice, summary, search, keys }: Projection): ProjectionWire => ({
  id: invoice.id,
  expect,
  state: invoice.state,
  conflicts: invoice.conflicts ?? 0,
  vendorTaxId: invoice.header.vendorTaxId?.value ?? null,
  invoice: JSON.stringify(invoice),
  lines: invoice.lines.map(lineRow),
  summary,
  search,
  keys,
});
