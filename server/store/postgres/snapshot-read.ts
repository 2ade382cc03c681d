/** Reads all of a site that a snapshot carries, from one moment, in pieces: cursors of one transaction, whose rows go to the file while the next ones come. */
import { type SQL, sql } from 'drizzle-orm';
import { INVOICE_STATES } from '../../../core/invoice/states.ts';
import { KINDS } from '../../../core/sync/kinds.ts';
import { isClosed } from '../../../core/sync/retention.ts';
import type { OpKind } from '../../../core/sync/op.ts';
import type { ReadSnapshot, SignedRow, SnapshotSink, SnapshotWish } from '../hub-snapshots.ts';
import type { SiteHistory } from '../hub-store.ts';
import type { Connections, Transaction } from './connection.ts';
import { given } from './text.ts';

/** Rows between two turns of the event loop; an invoice has about 4 kB. */
const SLICE = 1_000;
const INVOICES = 250;
/** Reads whole tables; nobody waits for it at a screen. */
const LONG_MS = 600_000;

/** Whose operations are left out where they are old: those of invoices and documents. All others are few, and are looked at whole. */
const COMMON = (Object.keys(KINDS) as OpKind[]).filter((kind) => ['invoice', 'document'].includes(KINDS[kind].root));
const CLOSED = INVOICE_STATES.filter(isClosed);

type Row = Record<string, unknown>;
/** Column -> how it is read, as the station keeps it. */
type Shape = ReadonlyMap<string, SQL>;

const asStation: Readonly<Record<string, (column: SQL) => SQL>> = {
  'timestamp with time zone': (column) => sql`to_char(${column} AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"')`,
  json: (column) => sql`${column}::text`,
  boolean: (column) => sql`${column}::int`,
  bigint: (column) => sql`${column}::float8`,
};

interface Reading {
  readonly tx: Transaction;
  readonly site: string;
  readonly sink: SnapshotSink;
  readonly signal: AbortSignal;
  readonly shapeOf: (table: string, alias: string) => Shape;
}

async function shapes(tx: Transaction): Promise<(table: string, alias: string) => Shape> {
  const rows = await tx.send<{ table: string; column: string; type: string }>(sql`
    SELECT table_name AS table, column_name AS column, data_type AS type FROM information_schema.columns WHERE table_schema = 'public'`);
  return (table, alias) =>
    new Map(
      rows
        .filter((row) => row.table === table)
        .map(({ column, type }) => {
          const plain = sql.raw(`${alias}."${column}"`);
          return [column, asStation[type]?.(plain) ?? plain];
        }),
    );
}

const list = (parts: readonly SQL[]): SQL => sql.join([...parts], sql`, `);
const named = ([name, value]: readonly [string, SQL]): SQL => sql`${value} AS ${sql.raw(`"${name}"`)}`;

/** Rows of a query, a slice at a time; the next slice is on its way while one is worked on. */
async function* slices(tx: Transaction, name: string, query: SQL, size = SLICE): AsyncGenerator<Row[]> {
  await tx.send(sql`${sql.raw(`DECLARE ${name} NO SCROLL CURSOR FOR `)}${query}`);
  const fetch = (): Promise<Row[]> => tx.send(sql.raw(`FETCH ${size} FROM ${name}`));
  let next = fetch();
  for (;;) {
    const rows = await next;
    if (rows.length === 0) break;
    next = fetch();
    next.catch(() => undefined);
    yield rows;
  }
  await tx.send(sql.raw(`CLOSE ${name}`));
}

/** What the file has a column for, in its order. A column that the site has not is left empty. */
async function carry({ sink, signal }: Reading, table: string, rows: readonly Row[]): Promise<void> {
  signal.throwIfAborted();
  const columns = sink.columns[table];
  if (columns === undefined || rows.length === 0) return;
  await sink.add(
    table,
    rows.map((row) => columns.map((column) => row[column] ?? null)),
  );
}

/** A table that both have, whole, in the order of its key. */
async function whole(
  reading: Reading,
  table: string,
  order: SQL,
  change: (row: Row) => Row = (row) => row,
): Promise<void> {
  const { tx, site, shapeOf, sink } = reading;
  const shape = shapeOf(table, 't');
  const columns = sink.columns[table]?.filter((column) => shape.has(column)) ?? [];
  if (columns.length === 0) return;
  const wanted = list(columns.map((column) => named([column, shape.get(column) ?? sql`NULL`])));
  const query = sql`SELECT ${wanted} FROM ${sql.raw(table)} t WHERE t.site = ${site} ORDER BY ${order}`;
  for await (const rows of slices(tx, `all_${table}`, query)) await carry(reading, table, rows.map(change));
}

const decoded =
  (...columns: readonly string[]) =>
  (row: Row): Row => ({
    ...row,
    ...Object.fromEntries(columns.map((column) => [column, given(row[column] as string | null)])),
  });

/**
 * Roots whose operations are carried: open invoices, those that changed lately, are in conflict or are not shown as they are yet, and their documents; and documents that
 * no invoice is of.
 */
