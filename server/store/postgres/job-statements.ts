/** Statements over the table of jobs that a commit carries; server/queue/postgres.ts has the rest. */
import { type SQL, sql } from 'drizzle-orm';
import { jobs as contracts, type NewJob } from '../../../core/contract/jobs.ts';
import type { Orm, Statement } from './connection.ts';
import { chunks } from './plan.ts';
import { job } from './schema.ts';

/**
 * Leases and backoffs of several machines are judged by one clock, the database's, in whole milliseconds (as its columns keep them: rounded up, a job would
 * not be due yet when it is made).
 */
export interface LeaseClock {
  readonly now: () => SQL;
  readonly after: (ms: number) => SQL;
}

/** `fixed`: milliseconds since 1970, for tests. */
export function createLeaseClock(fixed?: () => number): LeaseClock {
  const now = (): SQL =>
    fixed === undefined
      ? sql`date_trunc('milliseconds', statement_timestamp())`
      : sql`to_timestamp(${fixed() / 1_000}::float8)`;
  return { now, after: (ms) => sql`(${now()} + ${ms}::float8 * interval '1 millisecond')` };
}

export interface JobStatements {
  add(orm: Orm, site: string, jobs: readonly NewJob[]): Statement[];
  done(site: string, ids: readonly string[]): Statement;
}

/** One waiting job of a name per root is enough: a second one only makes it more urgent. */
function merged(jobs: readonly NewJob[]): NewJob[] {
  const byWork = new Map<string, NewJob>();
  for (const one of jobs) {
    const key = JSON.stringify([one.name, one.root]);
    const known = byWork.get(key);
    byWork.set(key, known === undefined ? one : { ...known, priority: Math.min(known.priority, one.priority) });
  }
  // In one order for everybody, so that no two wait for each other.
  return [...byWork].toSorted(([a], [b]) => (a < b ? -1 : 1)).map(([, one]) => one);
}

export const createJobStatements = (clock: LeaseClock): JobStatements => ({
  add: (orm, site, jobs) =>
    chunks(merged(jobs)).map((some) =>
      orm
        .insert(job)
        .values(
          some.map(({ id, name, data, root, priority }) => ({
            site,
            id,
            name,
            root,
            data: contracts[name].parse(data),
            priority,
            state: 'waiting',
            attempts: 0,
            failures: 0,
            progress: 0,
            stage: '',
            runAt: clock.now(),
            createdAt: clock.now(),
            updatedAt: clock.now(),
          })),
        )
        .onConflictDoUpdate({
          target: [job.site, job.name, job.root],
          targetWhere: sql`state = 'waiting'`,
          set: {
            priority: sql`least(${job.priority}, excluded.priority)`,
            runAt: sql`least(${job.runAt}, excluded.run_at)`,
            // Whoever delivers it has to hear that it may be more urgent now.
            handedAt: sql`CASE WHEN ${job.handedAt} IS NULL THEN NULL ELSE to_timestamp(0) END`,
          },
        }),
    ),
  done: (site, ids) => sql`
    UPDATE ${job} SET state = 'done', progress = 1, error = NULL, lease = NULL, lease_until = NULL, handed_at = NULL, updated_at = ${clock.now()}
    WHERE site = ${site} AND id = ANY (${sql.param([...ids])}::text[])`,
});
