/** What the reading thread can be asked: whatever may look at many rows. A long search delays the next search, never a save. */
import { drizzle } from 'drizzle-orm/better-sqlite3';
import type { InvoiceQuery } from '../../../core/contract/http.ts';
import { countInvoices, listInvoices } from './list.ts';
import { createConflictRows } from './conflict-count.ts';
import { createLessons } from './lessons.ts';
import { openForReading } from './open.ts';
import { createReads } from './reads.ts';

export type Queries = ReturnType<typeof createQueries>;

export function createQueries(path: string) {
  const opened = openForReading(path);
  const orm = drizzle({ client: opened.db });
  const reads = createReads(orm);
  /** The page and its total, or two counts, from one moment; begun after whatever was committed before the call, so that it is seen. */
  const list = opened.db.transaction((query: InvoiceQuery) => listInvoices(orm, query));
  const counters = opened.db.transaction((startOfToday: string) => countInvoices(orm, startOfToday));
  return {
    invoices: (query: InvoiceQuery) => list(query),
    counters: (startOfToday: string) => counters(startOfToday),
    invoiceIds: reads.invoiceIds,
    exportBatches: reads.exportBatches,
    learntVendors: createLessons(orm).vendors,
    ...createConflictRows(orm),
    close: (): void => opened.close(),
  };
}
