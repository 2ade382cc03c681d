/** The job table: durable jobs under leases. `server/queue/sqlite.ts` is the port in front of it. */
import { and, asc, count, desc, eq, inArray, lte, min, notExists, or, sql } from 'drizzle-orm';
import type { BetterSQLite3Database } from 'drizzle-orm/better-sqlite3';
import { alias } from 'drizzle-orm/sqlite-core';
import {
  type JobName,
  type JobState,
  type JobView,
  jobs as contracts,
  type NewJob,
} from '../../../core/contract/jobs.ts';
import { failuresOf } from '../../queue/backoff.ts';
import { BLOCKED_MS, type Claim, type ClaimedJob, type QueueLength } from '../../queue/queue.ts';
import { createDeadJobs } from './job-dead.ts';
import { isDue, longestWaitMs } from './job-due.ts';
import { createJobOutbox } from './job-outbox.ts';
import { jobView } from './job-view.ts';
import type { Sqlite } from './open.ts';
import { job } from './schema.ts';

/** Claims before a job is dead even though it never failed: it seems to take the whole process down with it. */
export const MAX_CLAIMS = 50;
const DONE_SHOWN = 100;
const DONE_KEPT = 1_000;

const iso = (ms: number): string => new Date(ms).toISOString();

export interface Lease {
  readonly id: string;
  readonly lease: string;
}

const held = ({ id, lease }: Lease) => and(eq(job.id, id), eq(job.lease, lease), eq(job.state, 'running'));

export type Jobs = ReturnType<typeof createJobs>;

