/** The port of snapshots (hub-snapshots.ts) over Postgres. */
import { and, desc, eq, not, sql } from 'drizzle-orm';
import type { HubSnapshots, KeptSnapshot } from '../hub-snapshots.ts';
import type { Connections } from './connection.ts';
import { readRootOps } from './root-ops.ts';
import { erased } from './schema-erasure.ts';
import { opLog, siteHead } from './schema.ts';
import { snapshot } from './schema-snapshot.ts';
import { readSnapshot } from './snapshot-read.ts';

/** The newest, and the one before it: somebody may be fetching that. */
const KEPT = 2;

/** None that is or ever was. */
const NO_EPOCH = -1;

/** One that was made before something was erased has it: nobody is given it, and it goes. Which came first the log says; clocks of two processes may differ. */
const hasErased = sql`EXISTS (SELECT 1 FROM ${erased} e JOIN ${opLog} l ON l.site = e.site AND l.op_id = e.op_id
  WHERE e.site = ${snapshot.site} AND l.seq > ${snapshot.seq})`;

const shasOf = (rows: readonly Record<string, unknown>[] | undefined): string[] =>
  (rows ?? []).map((row) => String(row['sha256']));

const rowOf = (site: string, { sha256, seq, manifest, signature, madeAt }: KeptSnapshot, epoch: number) =>
  sql`INSERT INTO ${snapshot} (site, sha256, epoch, seq, manifest, signature, made_at)
    VALUES (${site}, ${sha256}, ${epoch}, ${seq}, ${manifest}, ${signature}, ${madeAt}::timestamptz)`;

export function createSnapshots(connections: Connections, site: string): HubSnapshots {
  const ofSite = eq(snapshot.site, site);
  return {
    opsOf: (root, after = 0) => readRootOps(connections, site, { root, after }),
    read: (wish) => readSnapshot(connections, site, wish),
    newest: () =>
      connections.read(site, async ({ orm }) => {
        const [row] = await orm
          .select()
          .from(snapshot)
          .innerJoin(siteHead, sql`${siteHead.site} = ${snapshot.site} AND ${siteHead.epoch} = ${snapshot.epoch}`)
          .where(and(ofSite, not(hasErased)))
          .orderBy(desc(snapshot.seq), desc(snapshot.madeAt))
          .limit(1);
        if (row === undefined) return undefined;
        const { site: _site, ...kept } = row.snapshot;
        return kept satisfies KeptSnapshot;
      }),
    announce: (made) =>
      connections.write(site, async (tx) => {
        await tx.commit([sql`${rowOf(site, made, NO_EPOCH)} ON CONFLICT (site, sha256) DO NOTHING`]);
      }),
    keep: (made) =>
      connections.write(site, async (tx) => {
        const { sha256, epoch } = made;
        const [, unneeded] = await tx.commit([
          sql`${rowOf(site, made, epoch)} ON CONFLICT (site, sha256) DO UPDATE SET epoch = excluded.epoch`,
          // Of an earlier history none is given out any more.
          sql`SELECT sha256 FROM ${snapshot} WHERE site = ${site} AND (${hasErased} OR sha256 <> ${sha256} AND sha256 NOT IN (
            SELECT s.sha256 FROM ${snapshot} s WHERE s.site = ${site} AND s.epoch = ${epoch} ORDER BY s.seq DESC, s.made_at DESC LIMIT ${KEPT}))`,
        ]);
        return shasOf(unneeded);
      }),
    all: () =>
      connections.read(site, async (tx) =>
        shasOf(await tx.send(sql`SELECT sha256 FROM ${snapshot} WHERE site = ${site}`)),
      ),
    async forget(sha256s) {
      if (sha256s.length === 0) return;
      await connections.write(site, (tx) =>
        tx.commit([
          sql`DELETE FROM ${snapshot} WHERE site = ${site} AND sha256 = ANY (${sql.param([...sha256s])}::text[])`,
        ]),
      );
    },
  };
}
