/** All operations of one root, for a station that keeps old ones at the site. */
import { sql } from 'drizzle-orm';
import type { OpsOfRoot } from '../hub-snapshots.ts';
import type { LogRow } from '../hub-store.ts';
import type { Connections } from './connection.ts';
import { opLog, opValue, siteHead } from './schema.ts';
import { createStatement } from './statement.ts';
import { type ContentRow, givenContent } from './text.ts';

/** No invoice has as many. */
const MOST = 20_000;

const epochOf = createStatement<{ site: string }>(
  (place) => sql`SELECT epoch FROM ${siteHead} WHERE site = ${place('site')}`,
);
const opsOf = createStatement<{ site: string; root: string }>(
  (place) => sql`
  SELECT l.seq::float8 AS seq, l.body, l.verdict, l.erased_by AS "erasedBy", l.received_at AS "receivedAt", v.value, v.reason, v.salt
  FROM ${opLog} l LEFT JOIN ${opValue} v ON v.site = ${place('site')} AND v.op_id = l.op_id
  WHERE l.site = ${place('site')} AND l.root = ${place('root')} ORDER BY l.seq LIMIT ${sql.raw(String(MOST))}`,
);

type Row = Pick<LogRow, 'seq' | 'body' | 'verdict' | 'erasedBy'> & ContentRow & { readonly receivedAt: string };

export const readRootOps = (connections: Connections, site: string, root: string): Promise<OpsOfRoot> =>
  connections.read(site, async (tx) => {
    const [heads, rows] = await Promise.all([
      tx.send<{ epoch: number }>(epochOf({ site })),
      tx.send<Row & Record<string, unknown>>(opsOf({ site, root })),
    ]);
    return {
      epoch: heads[0]?.epoch ?? 0,
      ops: rows.map(({ seq, body, verdict, erasedBy, receivedAt, ...content }) => ({
        seq,
        body,
        verdict,
        erasedBy,
        content: givenContent(content),
        at: new Date(receivedAt).toISOString(),
      })),
    };
  });
