/**
 * `npm run bench:jobs -- [--store postgres|sqlite] [--count 5000] [--rounds 5] [--concurrency 50]`: jobs a second
 * through the outbox against the same number through BullMQ alone, in one process on one machine, in turns. A job of the outbox is made, brought to a worker, claimed,
 * and ends together with its effect: an operation in the log, on the disk before the job counts. BullMQ alone does nothing at all. Both sides are given the same
 * batches and work on as many jobs at a time as is usual for jobs that wait more than they work.
 */
import { randomBytes, randomUUID } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { Queue, Worker } from 'bullmq';
import type { JobHandler } from '../server/jobs/handling.ts';
import { patientRedis } from '../server/queue/redis-client.ts';
import { startTestRedis, type TestRedis } from '../server/queue/testing-redis.ts';
import { addReads, type Data, effect, newRoot, startProcess, until } from '../server/queue/testing-site.ts';
import { createSqliteStore } from '../server/store/sqlite/create.ts';
import { createPostgresDatabase } from '../server/store/postgres/create.ts';
import { startCluster } from '../server/store/testing-cluster.ts';
import { asSuper, createTestDatabase, prepareCluster } from '../server/store/testing-roles.ts';
import { createFigures } from './figure.ts';

const BATCH = 50;
const TOO_LONG_MS = 300_000;

interface Wish {
  readonly count: number;
  readonly concurrency: number;
}

async function raw({ url }: TestRedis, { count, concurrency }: Wish): Promise<number> {
  const redis = patientRedis({ url });
  const prefix = `raw-${randomUUID()}`;
  const queue = new Queue('raw', { connection: redis, prefix });
  let ended = 0;
  const worker = new Worker('raw', () => Promise.resolve(), {
    connection: redis,
    prefix,
    concurrency,
    removeOnComplete: { count: 0 },
  });
  worker.on('completed', () => (ended += 1));
  await worker.waitUntilReady();
  const from = performance.now();
  for (let added = 0; added < count; added += BATCH)
    await queue.addBulk(
      Array.from({ length: Math.min(BATCH, count - added) }, () => ({
        name: 'read',
        data: {},
        opts: { jobId: newRoot(), priority: 10 },
      })),
    );
  await until('the raw jobs', () => ended >= count, TOO_LONG_MS);
  const rate = (count * 1000) / (performance.now() - from);
  await worker.close();
  await queue.close();
  redis.disconnect();
  return rate;
}

/** Jobs a second from the first commit to the last end. */
async function outbox({ url }: TestRedis, data: Data, { count, concurrency }: Wish, read: JobHandler): Promise<number> {
  let ended = 0;
  const site = startProcess(data, { url, concurrency, leaseMs: 30_000, handlers: { read } });
  site.hub.subscribe((event) => {
    if (event.type === 'job' && event.job.state === 'done') ended += 1;
  });
  await until('the delivery', () => site.delivery?.available() === true);
  const from = performance.now();
  await addReads(data, Array.from({ length: count }, newRoot), 10, BATCH);
  await until('the jobs of the outbox', () => ended >= count, TOO_LONG_MS);
  const rate = (count * 1000) / (performance.now() - from);
  await site.stop();
  return rate;
}

/** The end of a job alone: what one costs that finds nothing to do. */
const endOnly =
  ({ store }: Data): JobHandler =>
  async ({ job: { id, lease } }) => {
    const change = { ops: [], projections: [], documents: [], jobs: [], finishes: { job: id, lease } };
    return (await store.commit(change)).kind === 'ok' ? 'done' : 'lost';
  };

interface Opened extends Data {
  /** As the database does it by itself now and then: a site in use has been looked at. */
  analyse(): Promise<void>;
  close(): Promise<void>;
}

async function sqlite(): Promise<Opened> {
  const folder = mkdtempSync(join(tmpdir(), 'bench-jobs-'));
  const { store, queue } = await createSqliteStore({
    path: join(folder, 'station.db'),
    now: Date.now,
    random: randomBytes,
  });
  return {
    store,
    queue,
    analyse: () => Promise.resolve(),
    close: async () => {
      await store.close();
      rmSync(folder, { recursive: true });
    },
  };
}

/** A server that keeps its promises: every commit is on the disk before it is answered. */
async function postgres(): Promise<Opened> {
  const cluster = await startCluster({ durable: true });
  await prepareCluster(cluster.url);
  const files = await createTestDatabase(cluster.url);
  const database = await createPostgresDatabase({ url: files.url, poolSize: 10, now: Date.now, random: randomBytes });
  await database.createSite('bench');
  const { store } = await database.site('bench');
  return {
    store,
    queue: database.queue,
    analyse: () => asSuper(files, async (client) => void (await client.query('VACUUM ANALYZE'))),
    close: async () => {
      await database.close();
      await cluster.stop();
    },
  };
}

const median = (values: readonly number[]): number => values.toSorted((a, b) => a - b)[values.length >> 1] ?? 0;

const { values } = parseArgs({
  options: {
    store: { type: 'string', default: 'postgres' },
    count: { type: 'string', default: '5000' },
    rounds: { type: 'string', default: '5' },
    concurrency: { type: 'string', default: '50' },
  },
});
const wish = { count: Number(values.count), concurrency: Number(values.concurrency) };
const say = (line: string): void => void process.stdout.write(`${line}\n`);
const figures = createFigures(say);
const redis = await startTestRedis();
const data = await (values.store === 'sqlite' ? sqlite() : postgres());
const first = { ...wish, count: 500 };
await raw(redis, first);
await outbox(redis, data, first, effect(data));
await data.analyse();
const ratios = { effect: [] as number[], end: [] as number[] };
for (let round = 1; round <= Number(values.rounds); round += 1) {
  // What else the machine does changes by the second: each is held against what BullMQ did just before and just after it.
  const before = await raw(redis, wish);
  const effects = await outbox(redis, data, wish, effect(data));
  const between = await raw(redis, wish);
  const ends = await outbox(redis, data, wish, endOnly(data));
  const after = await raw(redis, wish);
  ratios.effect.push((2 * effects) / (before + between));
  ratios.end.push((2 * ends) / (between + after));
  const alone = [before, between, after].map((rate) => rate.toFixed(0)).join(', ');
  const both = `with an effect each ${effects.toFixed(0)}; ended without one ${ends.toFixed(0)}`;
  say(`round ${round}, jobs/s: BullMQ alone ${alone}; ${both}`);
}
await data.close();
await redis.stop();
say(`ended without an effect, to BullMQ alone: ${median(ratios.end).toFixed(3)}`);
figures.atLeast(`jobs.${values.store}-outbox-to-raw`, median(ratios.effect), 0.15);
process.exitCode = figures.ok() ? 0 : 1;
