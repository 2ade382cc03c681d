/** Statements over the table of jobs. `scope` is a site, or every site (workers): the row-level security of the table knows both. */
import { type SQL, sql } from 'drizzle-orm';
import { type JobState, jobs } from '../../core/contract/jobs.ts';
import { EVERY_SITE } from '../store/postgres/connection.ts';
import type { LeaseClock } from '../store/postgres/job-statements.ts';
import { job } from '../store/postgres/schema.ts';
import { createStatement } from '../store/postgres/statement.ts';
import { withoutNul } from '../store/postgres/text.ts';
import { createTurnQueries } from './postgres-turns.ts';

/** Claims before a job is dead even though it never failed: it seems to take the whole process down with it. */
const MAX_CLAIMS = 50;
const ENDED_SHOWN = 100;

export interface Lease {
  readonly site: string;
  readonly id: string;
  readonly lease: string;
}

/** `failures`: so many end it. */
export interface Failing {
  readonly retry: boolean;
  readonly delayMs: number;
  readonly failures: number;
}

const NAMES = Object.keys(jobs);
const texts = (list: readonly string[]): SQL => sql`${sql.param([...list])}::text[]`;
const within = (scope: string, alias: SQL): SQL => (scope === EVERY_SITE ? sql`TRUE` : sql`${alias}.site = ${scope}`);
const J = sql.raw('j');

const held = ({ site, id, lease }: Lease): SQL =>
  sql`j.site = ${site} AND j.id = ${id} AND j.lease = ${lease} AND j.state = 'running'`;

/** Another one of the same work is in this state. */
const twin = (state: string): SQL =>
  sql`EXISTS (SELECT 1 FROM ${job} t WHERE t.site = j.site AND t.name = j.name AND t.root = j.root AND t.state = ${sql.raw(`'${state}'`)} AND t.id <> j.id)`;

const OPEN: readonly JobState[] = ['waiting', 'running', 'dead'];
const TOO_OFTEN = sql`'given up: claimed ' || j.attempts || ' times and never ended'`;
const VIEW = sql`j.site, j.id, j.name, j.root, j.state, j.attempts, j.progress, j.stage, j.error, j.created_at AS "createdAt", j.updated_at AS "updatedAt"`;

