/** Operations of one root, for a station that keeps old ones at the site. */
import { sql } from 'drizzle-orm';
import type { OpsOfRoot } from '../hub-snapshots.ts';
import type { LogRow } from '../hub-store.ts';
import type { Connections, Transaction } from './connection.ts';
import { opLog, opValue, siteHead } from './schema.ts';
import { createStatement } from './statement.ts';
import { type ContentRow, givenContent } from './text.ts';

/** Of one answer. An invoice rarely has more; a station reads an answer of up to 8 MiB. */
const MOST = 1_000;
const MOST_BYTES = 2 * 1024 * 1024;

const epochOf = createStatement<{ site: string }>(
  (place) => sql`SELECT epoch FROM ${siteHead} WHERE site = ${place('site')}`,
);
type From = { readonly root: string; readonly after: number };
/** One more is looked at than is given: whether there are more is told by it. [Note: Plans that know nothing] in migration-columns.ts. */
const opsOf = createStatement<From & { site: string }>(
  (place) => sql`
  SELECT * FROM (
    SELECT l.*, v.value, v.reason, v.salt, lead(l.seq) OVER (ORDER BY l.root, l.seq) IS NOT NULL AS more,
      coalesce(sum(octet_length(l.body) + coalesce(octet_length(v.value), 0) + coalesce(octet_length(v.reason), 0) + coalesce(octet_length(v.salt), 0))
        OVER (ORDER BY l.root, l.seq ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING), 0) AS before
    FROM (
      SELECT op_id, root, seq::float8 AS seq, body, verdict, erased_by AS "erasedBy", received_at AS "receivedAt" FROM ${opLog}
      WHERE site = ${place('site')} AND root >= ${place('root')} AND root <= ${place('root')} AND seq > ${place('after')}
      ORDER BY op_log.root, op_log.seq LIMIT ${sql.raw(String(MOST + 1))}
    ) l LEFT JOIN LATERAL (SELECT v.value, v.reason, v.salt FROM ${opValue} v WHERE v.site = ${place('site')} AND v.op_id = l.op_id LIMIT 1) v ON true
  ) page WHERE before < ${sql.raw(String(MOST_BYTES))} ORDER BY seq LIMIT ${sql.raw(String(MOST))}`,
);

type Row = Pick<LogRow, 'seq' | 'body' | 'verdict' | 'erasedBy'> &
  ContentRow & { readonly receivedAt: string; readonly more: boolean };

export const readRootOps = (connections: Connections, site: string, from: From): Promise<OpsOfRoot> =>
  connections.read(site, (tx) => read(tx, site, from), { inOrder: true });

async function read(tx: Transaction, site: string, from: From): Promise<OpsOfRoot> {
  const [heads, rows] = await Promise.all([
    tx.send<{ epoch: number }>(epochOf({ site })),
    tx.send<Row & Record<string, unknown>>(opsOf({ site, ...from })),
  ]);
  const last = rows.at(-1);
  return {
    epoch: heads[0]?.epoch ?? 0,
    next: last?.more === true ? last.seq : null,
    ops: rows.map(({ seq, body, verdict, erasedBy, receivedAt, more: _more, ...content }) => ({
      seq,
      body,
      verdict,
      erasedBy,
      content: givenContent(content),
      at: new Date(receivedAt).toISOString(),
    })),
  };
}
