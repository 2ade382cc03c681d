/** The queue's list: filter, search, sort, pages by keyset, counters. */
import { and, asc, desc, eq, gte, inArray, type SQL, sql } from 'drizzle-orm';
import { AppError } from '../../../core/contract/errors.ts';
import type { InvoiceQuery } from '../../../core/contract/http.ts';
import type { InvoiceSummary } from '../../../core/contract/invoice.ts';
import type { InvoiceStatus } from '../../../core/invoice/states.ts';
import { DONE_STATES, decodeCursor, likePattern, pageOf, searchWords, SORT_COLUMNS } from '../list-query.ts';
import { isInstant } from '../instant.ts';
import type { Store } from '../store.ts';
import type { Orm } from './connection.ts';
import { invoiceCount, invoices, opLog, opValue } from './schema.ts';

const instant = (value: string | number): boolean => typeof value === 'string' && isInstant(value);
/** What a column can be compared with; the others hold text. */
const FITS: Readonly<Partial<Record<InvoiceQuery['sort'], (value: string | number) => boolean>>> = {
  createdAt: instant,
  updatedAt: instant,
  grossTotal: Number.isFinite,
  attention: (value) => Number.isInteger(value) && Math.abs(Number(value)) < 2 ** 31,
};

/** A cursor comes from outside: what does not fit the column is refused here, not by the database. */
function positionOf(query: InvoiceQuery): { value: string | number; row: number } | undefined {
  if (query.cursor === undefined) return undefined;
  const from = decodeCursor(query, query.cursor);
  const fits = FITS[query.sort]?.(from.value) ?? (typeof from.value === 'string' && !from.value.includes('\0'));
  if (fits) return from;
  throw new AppError('bad_request', 'The cursor does not belong to this sort order. Start again without a cursor.');
}

/**
 * The longest word first: the index looks for that one, the others are looked for in what it finds. As an array, because it is then found once, and rows are
 * fetched by their numbers: with a join the planner may walk the whole list in order, hoping to meet enough of them soon.
 */
function searchFilter(q: string): SQL | undefined {
  const words = searchWords(q).toSorted((a, b) => b.length - a.length);
  if (words.length === 0) return undefined;
  return sql`${invoices.row} = ANY (ARRAY(SELECT find_invoices(${sql.param(words.map(likePattern))}::text[])))`;
}

/** A site decides: nothing waits for it. */
const ONLY: Readonly<Record<NonNullable<InvoiceQuery['only']>, SQL>> = {
  conflict: sql`${invoices.conflicts} > 0`,
  duplicate: sql`${invoices.suspects} > 0`,
  waiting: sql`false`,
};

const filterOf = (site: string, query: InvoiceQuery): SQL | undefined =>
  and(
    eq(invoices.site, site),
    query.status === undefined || query.status.length === 0 ? undefined : inArray(invoices.status, query.status),
    query.q === undefined ? undefined : searchFilter(query.q.replaceAll('\0', '')),
    query.only === undefined ? undefined : ONLY[query.only],
  );

/** Counted beforehand where no text is searched for. */
async function totalOf(orm: Orm, site: string, query: InvoiceQuery): Promise<number> {
  if (query.only !== undefined || (query.q !== undefined && searchWords(query.q).length > 0)) {
    const [row] = await orm
      .select({ n: sql<number>`count(*)::int` })
      .from(invoices)
      .where(filterOf(site, query));
    return row?.n ?? 0;
  }
  const some = query.status !== undefined && query.status.length > 0 ? new Set<string>(query.status) : undefined;
  const rows = await orm.select().from(invoiceCount).where(eq(invoiceCount.site, site));
  return rows.reduce((sum, { status, n }) => (some === undefined || some.has(status) ? sum + n : sum), 0);
}

export async function listInvoices(
  orm: Orm,
  site: string,
  query: InvoiceQuery,
): Promise<Awaited<ReturnType<Store['invoices']>>> {
  const column = invoices[SORT_COLUMNS[query.sort]];
  const from = positionOf(query);
  const compare = query.order === 'asc' ? sql`>` : sql`<`;
  const after = from && sql`(${column}, ${invoices.row}) ${compare} (${from.value}, ${from.row})`;
  const direction = query.order === 'asc' ? asc : desc;
  const [rows, total] = await Promise.all([
    orm
      .select({ row: invoices.row, value: column, summary: invoices.summary })
      .from(invoices)
      .where(and(filterOf(site, query), after))
      .orderBy(direction(column), direction(invoices.row))
      .limit(query.limit + 1),
    totalOf(orm, site, query),
  ]);
  const { page, next } = pageOf(query, rows);
  return {
    items: page.map((row) => row.summary as InvoiceSummary),
    next,
    total,
  };
}

export async function countInvoices(
  orm: Orm,
  site: string,
  startOfToday: string,
): Promise<Awaited<ReturnType<Store['counters']>>> {
  const many = (which: 'conflict' | 'duplicate') =>
    sql<number>`(SELECT count(*)::int FROM ${invoices} WHERE ${invoices.site} = ${site} AND ${ONLY[which]})`;
  const cells = sql<number>`(SELECT coalesce(sum(conflicts), 0)::int FROM ${invoices} WHERE ${invoices.site} = ${site} AND ${ONLY.conflict})`;
  const [rows, [done], [open]] = await Promise.all([
    orm.select().from(invoiceCount).where(eq(invoiceCount.site, site)),
    orm
      .select({ n: sql<number>`count(DISTINCT ${opLog.root})::int` })
      .from(opLog)
      .where(
        and(
          eq(opLog.site, site),
          sql`${opLog.kind} = 'transition'`,
          gte(opLog.receivedAt, startOfToday),
          // Confirmed today and not taken back since. The content is JSON, and empty where it was erased. Looked up for each, not joined: the planner takes the
          // match for so rare that on a busy day it would begin by reading what was ever written.
          sql`(SELECT v.value FROM ${opValue} v WHERE v.site = ${opLog.site} AND v.op_id = ${opLog.opId}) ~ '"to" *: *"confirmed"'`,
          sql`(SELECT i.state FROM ${invoices} i WHERE i.site = ${opLog.site} AND i.id = ${opLog.root}) IN ${[...DONE_STATES]}`,
        ),
      ),
    orm
      .select({ conflicts: many('conflict'), conflictCells: cells, suspects: many('duplicate') })
      .from(sql`(SELECT 1) AS one`),
  ]);
  const some = rows.filter(({ n }) => n > 0);
  const byStatus = Object.fromEntries(some.map((row) => [row.status, row.n])) as Partial<Record<InvoiceStatus, number>>;
  return {
    byStatus,
    total: some.reduce((sum, row) => sum + row.n, 0),
    doneToday: done?.n ?? 0,
    left: (byStatus.exception ?? 0) + (byStatus.ready ?? 0),
    conflicts: open?.conflicts ?? 0,
    conflictCells: open?.conflictCells ?? 0,
    suspects: open?.suspects ?? 0,
  };
}
