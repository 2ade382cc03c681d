/** What the rows of invoices say of their conflicts. */
import { and, asc, eq, gt, sql } from 'drizzle-orm';
import type { InvoiceSummary } from '../../../core/contract/invoice.ts';
import {
  type ConflictPage,
  conflictPage,
  type ConflictQuery,
  type ConflictTotals,
  type MarkedInvoice,
} from '../open-conflicts.ts';
import type { Orm } from './connection.ts';
import { readOps } from './reads.ts';
import { invoices } from './schema.ts';

/** As the index says it. */
const IN_CONFLICT = sql`${invoices.conflicts} > 0`;

export async function conflictTotals(orm: Orm, site: string): Promise<ConflictTotals> {
  const [row] = await orm
    .select({
      cells: sql<number>`coalesce(sum(${invoices.conflicts}), 0)::int`,
      invoices: sql<number>`count(*)::int`,
    })
    .from(invoices)
    .where(and(eq(invoices.site, site), IN_CONFLICT));
  return row ?? { cells: 0, invoices: 0 };
}

export async function readConflicts(
  orm: Orm,
  site: string,
  { after = '', limit }: ConflictQuery,
): Promise<ConflictPage> {
  const rows = await orm
    .select({ id: invoices.id, summary: invoices.summary })
    .from(invoices)
    .where(and(eq(invoices.site, site), IN_CONFLICT, gt(invoices.id, after)))
    .orderBy(asc(invoices.id))
    .limit(limit);
  const marked = rows.map(({ id, summary }): MarkedInvoice => ({ id, summary: summary as InvoiceSummary }));
  return conflictPage(marked, limit, (id) => readOps(orm, site, id));
}
