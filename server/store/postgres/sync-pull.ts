/** The log of a site, page by page, as stations read it. Bodies are handed on as the text they are. */
import { sql } from 'drizzle-orm';
import type { KnownDevice, LogPage, LogRow, SiteHistory } from '../hub-store.ts';
import type { Connections, Transaction } from './connection.ts';
import { createGathering } from './gathering.ts';
import { opLog, opValue, siteHead } from './schema.ts';
import { syncDevice, syncRole } from './schema-sync.ts';
import { createStatement } from './statement.ts';
import { type ContentRow, givenContent } from './text.ts';

/** Of a page's operations; a batch is always given whole, and that is a quarter of it at most. */
const PAGE_BYTES = 4 * 1024 * 1024;

const historyOf = createStatement<{ site: string }>(
  (place) => sql`
  SELECT device, epoch, seq::float8 AS seq, site_hash AS "siteHash", durable_seq::float8 AS "durableSeq" FROM ${siteHead} WHERE site = ${place('site')}`,
);
type Range = { readonly site: string; readonly after: number; readonly limit: number; readonly bytes: number };
/** The log is dense. [Note: Plans that know nothing] in migration-columns.ts. */
const rowsAfter = createStatement<Range>(
  (place) => sql`
  SELECT * FROM (
    SELECT l.*, v.value, v.reason, v.salt, coalesce(sum(octet_length(l.body) + coalesce(octet_length(v.value), 0) + coalesce(octet_length(v.reason), 0)
      + coalesce(octet_length(v.salt), 0)) OVER (ORDER BY l.seq ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING), 0) AS before
    FROM (
      SELECT op_id, erased_by AS "erasedBy", seq::float8 AS seq, device, dev_seq::float8 AS "devSeq", body, hash, site_hash AS "siteHash", verdict, head_sig AS "headSig",
        CASE WHEN head_sig IS NOT NULL THEN (SELECT r.role FROM ${syncRole} r WHERE r.site = ${opLog.site} AND r.device = ${opLog.device} AND r.from_seq <= ${opLog.devSeq}
          ORDER BY r.from_seq DESC LIMIT 1) END AS role
      FROM ${opLog} WHERE site = ${place('site')} AND seq > ${place('after')} AND seq <= ${place('after')}::bigint + ${place('limit')}::bigint ORDER BY op_log.seq LIMIT ${place('limit')}
    ) l LEFT JOIN LATERAL (SELECT v.value, v.reason, v.salt FROM ${opValue} v WHERE v.site = ${place('site')} AND v.op_id = l.op_id LIMIT 1) v ON true
  ) page WHERE before < ${place('bytes')} ORDER BY seq`,
);
const batchEnd = createStatement<{ site: string; after: number; device: string }>(
  (place) => sql`
  SELECT seq::float8 AS seq FROM ${opLog} WHERE site = ${place('site')} AND seq > ${place('after')} AND device = ${place('device')} AND head_sig IS NOT NULL
    AND seq <= ${place('after')}::bigint + 1000 ORDER BY op_log.seq LIMIT 1`,
);
const knownDevices = createStatement<{ site: string; ids: readonly string[] }>(
  (place) => sql`
  SELECT device, public_key AS "publicKey", by_site AS "bySite" FROM ${syncDevice} WHERE site = ${place('site')} AND device = ANY (${place('ids')}::text[])
  UNION ALL SELECT device, NULL, true FROM ${siteHead} WHERE site = ${place('site')} AND device = ANY (${place('ids')}::text[])`,
);

type Row = Omit<LogRow, 'content'> & ContentRow;

const rowOf = (row: Row): LogRow => ({
  seq: row.seq,
  device: row.device,
  devSeq: row.devSeq,
  body: row.body,
  hash: row.hash,
  siteHash: row.siteHash,
  verdict: row.verdict,
  headSig: row.headSig,
  role: row.role ?? null,
  content: givenContent(row),
  erasedBy: row.erasedBy,
});

async function rest(tx: Transaction, site: string, rows: readonly Row[], history: SiteHistory): Promise<Row[]> {
  const last = rows.at(-1);
  // The site can sign for each of its own.
  if (last === undefined || last.headSig !== null || last.seq === history.seq || last.device === history.device)
    return [];
  const [end] = await tx.send<{ seq: number }>(batchEnd({ site, after: last.seq, device: last.device }));
  if (end === undefined) return [];
  return tx.send<Row>(rowsAfter({ site, after: last.seq, limit: end.seq - last.seq, bytes: Number.MAX_SAFE_INTEGER }));
}

async function readPage(tx: Transaction, site: string, after: number, limit: number): Promise<LogPage> {
  const [heads, rows] = await Promise.all([
    tx.send<Record<string, unknown> & SiteHistory>(historyOf({ site })),
    tx.send<Row>(rowsAfter({ site, after, limit, bytes: PAGE_BYTES })),
  ]);
  const [history] = heads;
  if (history === undefined) throw new Error(`there is no site ${site}`);
  return { history, rows: [...rows, ...(await rest(tx, site, rows, history))].map(rowOf) };
}

/** Stations of a site that are woken together ask for the same page: it is read once. */
export function createPull(connections: Connections, site: string) {
  const page = createGathering<{ after: number; limit: number }, LogPage>({
    nameOf: ({ after, limit }) => `${after} ${limit}`,
    load: (wanted) =>
      connections.read(site, (tx) => Promise.all(wanted.map(({ after, limit }) => readPage(tx, site, after, limit))), {
        inOrder: true,
      }),
  });
  const history = createGathering<'history', SiteHistory>({
    nameOf: (key) => key,
    async load(keys) {
      const [found] = await connections.read(site, (tx) =>
        tx.send<Record<string, unknown> & SiteHistory>(historyOf({ site })),
      );
      if (found === undefined) throw new Error(`there is no site ${site}`);
      return keys.map(() => found);
    },
  });
  return {
    page: (after: number, limit: number) => page({ after, limit }),
    history: () => history('history'),
    devices: (ids: readonly string[]): Promise<KnownDevice[]> =>
      connections.read(site, (tx) => tx.send<Record<string, unknown> & KnownDevice>(knownDevices({ site, ids }))),
  };
}
