/** The port of snapshots (hub-snapshots.ts) over Postgres. */
import { and, desc, eq, not, sql } from 'drizzle-orm';
import type { HubSnapshots, KeptSnapshot } from '../hub-snapshots.ts';
import type { Connections } from './connection.ts';
import { readRootOps } from './root-ops.ts';
import { erased } from './schema-erasure.ts';
import { siteHead } from './schema.ts';
import { snapshot } from './schema-snapshot.ts';
import { readSnapshot } from './snapshot-read.ts';

/** The newest, and the one before it: somebody may be fetching that. */
const KEPT = 2;

/** One that was made before something was erased has it: nobody is given it, and it goes. Clocks of two processes may differ by a minute. */
const hasErased = sql`EXISTS (SELECT 1 FROM ${erased} e WHERE e.site = ${snapshot.site} AND e.at > ${snapshot.madeAt} - interval '1 minute')`;

const shasOf = (rows: readonly Record<string, unknown>[] | undefined): string[] =>
  (rows ?? []).map((row) => String(row['sha256']));

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
    keep: (made) =>
      connections.write(site, async (tx) => {
        const { sha256, epoch, seq, manifest, signature, madeAt } = made;
        const [, removed] = await tx.commit([
          sql`INSERT INTO ${snapshot} (site, sha256, epoch, seq, manifest, signature, made_at)
            VALUES (${site}, ${sha256}, ${epoch}, ${seq}, ${manifest}, ${signature}, ${madeAt}::timestamptz) ON CONFLICT (site, sha256) DO NOTHING`,
          // Of an earlier history none is given out any more.
          sql`DELETE FROM ${snapshot} WHERE site = ${site} AND sha256 <> ${sha256} AND ${hasErased} OR site = ${site} AND sha256 NOT IN (
            SELECT s.sha256 FROM ${snapshot} s WHERE s.site = ${site} AND s.epoch = ${epoch} ORDER BY s.seq DESC, s.made_at DESC LIMIT ${KEPT}) RETURNING sha256`,
        ]);
        return shasOf(removed);
      }),
    dropAll: () =>
      connections.write(site, async (tx) => {
        const [removed] = await tx.commit([sql`DELETE FROM ${snapshot} WHERE site = ${site} RETURNING sha256`]);
        return shasOf(removed);
      }),
  };
}
