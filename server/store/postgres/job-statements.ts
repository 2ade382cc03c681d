/** Statements over the table of jobs that a commit carries; server/queue/postgres.ts has the rest. */
import { type SQL, sql } from 'drizzle-orm';
import { jobs as contracts, type NewJob } from '../../../core/contract/jobs.ts';
import { PATIENCE_MS, PROMISE_MS } from '../../queue/queue.ts';
import type { Call, Statement } from './connection.ts';
import { jsonOf } from './insert.ts';
import { job } from './schema.ts';
import { createCall, createStatement } from './statement.ts';

/**
 * Leases and backoffs of several machines are judged by one clock, the database's, in whole milliseconds (as its columns keep them: rounded up, a job would
 * not be due yet when it is made).
 */
export interface LeaseClock {
  /** Not the database's own: its instants stand in the statements. */
  readonly isFixed: boolean;
  /** Its instant, or NULL where it is the database's own. */
  readonly fixed: () => SQL;
  readonly now: () => SQL;
  readonly after: (ms: number | SQL) => SQL;
}

/** `fixed`: milliseconds since 1970, for tests. */
export function createLeaseClock(fixed?: () => number): LeaseClock {
  const now = (): SQL =>
    fixed === undefined
      ? sql`date_trunc('milliseconds', statement_timestamp())`
      : sql`to_timestamp(${fixed() / 1_000}::float8)`;
  return {
    isFixed: fixed !== undefined,
    fixed: () => (fixed === undefined ? sql`NULL::timestamptz` : now()),
    now,
    after: (ms) => sql`(${now()} + ${ms}::float8 * interval '1 millisecond')`,
  };
}

export interface JobStatements {
  /** `isCarried`: whoever makes them brings them (carried.ts). `added` of its row: ids, of one that waits already where that is more urgent now. */
  add(site: string, jobs: readonly NewJob[], isCarried: boolean): Call[];
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

const rowOf = ({ id, name, data, root, priority }: NewJob) => ({
  id,
  name,
  root,
  data: contracts[name].parse(data),
  priority,
});

export function createJobStatements(clock: LeaseClock): JobStatements {
  const insert = createCall<{ site: string; rows: string; isCarried: boolean }>(
    (place) => sql`SELECT add_jobs(${place('site')}, ${place('rows')}::json, ${clock.now()},
      CASE WHEN ${place('isCarried')}::boolean THEN ${clock.after(PROMISE_MS - PATIENCE_MS)} END) AS added`,
    !clock.isFixed,
  );
  const done = createStatement<{ site: string; ids: readonly string[] }>(
    (place) => sql`
    UPDATE ${job} SET state = 'done', progress = 1, error = NULL, lease = NULL, lease_until = NULL, handed_at = NULL, updated_at = ${clock.now()}
    WHERE site = ${place('site')} AND id = ANY (${place('ids')}::text[])`,
    !clock.isFixed,
  );
  return {
    add: (site, jobs, isCarried) =>
      jobs.length === 0 ? [] : [insert({ site, rows: jsonOf(merged(jobs).map(rowOf)), isCarried })],
    done: (site, ids) => done({ site, ids }),
  };
}
