/** The queue's list: filter, search, sort, pages by keyset, counters. */
import { and, asc, count, desc, eq, inArray, like, or, type SQL, sql } from 'drizzle-orm';
import type { BetterSQLite3Database } from 'drizzle-orm/better-sqlite3';
import { z } from 'zod';
import { AppError } from '../../../core/contract/errors.ts';
import type { InvoiceQuery } from '../../../core/contract/http.ts';
import type { InvoiceSummary } from '../../../core/contract/invoice.ts';
import type { InvoiceStatus } from '../../../core/invoice/states.ts';
import { foldText } from '../../../core/invoice/summary.ts';
import type { Store } from '../store.ts';
import { invoices, opLog } from './schema.ts';

const SORT_COLUMNS = {
  createdAt: invoices.createdAt,
  updatedAt: invoices.updatedAt,
  issueDate: invoices.sortIssued,
  dueDate: invoices.sortDue,
  vendorName: invoices.sortVendor,
  invoiceNumber: invoices.sortNumber,
  grossTotal: invoices.sortGross,
  attention: invoices.attention,
} as const;

/** Where the page before ended: value of the sort column and row number, which makes the order total. */
const Cursor = z.tuple([z.string(), z.union([z.string(), z.number()]), z.int()]);

const encode = (query: InvoiceQuery, value: string | number, row: number): string =>
  Buffer.from(JSON.stringify([`${query.sort} ${query.order}`, value, row])).toString('base64url');

function decode(query: InvoiceQuery, cursor: string): { value: string | number; row: number } {
  try {
    const [sort, value, row] = Cursor.parse(JSON.parse(Buffer.from(cursor, 'base64url').toString()));
    if (sort === `${query.sort} ${query.order}`) return { value, row };
  } catch {
    // told below: a cursor is opaque, so that all that can be said is that it does not fit
  }
  throw new AppError('bad_request', 'The cursor does not belong to this sort order. Start again without a cursor.');
}

/** The trigram index finds three letters and more; shorter words are looked for in the text itself. */
const MIN_TRIGRAM = 3;

const escaped = (word: string): string => `%${word.replaceAll(/[\\%_]/g, String.raw`\$&`)}%`;

function searchFilter(q: string): SQL | undefined {
  const words = foldText(q).split(/\s+/u).filter(Boolean);
  const long = words.filter((word) => Array.from(word).length >= MIN_TRIGRAM);
  const short = words.filter((word) => Array.from(word).length < MIN_TRIGRAM);
  const match = long.map((word) => `"${word.replaceAll('"', '""')}"`).join(' AND ');
  return and(
    long.length === 0
      ? undefined
      : sql`${invoices.row} IN (SELECT rowid FROM invoice_search WHERE invoice_search MATCH ${match})`,
    ...short.map((word) => sql`${like(invoices.search, escaped(word))} ESCAPE '\\'`),
  );
}

const filterOf = (query: InvoiceQuery): SQL | undefined =>
  and(
    query.status === undefined || query.status.length === 0 ? undefined : inArray(invoices.status, query.status),
    query.q === undefined ? undefined : searchFilter(query.q),
  );

export function listInvoices(orm: BetterSQLite3Database, query: InvoiceQuery): Awaited<ReturnType<Store['invoices']>> {
  const column = SORT_COLUMNS[query.sort];
  const filter = filterOf(query);
  const from = query.cursor === undefined ? undefined : decode(query, query.cursor);
  const compare = query.order === 'asc' ? sql`>` : sql`<`;
  const after = from && sql`(${column}, ${invoices.row}) ${compare} (${from.value}, ${from.row})`;
  const direction = query.order === 'asc' ? asc : desc;
  const rows = orm
    .select({ row: invoices.row, value: column, summary: invoices.summary })
    .from(invoices)
    .where(and(filter, after))
    .orderBy(direction(column), direction(invoices.row))
    .limit(query.limit + 1)
    .all();
  const page = rows.slice(0, query.limit);
  const last = page.at(-1);
  const total = orm.select({ n: count() }).from(invoices).where(filter).get()?.n ?? 0;
  return {
    items: page.map((row) => JSON.parse(row.summary) as InvoiceSummary),
    next: rows.length > page.length && last !== undefined ? encode(query, last.value, last.row) : null,
    total,
  };
}

export function countInvoices(
  orm: BetterSQLite3Database,
  startOfToday: string,
): Awaited<ReturnType<Store['counters']>> {
  const rows = orm.select({ status: invoices.status, n: count() }).from(invoices).groupBy(invoices.status).all();
  const byStatus = Object.fromEntries(rows.map((row) => [row.status, row.n])) as Partial<Record<InvoiceStatus, number>>;
  const done = orm
    .select({ n: sql<number>`count(DISTINCT ${invoices.id})` })
    .from(opLog)
    .innerJoin(invoices, eq(invoices.id, opLog.root))
    .where(
      and(
        sql`${opLog.kind} = 'transition'`,
        sql`${opLog.receivedAt} >= ${startOfToday}`,
        // Confirmed today and not taken back since.
        or(...['confirmed', 'approved', 'staged', 'exported'].map((state) => eq(invoices.state, state))),
        sql`EXISTS (SELECT 1 FROM op_value v WHERE v.op_id = ${opLog.opId} AND json_extract(v.value, '$.to') = 'confirmed')`,
      ),
    )
    .get();
  return {
    byStatus,
    total: rows.reduce((sum, row) => sum + row.n, 0),
    doneToday: done?.n ?? 0,
    left: (byStatus.exception ?? 0) + (byStatus.ready ?? 0),
  };
}
