/** The queue's list: filter, search, sort, pages by keyset, counters. */
import { and, asc, count, desc, eq, inArray, like, or, type SQL, sql } from 'drizzle-orm';
import type { BetterSQLite3Database } from 'drizzle-orm/better-sqlite3';
import type { InvoiceQuery } from '../../../core/contract/http.ts';
import type { InvoiceSummary } from '../../../core/contract/invoice.ts';
import type { InvoiceStatus } from '../../../core/invoice/states.ts';
import { DONE_STATES, decodeCursor, likePattern, pageOf, searchWords, SORT_COLUMNS } from '../list-query.ts';
import type { Store } from '../store.ts';
import { invoices, opLog } from './schema.ts';

/** The trigram index finds three letters and more; shorter words are looked for in the text itself. */
const MIN_TRIGRAM = 3;

function searchFilter(q: string): SQL | undefined {
  const words = searchWords(q);
  const long = words.filter((word) => Array.from(word).length >= MIN_TRIGRAM);
  const short = words.filter((word) => Array.from(word).length < MIN_TRIGRAM);
  const match = long.map((word) => `"${word.replaceAll('"', '""')}"`).join(' AND ');
  return and(
    long.length === 0
      ? undefined
      : sql`${invoices.row} IN (SELECT rowid FROM invoice_search WHERE invoice_search MATCH ${match})`,
    ...short.map((word) => sql`${like(invoices.search, likePattern(word))} ESCAPE '\\'`),
  );
}

/** Whatever the site has not numbered in its history of today; where there is no site, nothing waits for one. */
const UNDECIDED = sql`${invoices.id} IN (SELECT l.root FROM op_log l, sync_state s
  WHERE l.kind IN ('transition', 'duplicate.merge') AND l.verdict = 'accepted' AND (l.epoch IS NULL OR l.epoch < s.epoch))`;
const ONLY: Readonly<Record<NonNullable<InvoiceQuery['only']>, SQL>> = {
  conflict: sql`${invoices.conflicts} > 0`,
  duplicate: sql`${invoices.suspects} > 0`,
  waiting: UNDECIDED,
};

const filterOf = (query: InvoiceQuery): SQL | undefined =>
  and(
    query.status === undefined || query.status.length === 0 ? undefined : inArray(invoices.status, query.status),
    query.q === undefined ? undefined : searchFilter(query.q),
    query.only === undefined ? undefined : ONLY[query.only],
  );

export function listInvoices(orm: BetterSQLite3Database, query: InvoiceQuery): Awaited<ReturnType<Store['invoices']>> {
  const column = invoices[SORT_COLUMNS[query.sort]];
  const filter = filterOf(query);
  const from = query.cursor === undefined ? undefined : decodeCursor(query, query.cursor);
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
  const { page, next } = pageOf(query, rows);
  const total = orm.select({ n: count() }).from(invoices).where(filter).get()?.n ?? 0;
  return {
    items: page.map((row) => JSON.parse(row.summary) as InvoiceSummary),
    next,
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
        or(...DONE_STATES.map((state) => eq(invoices.state, state))),
        // What was refused for its form, or is of a newer version, may be no JSON.
        sql`EXISTS (SELECT 1 FROM op_value v WHERE v.op_id = ${opLog.opId} AND CASE WHEN json_valid(v.value) THEN json_extract(v.value, '$.to') END = 'confirmed')`,
      ),
    )
    .get();
  const many = (which: 'conflict' | 'duplicate'): number =>
    orm.select({ n: count() }).from(invoices).where(ONLY[which]).get()?.n ?? 0;
  return {
    byStatus,
    total: rows.reduce((sum, row) => sum + row.n, 0),
    doneToday: done?.n ?? 0,
    left: (byStatus.exception ?? 0) + (byStatus.ready ?? 0),
    conflicts: many('conflict'),
    conflictCells:
      orm
        .select({ n: sql<number>`coalesce(sum(conflicts), 0)` })
        .from(invoices)
        .where(ONLY.conflict)
        .get()?.n ?? 0,
    suspects: many('duplicate'),
  };
}
