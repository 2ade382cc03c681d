/** What is kept for a while only. Small pieces, so that nobody waits for it; any replica may do it at any time. */
import { sql } from 'drizzle-orm';
import type { Connections, Statement } from './connection.ts';
import type { LeaseClock } from './job-statements.ts';
import { idempotency, job } from './schema.ts';

const DAY_MS = 86_400_000;
/** Long enough for every retry of a client; an upload repeated later is recognised by its bytes. */
const ANSWERS_MS = 14 * DAY_MS;
/** Ended jobs are shown, and tell what happened when something went wrong. */
const ENDED_MS = 7 * DAY_MS;
const PIECE = 5_000;

const olderAnswers = (site: string, { after }: LeaseClock): Statement => sql`
  DELETE FROM ${idempotency} WHERE site = ${site} AND key IN (
    SELECT key FROM ${idempotency} WHERE site = ${site} AND created_at < ${after(-ANSWERS_MS)} ORDER BY created_at LIMIT ${PIECE}
  ) RETURNING 1`;

const olderJobs = (site: string, { after }: LeaseClock): Statement => sql`
  DELETE FROM ${job} WHERE site = ${site} AND id IN (
    SELECT id FROM ${job} WHERE site = ${site} AND state IN ('done', 'cancelled') AND updated_at < ${after(-ENDED_MS)}
    ORDER BY updated_at LIMIT ${PIECE}
  ) RETURNING 1`;

export async function tidy(connections: Connections, sites: readonly string[], clock: LeaseClock): Promise<number> {
  let removed = 0;
  for (const site of sites) {
    for (const older of [olderAnswers, olderJobs]) {
      for (let piece = PIECE; piece >= PIECE;) {
        const [rows = []] = await connections.write(site, (tx) => tx.commit([older(site, clock)]));
        piece = rows.length;
        removed += piece;
      }
    }
  }
  return removed;
}