async function keptRoots({ tx, site }: Reading, since: string): Promise<readonly string[]> {
  const rows = await tx.send<{ root: string }>(sql`
    WITH kept AS (
      SELECT i.id, i.document_sha FROM invoices i WHERE i.site = ${site}
        AND (i.state <> ALL (${sql.param(CLOSED)}::text[]) OR i.updated_at >= ${since}::timestamptz OR i.conflicts > 0
          OR i.id IN (SELECT j.root FROM job j WHERE j.site = ${site} AND j.name = 'refresh' AND j.state IN ('waiting', 'running', 'dead'))
          OR i.id IN (SELECT l.root FROM op_log l WHERE l.site = ${site} AND l.kind <> ALL (${sql.param(Object.keys(KINDS))}::text[])))
    )
    SELECT id AS root FROM kept UNION SELECT document_sha FROM kept
    UNION SELECT j.root FROM job j WHERE j.site = ${site} AND j.name = 'refresh' AND j.state IN ('waiting', 'running', 'dead')
    UNION SELECT d.sha256 FROM documents d WHERE d.site = ${site} AND NOT EXISTS (
      SELECT 1 FROM invoices i WHERE i.site = ${site} AND i.document_sha = d.sha256)`);
  return rows.map(({ root }) => root);
}

const OPS = (site: string, kept: readonly string[]): SQL => sql`
  SELECT l.op_id, l.device, l.dev_seq::float8 AS dev_seq, l.root, l.kind, l.body, l.hash, l.seq::float8 AS seq, l.verdict, l.head_sig,
    CASE WHEN l.head_sig IS NOT NULL THEN (SELECT r.role FROM sync_role r WHERE r.site = l.site AND r.device = l.device AND r.from_seq <= l.dev_seq
      ORDER BY r.from_seq DESC LIMIT 1) END AS role,
    to_char(l.received_at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"') AS received_at,
    CASE WHEN v.op_id IS NULL THEN coalesce(l.erased_by, l.op_id) ELSE l.erased_by END AS erased_by,
    v.value, v.reason, v.salt
  FROM op_log l LEFT JOIN op_value v ON v.site = ${site} AND v.op_id = l.op_id
  WHERE l.site = ${site} AND (l.root = ANY (${sql.param([...kept])}::text[]) OR l.kind <> ALL (${sql.param(COMMON)}::text[]))
  ORDER BY l.seq`;

const text = (value: unknown): string => String(value);

async function readOps(
  reading: Reading,
  { epoch }: SiteHistory,
  kept: readonly string[],
  headsOf: SnapshotWish['headsOf'],
): Promise<{ ops: number; opSchema: number }> {
  let ops = 0;
  let opSchema = 1;
  for await (const rows of slices(reading.tx, 'ops', OPS(reading.site, kept))) {
    const found = rows.map((row) => decoded('value', 'reason', 'salt')({ ...row, epoch, local_seq: row['seq'] }));
    for (const { body } of found) opSchema = Math.max(opSchema, schemaOf(text(body)));
    await carry(reading, 'op_log', found);
    await carry(
      reading,
      'op_value',
      found.filter(({ salt }) => salt !== null),
    );
    const heads = await headsOf(found.map(signedRow));
    await carry(
      reading,
      'sync_head',
      heads.map((head) => ({ ...head })),
    );
    await carry(
      reading,
      'sync_receipt',
      heads.flatMap(({ hash, receipt }) => (receipt === undefined ? [] : [{ hash, ...receipt }])),
    );
    ops += rows.length;
  }
  return { ops, opSchema };
}

const schemaOf = (body: string): number => (JSON.parse(body) as { schema: number }).schema;

const signedRow = (row: Row): SignedRow => ({
  device: text(row['device']),
  devSeq: Number(row['dev_seq']),
  hash: text(row['hash']),
  headSig: row['head_sig'] as string | null,
  role: row['role'] as string | null,
  bytes: text(row['body']).length + text(row['value'] ?? '').length,
});

/** Of all others the operations are at the site. */
async function readGone(reading: Reading, history: SiteHistory, kept: readonly string[]): Promise<void> {
  const { tx, site } = reading;
  const ids = sql`${sql.param([...kept])}::text[]`;
  const invoices = sql`SELECT i.id AS root, i.revision AS ops, 0 AS wanted FROM invoices i WHERE i.site = ${site} AND i.id <> ALL (${ids})`;
  for await (const rows of slices(tx, 'gone', invoices)) await carry(reading, 'gone_root', rows);
  const refused = sql`SELECT op_id FROM op_log l WHERE l.site = ${site} AND l.verdict <> 'accepted' AND l.root <> ALL (${ids}) AND l.kind = ANY (${sql.param(COMMON)}::text[])`;
  for await (const rows of slices(tx, 'refused', refused)) await carry(reading, 'gone_refused', rows);
  const chains = sql`SELECT device, dev_seq::float8 AS dev_seq, hash FROM sync_device WHERE site = ${site} AND dev_seq > 0
    UNION ALL SELECT device, dev_seq::float8, head_hash FROM site_head WHERE site = ${site} AND dev_seq > 0`;
  await carry(reading, 'gone_chain', await tx.send(chains));
  if (history.seq === 0) throw new Error('a site without operations has no snapshot');
}