export function createJobs(db: Sqlite, orm: BetterSQLite3Database) {
  /** In one transaction that takes the write lock at its begin. */
  const atOnce = <A extends unknown[], R>(run: (...args: A) => R): ((...args: A) => R) => {
    const transaction = db.transaction(run);
    return (...args) => transaction.immediate(...args);
  };
  const find = orm
    .select({ id: job.id, state: job.state, lease: job.lease })
    .from(job)
    .where(eq(job.id, sql.placeholder('id')))
    .prepare();

  const outbox = createJobOutbox(orm);

  // By hand: sync adds one for each invoice of a page, and a query builder between took longer than SQLite. Nothing is written where nothing changes.
  const insert = db
    .prepare(
      `INSERT INTO job (id, name, root, data, priority, state, attempts, failures, progress, stage, run_at, created_at, updated_at)
       VALUES (?, ?, ?, ?, ?, 'waiting', 0, 0, 0, '', 0, ?, ?)
       ON CONFLICT (name, root) WHERE state = 'waiting' DO UPDATE
       SET priority = min(job.priority, excluded.priority), run_at = min(job.run_at, excluded.run_at)
       WHERE excluded.priority < job.priority OR excluded.run_at < job.run_at RETURNING id`,
    )
    .pluck();

  /** One waiting job of a name per root is enough: a second one only makes it more urgent. At once, whatever the clock will say by then. */
  function add({ id, name, data, root, priority }: NewJob, nowMs: number): void {
    const at = iso(nowMs);
    const text = JSON.stringify(contracts[name].parse(data));
    const kept = insert.get(id, name, root, text, priority, at, at) as string | undefined;
    if (kept !== undefined && kept !== id) outbox.changed(kept);
  }

  const other = alias(job, 'other');
  const running = and(eq(other.root, job.root), eq(other.name, job.name), eq(other.state, 'running'));
  const nextOf = (names: readonly JobName[], nowMs: number) =>
    orm
      .select()
      .from(job)
      .where(
        and(
          inArray(job.name, [...names]),
          or(
            and(
              eq(job.state, 'waiting'),
              isDue(nowMs),
              // Two of a kind never work on one invoice at once.
              notExists(
                orm
                  .select({ one: sql`1` })
                  .from(other)
                  .where(running),
              ),
            ),
            and(eq(job.state, 'running'), lte(job.leaseUntil, nowMs)),
          ),
        ),
      )
      .orderBy(asc(job.priority), asc(job.createdAt), asc(job.id))
      .limit(1)
      .get();

  /** Undefined where the job was claimed too often and is dead now. */
  function take(row: typeof job.$inferSelect, until: number, lease: string, nowMs: number): ClaimedJob | undefined {
    const { id, attempts, root } = row;
    if (attempts >= MAX_CLAIMS) {
      end(id, 'dead', nowMs, `given up: claimed ${attempts} times and never ended`);
      return undefined;
    }
    orm
      .update(job)
      .set({ state: 'running', lease, leaseUntil: until, attempts: attempts + 1, updatedAt: iso(nowMs) })
      .where(eq(job.id, id))
      .run();
    return { id, name: row.name as JobName, data: JSON.parse(row.data), root, lease, attempt: attempts + 1 };
  }

  function claim(names: readonly JobName[], until: number, lease: string, nowMs: number): ClaimedJob | undefined {
    for (let next = nextOf(names, nowMs); next !== undefined; next = nextOf(names, nowMs)) {
      const taken = take(next, until, lease, nowMs);
      if (taken !== undefined) return taken;
    }
    return undefined;
  }

  const one = orm
    .select()
    .from(job)
    .where(eq(job.id, sql.placeholder('id')))
    .prepare();
  const working = orm
    .select({ id: job.id })
    .from(job)
    .where(and(eq(job.root, sql.placeholder('root')), eq(job.name, sql.placeholder('name')), eq(job.state, 'running')))
    .limit(1)
    .prepare();

  function claimOne(id: string, until: number, lease: string, nowMs: number): Claim {
    const row = one.get({ id });
    const state = row?.state as JobState | undefined;
    if (row === undefined || (state !== 'waiting' && state !== 'running'))
      return {
        kind: 'gone',
        state: state === 'failed' ? 'dead' : (state as 'done' | 'cancelled' | 'dead' | undefined),
      };
    if (state === 'running' && (row.leaseUntil ?? 0) > nowMs) return { kind: 'later', at: row.leaseUntil ?? nowMs };
    if (state === 'waiting') {
      if (row.runAt > nowMs && row.runAt <= nowMs + longestWaitMs(row.name)) return { kind: 'later', at: row.runAt };
      if (working.get({ root: row.root, name: row.name }) !== undefined)
        return { kind: 'later', at: nowMs + BLOCKED_MS };
    }
    const taken = take(row, until, lease, nowMs);
    return taken === undefined ? { kind: 'gone', state: 'dead' } : { kind: 'claimed', job: taken };
  }

  function end(id: string, state: JobState, nowMs: number, error: string | null = null): void {
    const values = { state, error, lease: null, leaseUntil: null, updatedAt: iso(nowMs) };
    orm
      .update(job)
      .set(state === 'done' ? { ...values, progress: 1 } : values)
      .where(eq(job.id, id))
      .run();
    outbox.forget([id]);
  }

  function finish(lease: Lease, nowMs: number): boolean {
    if (orm.select({ id: job.id }).from(job).where(held(lease)).get() === undefined) return false;
    end(lease.id, 'done', nowMs);
    return true;
  }

  /** Back in the line. Where another one of its kind is waiting already, that one does the work. */
  function release(id: string, name: string, root: string, runAt: number, nowMs: number, error: string | null): void {
    const waiting = orm
      .select({ id: job.id })
      .from(job)
      .where(and(eq(job.name, name), eq(job.root, root), eq(job.state, 'waiting')))
      .get();
    if (waiting !== undefined) return end(id, 'cancelled', nowMs, error);
    orm
      .update(job)
      .set({ state: 'waiting', lease: null, leaseUntil: null, runAt, error, updatedAt: iso(nowMs) })
      .where(eq(job.id, id))
      .run();
  }

  function fail(lease: Lease, error: string, retry: boolean, delayMs: number, nowMs: number): 'waiting' | 'dead' {
    const row = orm.select().from(job).where(held(lease)).get();
    if (row === undefined) return 'dead';
    const failures = row.failures + 1;
    orm.update(job).set({ failures }).where(eq(job.id, row.id)).run();
    if (!retry || failures >= failuresOf(row.name as JobName)) {
      end(row.id, 'dead', nowMs, error);
      return 'dead';
    }
    release(row.id, row.name, row.root, nowMs + delayMs, nowMs, error);
    return 'waiting';
  }

  /** As if it had never been claimed. */
  function giveBack(lease: Lease, afterMs: number, nowMs: number): void {
    const row = orm.select().from(job).where(held(lease)).get();
    if (row === undefined) return;
    orm
      .update(job)
      .set({ attempts: row.attempts - 1, progress: 0, stage: '' })
      .where(eq(job.id, row.id))
      .run();
    release(row.id, row.name, row.root, nowMs + afterMs, nowMs, row.error);
    if (afterMs === 0) outbox.forget([row.id]);
  }

  function cancel(root: string, nowMs: number): string[] {
    const open = and(eq(job.root, root), inArray(job.state, ['waiting', 'running']));
    const ids = orm.select({ id: job.id }).from(job).where(open).all();
    for (const { id } of ids) end(id, 'cancelled', nowMs);
    return ids.map(({ id }) => id);
  }

  /** At the start, while this process alone holds the data folder, whatever is running belongs to a process that is gone. */
  function recover(nowMs: number): number {
    const lost = orm.select().from(job).where(eq(job.state, 'running')).all();
    for (const row of lost) release(row.id, row.name, row.root, nowMs, nowMs, row.error);
    const ended = orm
      .select({ at: job.updatedAt })
      .from(job)
      .where(inArray(job.state, ['done', 'cancelled']));
    const oldest = ended.orderBy(desc(job.updatedAt)).limit(1).offset(DONE_KEPT).get();
    if (oldest !== undefined) {
      orm
        .delete(job)
        .where(and(inArray(job.state, ['done', 'cancelled']), lte(job.updatedAt, oldest.at)))
        .run();
    }
    return lost.length;
  }

  return {
    add,
    fail: atOnce(fail),
    claim: atOnce(claim),
    claimThese: atOnce((ids: readonly string[], until: number, leases: readonly string[], nowMs: number): Claim[] =>
      ids.map((id, index) => claimOne(id, until, leases[index] ?? '', nowMs)),
    ),
    giveBack: atOnce(giveBack),
    outbox,
    dead: createDeadJobs(db, orm),
    cancel: atOnce(cancel),
    recover: atOnce(recover),
    exists: (id: string): boolean => find.get({ id }) !== undefined,
    holds: (id: string, lease: string): boolean => {
      const row = find.get({ id });
      return row?.state === 'running' && row.lease === lease;
    },
    done: (id: string, nowMs: number): void => end(id, 'done', nowMs),
    finish,
    heartbeat: (lease: Lease, until: number): boolean =>
      orm.update(job).set({ leaseUntil: until }).where(held(lease)).run().changes > 0,
    progress: (lease: Lease, progress: number, stage: string, nowMs: number): void => {
      orm
        .update(job)
        .set({ progress, stage, updatedAt: iso(nowMs) })
        .where(held(lease))
        .run();
    },
    list: (): JobView[] => {
      const open = orm
        .select()
        .from(job)
        .where(inArray(job.state, ['waiting', 'running', 'dead', 'failed']));
      const ended = orm
        .select()
        .from(job)
        .where(inArray(job.state, ['done', 'cancelled']))
        .orderBy(desc(job.updatedAt))
        .limit(DONE_SHOWN);
      return [...open.orderBy(asc(job.priority), asc(job.createdAt)).all(), ...ended.all()].map(jobView);
    },
    lengths: (): QueueLength[] => {
      const open = inArray(job.state, ['waiting', 'running', 'dead']);
      const rows = orm
        .select({ name: job.name, state: job.state, n: count(), oldest: min(job.createdAt) })
        .from(job)
        .where(open)
        .groupBy(job.name, job.state)
        .all();
      return [...new Set(rows.map(({ name }) => name))].map((name) => {
        const of = (state: JobState) => rows.find((row) => row.name === name && row.state === state);
        const oldest = of('waiting')?.oldest;
        return {
          name: name as JobName,
          waiting: of('waiting')?.n ?? 0,
          running: of('running')?.n ?? 0,
          dead: of('dead')?.n ?? 0,
          oldest: typeof oldest === 'string' ? Date.parse(oldest) : null,
        };
      });
    },
    counts: (): { waiting: number; running: number; dead: number } => {
      const rows = orm.select({ state: job.state, n: count() }).from(job).groupBy(job.state).all();
      const of = (state: JobState): number => rows.find((row) => row.state === state)?.n ?? 0;
      return { waiting: of('waiting'), running: of('running'), dead: of('dead') };
    },
  };
}
