/** Bytes that the log names: which are to come, which have come, which were not what they should be. */
import { and, eq, inArray, notExists, sql } from 'drizzle-orm';
import { refreshJob } from '../../jobs/refresh-job.ts';
import type { HubStore, WaitedFor } from '../hub-store.ts';
import { addJobs } from './add-jobs.ts';
import type { PushParts } from './sync-push.ts';
import { documents } from './schema.ts';
import { snapshot } from './schema-snapshot.ts';
import { blobRefused, blobWait } from './schema-sync.ts';
import { erasedBlob } from './schema-erasure.ts';

type Parts = Pick<PushParts, 'connections' | 'site' | 'jobs' | 'carried' | 'now' | 'newId'>;
type BlobPart = Pick<
  HubStore,
  'erasedBlobs' | 'waitedFor' | 'arrived' | 'refuseBlob' | 'refusedBlobs' | 'missingBlobs'
>;

export function createSyncBlobs({ connections, site, jobs, carried, now, newId }: Parts): BlobPart {
  return {
    async waitedFor(sha256s) {
      if (sha256s.length === 0) return new Map();
      const rows = await connections.read(site, ({ orm }) =>
        orm
          .selectDistinct({ sha256: blobWait.sha256, kind: blobWait.kind })
          .from(blobWait)
          .where(and(eq(blobWait.site, site), inArray(blobWait.sha256, [...sha256s]))),
      );
      return new Map(rows.map(({ sha256, kind }) => [sha256, kind as WaitedFor]));
    },
    async arrived(sha256s) {
      if (sha256s.length === 0) return;
      const tell = await connections.write(site, async (tx) => {
        const these = sql`site = ${site} AND sha256 = ANY (${sql.param([...sha256s])}::text[])`;
        const [gone] = await Promise.all([
          tx.send<{ root: string }>(sql`DELETE FROM ${blobWait} WHERE ${these} RETURNING root`),
          tx.send(sql`DELETE FROM ${blobRefused} WHERE ${these}`),
        ]);
        const roots = [...new Set(gone.map(({ root }) => root))];
        const adding = addJobs(
          jobs,
          carried,
          site,
          roots.map((root) => refreshJob(newId(), root)),
        );
        const rows = await tx.commit(adding.statements);
        return () => adding.tell(rows);
      });
      tell();
    },
    async refuseBlob(sha256, reason) {
      const row = { site, sha256, reason, at: new Date(now()).toISOString() };
      await connections.write(site, (tx) =>
        tx.commit([
          tx.orm
            .insert(blobRefused)
            .values(row)
            .onConflictDoUpdate({ target: [blobRefused.site, blobRefused.sha256], set: { reason, at: row.at } }),
        ]),
      );
    },
    async refusedBlobs(sha256s) {
      if (sha256s.length === 0) return new Map();
      const rows = await connections.read(site, ({ orm }) =>
        orm
          .select({ sha256: blobRefused.sha256, reason: blobRefused.reason })
          .from(blobRefused)
          .where(
            and(
              eq(blobRefused.site, site),
              inArray(blobRefused.sha256, [...sha256s]),
              // A document, or a snapshot, is whatever it is: whoever calls the same bytes a reading hides it from nobody.
              ...[documents, snapshot].map((table) =>
                notExists(
                  orm
                    .select({ sha256: table.sha256 })
                    .from(table)
                    .where(and(eq(table.site, site), eq(table.sha256, blobRefused.sha256))),
                ),
              ),
            ),
          ),
      );
      return new Map(rows.map(({ sha256, reason }) => [sha256, reason]));
    },
    async erasedBlobs(sha256s) {
      if (sha256s.length === 0) return [];
      const rows = await connections.read(site, ({ orm }) =>
        orm
          .select({ sha256: erasedBlob.sha256 })
          .from(erasedBlob)
          .where(and(eq(erasedBlob.site, site), inArray(erasedBlob.sha256, [...sha256s]))),
      );
      return rows.map(({ sha256 }) => sha256);
    },
    async missingBlobs() {
      const [row] = await connections.read(site, (tx) =>
        tx.send<{ n: number }>(sql`SELECT count(DISTINCT sha256)::int AS n FROM ${blobWait} WHERE site = ${site}`),
      );
      return row?.n ?? 0;
    },
  };
}