async function readInvoices(reading: Reading, progress: (done: number) => void): Promise<number> {
  const { tx, site, sink, shapeOf } = reading;
  const shape = shapeOf('invoices', 'i');
  const columns = sink.columns['invoices']?.filter((column) => shape.has(column)) ?? [];
  const wanted = list(columns.map((column) => named([column, shape.get(column) ?? sql`NULL`])));
  const query = sql`SELECT ${wanted} FROM invoices i WHERE i.site = ${site} ORDER BY i.row`;
  const lineShape = shapeOf('lines', 'l');
  const lineColumns = sink.columns['lines']?.filter((column) => lineShape.has(column) && column !== 'invoice') ?? [];
  const wantedOfLines = list(lineColumns.map((column) => named([column, lineShape.get(column) ?? sql`NULL`])));
  let done = 0;
  for await (const rows of slices(tx, 'invoice_rows', query, INVOICES)) {
    const ids = sql`${sql.param(rows.map(({ id }) => id))}::text[]`;
    const numbers = new Map(rows.map(({ id, row }) => [id, row]));
    const [texts, data, lines] = await Promise.all([
      tx.send<Row>(
        sql`SELECT of_row::float8 AS row, found AS text FROM texts_of_invoices(${sql.param(rows.map(({ row }) => row))}::bigint[])`,
      ),
      tx.send<Row>(
        sql`SELECT d.invoice, d.data FROM invoice_data d WHERE d.site = ${site} AND d.invoice = ANY (${ids})`,
      ),
      tx.send<Row>(
        sql`SELECT l.invoice, ${wantedOfLines} FROM lines l WHERE l.site = ${site} AND l.invoice = ANY (${ids}) ORDER BY l.invoice, l.id`,
      ),
    ]);
    const searched = new Map(texts.map(({ row, text: found }) => [row, found]));
    await carry(
      reading,
      'invoices',
      rows.map((row) => ({ ...row, search: searched.get(row['row']) ?? '' })),
    );
    await carry(
      reading,
      'invoice_data',
      data.map((one) => ({ row: numbers.get(one['invoice']), data: one['data'] })),
    );
    await carry(
      reading,
      'lines',
      lines.map((one) => ({ ...one, invoice: numbers.get(one['invoice']) })),
    );
    done += rows.length;
    progress(done);
  }
  return done;
}

/** What is behind at the site is behind in the file, and is made again there. */
async function readJobs(reading: Reading): Promise<void> {
  const { tx, site } = reading;
  const jobs = await tx.send<Row>(sql`
    SELECT DISTINCT ON (j.root) j.id, j.name, j.root, j.data::text AS data, j.priority, 'waiting' AS state, 0 AS attempts, 0 AS failures, 0 AS progress, '' AS stage,
      0 AS run_at, to_char(j.created_at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"') AS created_at,
      to_char(j.updated_at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"') AS updated_at
    FROM job j WHERE j.site = ${site} AND j.name = 'refresh' AND j.state IN ('waiting', 'running', 'dead') ORDER BY j.root`);
  await carry(reading, 'job', jobs);
}

async function readAll(tx: Transaction, site: string, wish: SnapshotWish): Promise<ReadSnapshot> {
  const { since, begin, headsOf, progress, signal } = wish;
  const [history] = await tx.send<Row & SiteHistory>(sql`
    SELECT device, epoch, seq::float8 AS seq, site_hash AS "siteHash", durable_seq::float8 AS "durableSeq" FROM site_head WHERE site = ${site}`);
  if (history === undefined) throw new Error(`there is no site ${site}`);
  const [counted] = await tx.send<{ n: number }>(sql`SELECT count(*)::int AS n FROM invoices WHERE site = ${site}`);
  const reading: Reading = { tx, site, sink: await begin(), signal, shapeOf: await shapes(tx) };
  const kept = await keptRoots(reading, since);
  await readGone(reading, history, kept);
  const { ops, opSchema } = await readOps(reading, history, kept, headsOf);
  await whole(reading, 'cell_head', sql`t.entity, t.field, t.op_id`, decoded('value'));
  await whole(reading, 'superseded', sql`t.entity, t.field, t.op_id`);
  await whole(reading, 'documents', sql`t.sha256`);
  const total = Math.max(1, counted?.n ?? 0);
  const invoices = await readInvoices(reading, (done) => progress(done / total));
  await whole(reading, 'lesson', sql`t.id`);
  await whole(reading, 'lesson_key', sql`t.key, t.vendor, t.lesson`);
  await whole(reading, 'lesson_use', sql`t.vendor, t.invoice`);
  await whole(reading, 'erased', sql`t.site`);
  await readJobs(reading);
  return { history, opSchema, invoices, ops };
}

export const readSnapshot = (connections: Connections, site: string, wish: SnapshotWish): Promise<ReadSnapshot> =>
  connections.read(site, (tx) => readAll(tx, site, wish), { timeoutMs: LONG_MS });
