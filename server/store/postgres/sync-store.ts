/** The port of sync (hub-store.ts) over Postgres. */
import { sql } from 'drizzle-orm';
import { uuid4 } from '../../../core/sync/ids.ts';
import { NO_HASH } from '../../../core/sync/seal.ts';
import { eraseJob } from '../../jobs/erase-job.ts';
import type { HubStore } from '../hub-store.ts';
import { addJobs } from './add-jobs.ts';
import { conflictTotals } from './conflicts.ts';
import { siteHead } from './schema.ts';
import { syncDevice } from './schema-sync.ts';
import { erasedBlob } from './schema-erasure.ts';
import { createSyncBlobs } from './sync-blobs.ts';
import { createSnapshots } from './snapshots.ts';
import { createPull } from './sync-pull.ts';
import { createPush, type PushParts } from './sync-push.ts';

export interface HubStoreParts extends PushParts {
  readonly random: (bytes: number) => Uint8Array;
}

/** One more than the copy's would be the same again after the copy was brought back a second time: an epoch is a second that never comes again. */
const FIRST_EPOCH_MS = Date.UTC(2020, 0, 1);

export function createHubStore(parts: HubStoreParts): HubStore {
  const { connections, site, random, now, jobs, carried } = parts;
  return {
    openConflicts: async () => (await connections.read(site, ({ orm }) => conflictTotals(orm, site))).cells,
    snapshots: createSnapshots(connections, site),
    push: createPush(parts),
    ...createPull(connections, site),
    ...createSyncBlobs(parts),
    async keepDurable(seq) {
      await connections.write(site, (tx) =>
        tx.commit([
          sql`UPDATE ${siteHead} SET durable_seq = greatest(durable_seq, least(${seq}, seq)) WHERE site = ${site}`,
        ]),
      );
    },
    raiseEpoch: () =>
      connections.write(site, async (tx) => {
        const at = new Date(now()).toISOString();
        const epoch = Math.floor((now() - FIRST_EPOCH_MS) / 1_000);
        const adding = addJobs(jobs, carried, site, [eraseJob(parts.newId(), 'restored')]);
        const rows = await tx.commit([
          // The old device as any other: what it wrote after the copy comes back by the stations that have it.
          sql`INSERT INTO ${syncDevice} (site, device, dev_seq, hash, public_key, by_site, seen_at)
            SELECT site, device, dev_seq, head_hash, NULL, true, ${at}::timestamptz FROM ${siteHead} WHERE site = ${site} FOR NO KEY UPDATE`,
          sql`UPDATE ${siteHead} SET device = ${uuid4(random(16))}, dev_seq = 0, head_hash = ${NO_HASH}, epoch = greatest(epoch + 1, ${epoch}), durable_seq = 0
            WHERE site = ${site} RETURNING epoch`,
          // Bytes may have been brought back with it.
          sql`UPDATE ${erasedBlob} SET state = 'waiting' WHERE site = ${site}`,
          ...adding.statements,
        ]);
        adding.tell(rows);
        return Number(rows[1]?.[0]?.['epoch']);
      }),
  };
}
