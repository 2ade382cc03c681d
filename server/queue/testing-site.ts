/** For tests and benches of the delivery: processes of a site in miniature (runner, delivery, board), and jobs whose effects can be counted. */
import { randomBytes } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import type { NewJob } from '../../core/contract/jobs.ts';
import { invoiceCreatedOp } from '../../core/sync/drafts.ts';
import { uuid7 } from '../../core/sync/ids.ts';
import { createHub, type Hub } from '../hub.ts';
import { createJobBoard } from '../jobs/board.ts';
import type { Handlers, JobHandler } from '../jobs/handling.ts';
import { createRunner, type Runner } from '../jobs/runner.ts';
import { createLog } from '../log.ts';
import { createMetrics, type Metrics } from '../metrics.ts';
import type { Store } from '../store/store.ts';
import type { Queue } from './queue.ts';
import { createRedisDelivery, type RedisDelivery } from './redis.ts';

export interface Data {
  readonly store: Store;
  readonly queue: Queue;
}

export interface TestProcess {
  readonly runner: Runner;
  readonly delivery: RedisDelivery | undefined;
  readonly hub: Hub;
  readonly metrics: Metrics;
  stop(): Promise<void>;
}

export interface ProcessWish {
  /** Without it the process looks in the database. */
  readonly url?: string;
  readonly handlers: Handlers;
  readonly concurrency?: number;
  readonly leaseMs?: number;
  readonly graceMs?: number;
  readonly patienceMs?: number;
  readonly onHandedOut?: (count: number) => void;
}

const COUNTERS = { byStatus: {}, total: 0, doneToday: 0, left: 0, jobsWaiting: 0, jobsRunning: 0 };

export function startProcess({ queue }: Data, wish: ProcessWish): TestProcess {
  const log = createLog({ write: () => undefined }, 'error');
  const metrics = createMetrics(() => queue.counts());
  const hub = createHub({ version: 'test', counters: () => Promise.resolve(COUNTERS) });
  const { url, handlers, concurrency = 4, leaseMs = 3_000, graceMs = 1_000, patienceMs, onHandedOut } = wish;
  const delivery =
    url === undefined
      ? undefined
      : createRedisDelivery({
          url,
          queue,
          log,
          now: Date.now,
          ...(patienceMs === undefined ? {} : { patienceMs }),
          onHandedOut: (_name, due) => onHandedOut?.(due.length),
        });
  const board = createJobBoard(hub, Date.now);
  const beats = { leaseMs, beatMs: Math.round(leaseMs / 4), graceMs };
  const runner = createRunner(
    { queue, board, log, metrics, now: Date.now, ...beats, ...(delivery === undefined ? {} : { delivery }) },
    [{ handlers, concurrency, queue: 'general' }],
  );
  delivery?.start();
  runner.start();
  return {
    runner,
    delivery,
    hub,
    metrics,
    async stop() {
      await runner.stop();
      await delivery?.close();
      hub.close();
      metrics.close();
    },
  };
}

export const newRoot = (): string => uuid7(Date.now(), randomBytes(10));

export const readJob = (root: string, priority = 10): NewJob => ({
  id: newRoot(),
  name: 'read',
  data: { document: 'd'.repeat(64), invoice: root },
  root,
  priority,
});

/** In batches, as an import commits them. */
export async function addReads({ store }: Data, roots: readonly string[], priority = 10, batch = 50): Promise<void> {
  for (let from = 0; from < roots.length; from += batch) {
    const jobs = roots.slice(from, from + batch).map((root) => readJob(root, priority));
    const result = await store.commit({ ops: [], projections: [], documents: [], jobs });
    if (result.kind !== 'ok') throw new Error(`jobs were refused: ${result.what}`);
  }
}

/** The effect of a job: one operation on its root, committed with the end of the job. */
export const effect =
  ({ store }: Data, ms: () => number = () => 0): JobHandler =>
  async ({ job, signal }) => {
    const wait = ms();
    if (wait > 0) await sleep(wait, undefined, { signal });
    const author = { opId: newRoot(), actor: 'service:test', salt: randomBytes(32).toString('hex') };
    const op = invoiceCreatedOp(author, job.root, { document: 'd'.repeat(64) });
    const finishes = { job: job.id, lease: job.lease };
    const result = await store.commit({ ops: [op], projections: [], documents: [], jobs: [], finishes });
    return result.kind === 'ok' ? 'done' : 'lost';
  };

export async function until(what: string, look: () => Promise<boolean> | boolean, ms = 25_000): Promise<void> {
  const end = Date.now() + ms;
  while (Date.now() < end) {
    if (await look()) return;
    await sleep(20);
  }
  throw new Error(`never happened: ${what}`);
}

export async function idle({ queue }: Data, ms?: number): Promise<void> {
  const isIdle = async (): Promise<boolean> => {
    const { waiting, running } = await queue.counts();
    return waiting + running === 0;
  };
  await until('an empty queue', isIdle, ms);
}

/** How many roots have how many effects: `{1: n}` is what is wanted. */
export async function effects({ store }: Data, roots: readonly string[]): Promise<Record<number, number>> {
  const counts: Record<number, number> = {};
  for (const root of roots) {
    const { length } = await store.opsOf(root);
    counts[length] = (counts[length] ?? 0) + 1;
  }
  return counts;
}
