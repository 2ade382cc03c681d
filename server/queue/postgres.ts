/**
 * The queue over the site's own database: several replicas and workers at once. Claims skip what others hold (`FOR UPDATE SKIP LOCKED`), leases are judged by the
 * database's clock. What only says who is at work on what (claims, heartbeats, progress) is not flushed to the disk: were it lost with the database, the
 * job would be worked on again, and the effect of the first worker would be refused, because it names a lease that is not there.
 */
import { AppError } from '../../core/contract/errors.ts';
import type { JobName, JobState, JobView } from '../../core/contract/jobs.ts';
import { uuid4 } from '../../core/sync/ids.ts';
import { isInstant } from '../store/instant.ts';
import type { SiteDue } from '../store/postgres/carried.ts';
import { type Connections, EVERY_SITE, type Statement } from '../store/postgres/connection.ts';
import type { LeaseClock } from '../store/postgres/job-statements.ts';
import { delayAfter, failuresOf } from './backoff.ts';
import { createJobQueries, type Lease } from './postgres-jobs.ts';
import { BLOCKED_MS, type Claim, type ClaimedJob, type DeadLetters, type Queue, type QueueLength } from './queue.ts';

/** A job of a queue over every site says whose it is: its effect belongs into that site's store. */
export type SiteJob = ClaimedJob & { readonly site: string };

export interface PostgresQueueParts {
  readonly connections: Connections;
  /** A site, or EVERY_SITE. */
  readonly scope: string;
  /** Of every site, only jobs of these are claimed. */
  readonly serves?: readonly string[] | undefined;
  readonly clock: LeaseClock;
  readonly nowMs: () => number;
  readonly random: (bytes: number) => Uint8Array;
  /** Listeners of `onWork`, of the whole database. */
  readonly wakes: Set<() => void>;
  readonly wake: () => void;
  /** Listeners of `carry`, of the whole database. */
  readonly carriers: Set<(made: readonly SiteDue[]) => void>;
}

const MAX_PAGE = 200;
/** When to ask again for a job of a site that is not served here: another process takes it, or this one is started anew with that site. */
const FOREIGN_MS = 5_000;
const LAZY = { lazy: true };
const NEXT = { lazy: true, inOrder: true };

interface ClaimedRow extends Record<string, unknown> {
  readonly site: string;
  readonly id: string;
  readonly name: JobName;
  readonly root: string;
  readonly data: unknown;
  readonly state: JobState;
  readonly lease: string;
  readonly attempts: number;
}
interface StateRow {
  readonly id: string;
  readonly site: string;
  readonly state: JobState;
  readonly leaseUntil: Date | null;
  readonly runAt: Date;
  readonly due: boolean;
}
type ViewRow = Omit<JobView, 'createdAt' | 'updatedAt'> & { readonly createdAt: Date; readonly updatedAt: Date };

const claimed = ({ site, id, name, root, data, lease, attempts }: ClaimedRow): SiteJob => ({
  site,
  id,
  name,
  data,
  root,
  lease,
  attempt: attempts,
});

const view = ({ id, name, root, state, attempts, progress, stage, error, ...row }: ViewRow): JobView => ({
  id,
  name,
  root,
  state,
  attempts,
  progress,
  stage,
  error,
  createdAt: row.createdAt.toISOString(),
  updatedAt: row.updatedAt.toISOString(),
});

function answerOf(row: StateRow | undefined, nowMs: number): Claim {
  if (row === undefined) return { kind: 'gone', state: undefined };
  const { state } = row;
  if (state === 'running') return { kind: 'later', at: row.leaseUntil?.getTime() ?? nowMs + BLOCKED_MS };
  if (state === 'waiting') return { kind: 'later', at: row.due ? nowMs + BLOCKED_MS : row.runAt.getTime() };
  return { kind: 'gone', state: state === 'failed' ? 'dead' : state };
}

/** Where the page before ended. */
function positionOf(cursor: string | undefined): { at: string; id: string } | undefined {
  if (cursor === undefined) return undefined;
  const [at = '', id = ''] = cursor.split('~');
  if (!isInstant(at) || id.includes('\0'))
    throw new AppError('bad_request', 'The cursor does not fit. Start again without it.');
  return { at, id };
}

function lengthsOf(rows: readonly { name: JobName; state: JobState; n: number; oldest: Date }[]): QueueLength[] {
  return [...new Set(rows.map(({ name }) => name))].map((name) => {
    const of = (state: JobState) => rows.find((row) => row.name === name && row.state === state);
    const [waiting, running, dead] = [of('waiting'), of('running'), of('dead')];
    return {
      name,
      waiting: waiting?.n ?? 0,
      running: running?.n ?? 0,
      dead: dead?.n ?? 0,
      oldest: waiting?.oldest.getTime() ?? null,
    };
  });
}