/** `serves`: of every site, only jobs of these are claimed. */
export function createJobQueries(scope: string, clock: LeaseClock, serves?: readonly string[]) {
  const own = within(scope, J);
  const now = clock.now;

  /** One by one: each of these states has an index of its own, and none has one of all. */
  const those = (states: readonly JobState[], condition = sql`TRUE`): SQL =>
    sql`(${sql.join(
      states.map(
        (state) => sql`SELECT * FROM ${job} j WHERE j.state = ${sql.raw(`'${state}'`)} AND ${condition} AND ${own}`,
      ),
      sql` UNION ALL `,
    )}) AS j`;
  const isExpired = (): SQL => sql`j.state = 'running' AND j.lease_until <= ${now()}`;
  /** Two of a kind never work on one invoice at once. */
  const isFree = (): SQL => sql`j.state = 'waiting' AND j.run_at <= ${now()} AND NOT ${twin('running')}`;

  /** The lease is taken; where a job was claimed too often, it is dead instead, and the row says so. */
  const take = (lease: SQL, leaseMs: SQL, from: SQL): SQL => sql`
    UPDATE ${job} j SET
      state = CASE WHEN j.attempts >= ${MAX_CLAIMS} THEN 'dead' ELSE 'running' END,
      error = CASE WHEN j.attempts >= ${MAX_CLAIMS} THEN ${TOO_OFTEN} ELSE j.error END,
      lease = CASE WHEN j.attempts >= ${MAX_CLAIMS} THEN NULL ELSE ${lease} END,
      lease_until = CASE WHEN j.attempts >= ${MAX_CLAIMS} THEN NULL ELSE ${clock.after(leaseMs)} END,
      attempts = CASE WHEN j.attempts >= ${MAX_CLAIMS} THEN j.attempts ELSE j.attempts + 1 END, updated_at = ${now()}
    FROM ${from} AS taken WHERE j.site = taken.site AND j.id = taken.id
    RETURNING j.site, j.id, j.name, j.root, j.data, j.state, j.lease, j.attempts`;

  const { claim, handOut } = createTurnQueries({ scope, clock, own, serves, isExpired, isFree, take });

  /** A transaction of its own (migration-5.ts). */
  const claimThese = createStatement<{ ids: readonly string[]; leases: readonly string[]; leaseMs: number }>(
    (place) => sql`
    SELECT * FROM claim_jobs(${scope}, ${serves === undefined ? sql`NULL` : texts(serves)}, ${place('ids')}::text[], ${place('leases')}::text[], ${place('leaseMs')}::float8, ${MAX_CLAIMS}, ${clock.fixed()})`,
    !clock.isFixed,
  );

  const states = createStatement<{ ids: readonly string[] }>(
    (place) => sql`
    SELECT j.id, j.site, j.state, j.lease, j.lease_until AS "leaseUntil", j.run_at AS "runAt", j.run_at <= ${now()} AS due FROM ${job} j
    WHERE j.id = ANY (${place('ids')}::text[]) AND ${own}`,
    !clock.isFixed,
  );

  const heartbeat = (lease: Lease, leaseMs: number): SQL =>
    sql`UPDATE ${job} j SET lease_until = ${clock.after(leaseMs)} WHERE ${held(lease)} RETURNING j.id`;

  const progress = (lease: Lease, value: number, stage: string): SQL =>
    sql`UPDATE ${job} j SET progress = ${value}, stage = ${withoutNul(stage)}, updated_at = ${now()} WHERE ${held(lease)}`;

  const finish = (lease: Lease): SQL => sql`
    UPDATE ${job} j SET state = 'done', progress = 1, error = NULL, lease = NULL, lease_until = NULL, handed_at = NULL, updated_at = ${now()}
    WHERE ${held(lease)}`;

  const fail = (lease: Lease, error: string, { retry, delayMs, failures }: Failing): SQL => {
    const isDead = sql`(${!retry}::boolean OR j.failures + 1 >= ${failures})`;
    return sql`
    UPDATE ${job} j SET failures = j.failures + 1, error = ${withoutNul(error)}, lease = NULL, lease_until = NULL, updated_at = ${now()},
      state = CASE WHEN ${isDead} THEN 'dead' WHEN ${twin('waiting')} THEN 'cancelled' ELSE 'waiting' END,
      run_at = ${clock.after(delayMs)},
      handed_at = CASE WHEN ${isDead} OR ${twin('waiting')} THEN NULL ELSE j.handed_at END
    WHERE ${held(lease)} RETURNING j.state`;
  };

  /** As if it had never been claimed. */
  const release = (lease: Lease, afterMs: number): SQL => sql`
    UPDATE ${job} j SET attempts = j.attempts - 1, progress = 0, stage = '', lease = NULL, lease_until = NULL, run_at = ${clock.after(afterMs)},
      updated_at = ${now()}, handed_at = CASE WHEN ${afterMs > 0}::boolean THEN j.handed_at END, state = CASE WHEN ${twin('waiting')} THEN 'cancelled' ELSE 'waiting' END
    WHERE ${held(lease)}`;

  const cancel = (root: string): SQL => sql`
    UPDATE ${job} j SET state = 'cancelled', error = NULL, lease = NULL, lease_until = NULL, handed_at = NULL, updated_at = ${now()}
    WHERE (j.site, j.id) IN (
      SELECT j.site, j.id FROM ${job} j
      WHERE (j.site, j.id) IN (SELECT j.site, j.id FROM ${those(['waiting', 'running'], sql`j.name = ANY (${texts(NAMES)}) AND j.root = ${root}`)})
        AND j.state IN ('waiting', 'running') ORDER BY j.id FOR UPDATE
    ) RETURNING j.id`;

  const open = (): SQL => sql`
    SELECT ${VIEW} FROM ${those(OPEN)} ORDER BY j.priority, j.created_at, j.id`;

  const ended = (): SQL => sql`
    SELECT ${VIEW} FROM ${job} j WHERE j.state IN ('done', 'cancelled') AND ${own} ORDER BY j.updated_at DESC LIMIT ${ENDED_SHOWN}`;

  const lengths = (): SQL => sql`
    SELECT j.name, j.state, count(*)::int AS n, min(j.created_at) AS oldest FROM ${those(OPEN)} GROUP BY j.name, j.state`;

  const takeBack = (ids?: readonly string[]): SQL => sql`
    UPDATE ${job} j SET handed_at = NULL
    WHERE j.handed_at IS NOT NULL AND j.state IN ('waiting', 'running') AND ${own} AND ${ids === undefined ? sql`TRUE` : sql`j.id = ANY (${texts(ids)})`}`;

  const dead = (limit: number, after: { at: string; id: string } | undefined): SQL => sql`
    SELECT ${VIEW} FROM ${job} j WHERE j.state = 'dead' AND ${own}
      AND ${after === undefined ? sql`TRUE` : sql`(j.updated_at, j.id) < (${after.at}::timestamptz, ${after.id})`}
    ORDER BY j.updated_at DESC, j.id DESC LIMIT ${limit}`;

  /** Waiting anew, or cancelled where another one of its work waits. */
  const replay = (id: string): SQL => sql`
    UPDATE ${job} j SET updated_at = ${now()}, handed_at = NULL,
      state = CASE WHEN ${twin('waiting')} THEN 'cancelled' ELSE 'waiting' END,
      attempts = CASE WHEN ${twin('waiting')} THEN j.attempts ELSE 0 END,
      failures = CASE WHEN ${twin('waiting')} THEN j.failures ELSE 0 END,
      progress = CASE WHEN ${twin('waiting')} THEN j.progress ELSE 0 END,
      stage = CASE WHEN ${twin('waiting')} THEN j.stage ELSE '' END,
      error = CASE WHEN ${twin('waiting')} THEN j.error ELSE NULL END,
      run_at = ${now()}
    WHERE j.id = ${id} AND j.state = 'dead' AND ${own} RETURNING j.state`;

  const purge = ({ id, before }: { id?: string | undefined; before?: string | undefined }): SQL => sql`
    DELETE FROM ${job} j WHERE j.state = 'dead' AND ${own} AND ${id === undefined ? sql`TRUE` : sql`j.id = ${id}`}
      AND ${before === undefined ? sql`TRUE` : sql`j.updated_at < ${before}::timestamptz`} RETURNING 1`;

  return {
    claim,
    claimThese,
    states,
    heartbeat,
    progress,
    finish,
    fail,
    release,
    cancel,
    open,
    ended,
    lengths,
    handOut,
    takeBack,
    dead,
    replay,
    purge,
  };
}
