/** What the rows of invoices say of their conflicts. */
import { asc, and, gt, sql } from 'drizzle-orm';
import type { BetterSQLite3Database } from 'drizzle-orm/better-sqlite3';
import type { InvoiceSummary } from '../../../core/contract/invoice.ts';
import type { ConflictQuery, ConflictTotals, MarkedInvoice } from '../open-conflicts.ts';
import type { ConflictCount } from '../station-sync-store.ts';
import { invoices } from './schema.ts';

const SHOWN = 20;

/** As the index says it. */
const IN_CONFLICT = sql`${invoices.conflicts} > 0`;

export function createConflictRows(orm: BetterSQLite3Database) {
  const totals = (): ConflictTotals => {
    const cells = sql<number>`coalesce(sum(${invoices.conflicts}), 0)`;
    const found = orm
      .select({ cells, invoices: sql<number>`count(*)` })
      .from(invoices)
      .where(IN_CONFLICT)
      .get();
    return found ?? { cells: 0, invoices: 0 };
  };
  const marked = ({ after = '', limit }: ConflictQuery): MarkedInvoice[] =>
    orm
      .select({ id: invoices.id, summary: invoices.summary })
      .from(invoices)
      .where(and(IN_CONFLICT, gt(invoices.id, after)))
      .orderBy(asc(invoices.id))
      .limit(limit)
      .all()
      .map(({ id, summary }) => ({ id, summary: JSON.parse(summary) as InvoiceSummary }));
  return {
    conflictTotals: totals,
    conflictInvoices: marked,
    conflicts: (): ConflictCount => {
      const first = marked({ limit: SHOWN });
      return { ...totals(), first: first.map(({ id, summary }) => ({ invoice: id, name: nameOf(summary) })) };
    },
  };
}

const nameOf = ({ vendorName, invoiceNumber, documentName }: InvoiceSummary): string =>
  [vendorName, invoiceNumber].filter((part) => part !== null).join(' ') || documentName;