export function createPostgresQueue(parts: PostgresQueueParts): Queue & { stop(): void } {
  const { connections, scope, serves, random, wakes, wake, nowMs } = parts;
  const queries = createJobQueries(scope, parts.clock, serves);
  const newLease = (): string => uuid4(random(16));
  const retries = new Set<NodeJS.Timeout>();
  const own = new Set<() => void>();
  const wakeAfter = (ms: number): void => {
    const timer = setTimeout(() => {
      retries.delete(timer);
      wake();
    }, ms + 1).unref();
    retries.add(timer);
  };
  /** One round trip; the rows of the last statement. */
  async function write<R>(site: string, statements: readonly Statement[], options = {}): Promise<R[]> {
    const rows = await connections.write(site, (tx) => tx.commit(statements), options);
    return (rows.at(-1) ?? []) as R[];
  }
  const read = <R>(statement: Statement): Promise<R[]> =>
    connections.read(scope, async (tx) => (await tx.send(statement)) as R[]);
  function leaseOf(job: ClaimedJob): Lease {
    const site = 'site' in job && typeof job.site === 'string' ? job.site : scope;
    if (site === EVERY_SITE) throw new Error('the job does not say whose it is');
    return { site, id: job.id, lease: job.lease };
  }
  /** A change to a claimed job, as its own site. */
  const onLease = <R>(job: ClaimedJob, statement: (lease: Lease) => Statement, options = {}): Promise<R[]> => {
    const lease = leaseOf(job);
    return write<R>(lease.site, [statement(lease)], options);
  };

  async function claimThese(ids: readonly string[], leaseMs: number): Promise<readonly Claim[]> {
    if (ids.length === 0) return [];
    const leases = ids.map(newLease);
    const taken = await connections.ask<ClaimedRow>(queries.claimThese({ ids, leases, leaseMs }));
    const running = taken.filter(({ state }) => state === 'running');
    const jobs = new Map(running.map((row) => [row.id, claimed(row)]));
    // Asked for twice in one call, it is given once.
    const given = (id: string, at: number): SiteJob | undefined =>
      jobs.get(id)?.lease === leases[at] ? jobs.get(id) : undefined;
    // Of the others, why not; as they are by now.
    const others = ids.filter((id, at) => given(id, at) === undefined);
    // Where that cannot be told, they come again; those that were claimed must not wait for their lease.
    const states =
      others.length === 0 ? [] : await read<StateRow>(queries.states({ ids: others })).catch(() => undefined);
    const rows = new Map(states?.map((row) => [row.id, row]));
    const answer = (id: string): Claim => {
      if (states === undefined) return { kind: 'later', at: nowMs() + BLOCKED_MS };
      const row = rows.get(id);
      const answered = answerOf(row, nowMs());
      const isForeign = row !== undefined && serves?.includes(row.site) === false;
      return isForeign && answered.kind === 'later'
        ? { kind: 'later', at: Math.max(answered.at, nowMs() + FOREIGN_MS) }
        : answered;
    };
    return ids.map((id, at): Claim => {
      const job = given(id, at);
      return job === undefined ? answer(id) : { kind: 'claimed', job };
    });
  }

  return {
    async claim(names, leaseMs) {
      for (;;) {
        const [row] = await write<ClaimedRow>(scope, [queries.claim({ names, lease: newLease(), leaseMs })], NEXT);
        if (row === undefined) return undefined;
        if (row.state === 'running') return claimed(row);
      }
    },
    claimThese,
    heartbeat: async (job, leaseMs) =>
      (await onLease(job, (lease) => queries.heartbeat(lease, leaseMs), LAZY)).length > 0,
    progress: async (job, progress, stage) => {
      await onLease(job, (lease) => queries.progress(lease, progress, stage), LAZY);
    },
    finish: async (job) => {
      await onLease(job, queries.finish);
    },
    async fail(job, error, { retry }) {
      const delay = delayAfter(job.name, job.attempt, random);
      const [row] = await onLease<{ state: JobState }>(job, (lease) =>
        queries.fail(lease, error, { retry, delayMs: delay, failures: failuresOf(job.name) }),
      );
      if (row === undefined || row.state === 'dead') return 'dead';
      wakeAfter(delay);
      return 'waiting';
    },
    async release(job, afterMs = 0) {
      await onLease(job, (lease) => queries.release(lease, afterMs), LAZY);
      if (afterMs > 0) wakeAfter(afterMs);
      else wake();
    },
    cancel: async (root) => (await write<{ id: string }>(scope, [queries.cancel(root)])).map(({ id }) => id),
    list: () =>
      connections.read(scope, async (tx) => {
        const [open, ended] = await Promise.all([tx.send(queries.open()), tx.send(queries.ended())]);
        return ([...open, ...ended] as ViewRow[]).map(view);
      }),
    async counts() {
      const lengths = lengthsOf(await read(queries.lengths()));
      const sum = (state: 'waiting' | 'running' | 'dead'): number => lengths.reduce((n, one) => n + one[state], 0);
      return { waiting: sum('waiting'), running: sum('running'), dead: sum('dead') };
    },
    lengths: async () => lengthsOf(await read(queries.lengths())),
    onWork: (listener) => {
      wakes.add(listener);
      own.add(listener);
      return () => {
        wakes.delete(listener);
        own.delete(listener);
      };
    },
    handOut: (names, { limit, patienceMs }) =>
      write<SiteDue>(scope, [queries.handOut({ names, limit, patienceMs })], NEXT),
    carry: (listener) => {
      parts.carriers.add(listener);
      return () => parts.carriers.delete(listener);
    },
    takeBack: async (ids) => {
      await write(scope, [queries.takeBack(ids)], LAZY);
    },
    existing: async (ids) => new Set((await read<StateRow>(queries.states({ ids }))).map(({ id }) => id)),
    async deadLetters({ cursor, limit }): Promise<DeadLetters> {
      const size = Math.min(MAX_PAGE, Math.max(1, limit));
      const rows = await read<ViewRow>(queries.dead(size + 1, positionOf(cursor)));
      const items = rows.slice(0, size).map(view);
      const last = items.at(-1);
      return { items, next: rows.length > size && last !== undefined ? `${last.updatedAt}~${last.id}` : null };
    },
    async replay(id) {
      const [row] = await write<{ state: JobState }>(scope, [queries.replay(id)]);
      if (row === undefined) return 'gone';
      if (row.state !== 'waiting') return 'superseded';
      wake();
      return 'waiting';
    },
    purge: async (which) => (await write(scope, [queries.purge(which)])).length,
    stop: () => {
      for (const timer of retries) clearTimeout(timer);
      for (const listener of own) wakes.delete(listener);
      own.clear();
    },
  };
}
