/**
 * How soon a site is back after a fault, from its beginning. Back are requests: a document that is brought in and one that is corrected once the fault is over are acknowledged, and a
 * list is shown. Back are jobs: of each queue, one that was made after it is over has ended; what was under way has ended, goes on, or is somebody else's. How long a line of work
 * that waits takes is a matter of the machine, and told beside it.
 */
import { namesOf, type QueueName } from '../../core/contract/jobs.ts';
import { SITE_LEASE } from '../../server/jobs/runner.ts';
import { until } from './work.ts';

export interface BackParts {
  readonly sql: (statement: string, values: readonly unknown[]) => Promise<string[][]>;
  /** Resolves when a document that is brought in now is acknowledged; a job of `general` comes of it. */
  readonly bring: () => Promise<unknown>;
  /** The same of what is corrected now, for `validation`. */
  readonly correct: () => Promise<unknown>;
  /** Resolves when something that is there can be seen. */
  readonly see: () => Promise<unknown>;
}

/** Seconds from the fault each. */
export interface Back {
  readonly requests: number;
  readonly general: number;
  readonly validation: number;
  readonly takenOver: number;
}

const PATIENCE_MS = 120_000;

const RUNNING = `SELECT id, lease FROM job WHERE state = 'running'`;
/** Neither ended nor taken by somebody else, and whoever had it has not been heard of since. */
const HELD = `SELECT count(*) FROM job WHERE state = 'running' AND lease = ANY ($1::text[]) AND lease_until <= to_timestamp($2::float8 / 1000)`;
const ENDED = `SELECT count(*) FROM job WHERE state = 'done' AND name = ANY ($1::text[]) AND created_at > to_timestamp($2::float8 / 1000)`;

export async function timeBack({ sql, bring, correct, see }: BackParts, fault: () => Promise<void>): Promise<Back> {
  const leases = (await sql(RUNNING, [])).map(([, lease]) => lease);
  const from = Date.now();
  const since = (): number => (Date.now() - from) / 1_000;
  /** While Postgres itself is away, nobody can say. */
  const number = async (statement: string, values: readonly unknown[]): Promise<number> =>
    Number((await sql(statement, values).catch(() => [['NaN']]))[0]?.[0]);
  const when = async (what: string, look: () => Promise<boolean>): Promise<number> => {
    await until(what, PATIENCE_MS, async () => (await look()) || undefined);
    return since();
  };
  await fault();
  const over = Date.now();
  const heard = over + SITE_LEASE.leaseMs;
  const takenOver = when('what was under way', async () => (await number(HELD, [leases, heard])) === 0);
  const requests = async (): Promise<number> => {
    await Promise.all([bring(), correct(), see()]);
    return since();
  };
  const job = (queue: QueueName): Promise<number> =>
    when(`a job of ${queue}`, async () => (await number(ENDED, [namesOf(queue), over])) > 0);
  const [seen, general, validation, taken] = await Promise.all([
    requests(),
    job('general'),
    job('validation'),
    takenOver,
  ]);
  return { requests: seen, general, validation, takenOver: taken };
}
