/** Workers of a site in processes of their own, with a real Postgres and a real Redis between them: jobs go in, and each has an effect that can be counted. */
import { type ChildProcess, spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { setTimeout as sleep } from 'node:timers/promises';
import { findRedis, startTestRedis, type TestRedis } from '../../server/queue/testing-redis.ts';
import { addReads, type Data, newRoot } from '../../server/queue/testing-site.ts';
import { createPostgresDatabase } from '../../server/store/postgres/create.ts';
import { withClient } from '../../server/store/postgres/clients.ts';
import { findPostgres, startCluster } from '../../server/store/testing-cluster.ts';
import { createTestDatabase, prepareCluster } from '../../server/store/testing-roles.ts';
import { POSTGRES } from '../site/tools.ts';

const WORKER = fileURLToPath(new URL('job-worker.ts', import.meta.url));
const SITE = 'main';

export interface WorkerWish {
  readonly database: string;
  readonly site: string;
  readonly redis: string;
  /** How long a job takes in the mean. */
  readonly ms: number;
  readonly leaseMs: number;
  readonly patienceMs: number;
  readonly bug: string | undefined;
}

export interface JobWorld {
  readonly redis: TestRedis;
  start(): Promise<ChildProcess>;
  /** Jobs, as an import makes them: so many, a few at a time. Their roots. */
  add(count: number): Promise<string[]>;
  /** Jobs that have not ended. */
  open(): Promise<number>;
  /** Jobs that somebody is at. */
  running(): Promise<number>;
  /** Jobs that wait in Redis for somebody, or have waited there. */
  handedOut(): Promise<number>;
  /** Jobs that somebody was given and has not ended, each with the name of that turn: of one who is dead, until another one is given it. */
  held(): Promise<readonly string[]>;
  /** Jobs that were given to more than one, one after the other. */
  givenAgain(): Promise<number>;
  /** Effects of each of these roots. */
  effects(roots: readonly string[]): Promise<readonly number[]>;
  stop(): Promise<void>;
}

export const whyNoJobs = (): string | undefined =>
  findRedis() === undefined
    ? 'there is no redis-server here (Debian: apt-get install redis-server)'
    : findPostgres() === undefined
      ? 'there is no Postgres here: neither from npm nor of the system'
      : undefined;

export async function createJobWorld(
  wish: Pick<WorkerWish, 'ms' | 'leaseMs' | 'patienceMs' | 'bug'>,
): Promise<JobWorld> {
  const stopping: (() => Promise<unknown>)[] = [];
  const stop = async (): Promise<void> => {
    for (const one of stopping.splice(0).toReversed()) await one();
  };
  const workers = new Set<ChildProcess>();
  const killAll = (): void => {
    for (const worker of workers) worker.kill('SIGKILL');
  };
  process.once('exit', killAll);
  try {
    const native = existsSync(POSTGRES) ? { native: POSTGRES } : {};
    const cluster = await startCluster({ ...native, durable: true });
    stopping.push(() => cluster.stop());
    await prepareCluster(cluster.url);
    const { url, superUrl } = await createTestDatabase(cluster.url);
    const redis = await startTestRedis();
    stopping.push(() => redis.stop());
    const database = await createPostgresDatabase({ url, poolSize: 5, now: Date.now, random: randomBytes });
    stopping.push(() => database.close());
    await database.createSite(SITE);
    const { store } = await database.site(SITE);
    const data: Data = { store, queue: database.queue };
    stopping.push(async () => {
      process.off('exit', killAll);
      killAll();
      while (workers.size > 0) await sleep(20);
    });
    const rows = async (text: string, values: unknown[] = []): Promise<Record<string, string>[]> =>
      (await withClient({ connectionString: superUrl }, (client) => client.query<Record<string, string>>(text, values)))
        .rows;
    return {
      redis,
      async start() {
        const given: WorkerWish = { ...wish, database: url, site: SITE, redis: redis.url };
        const args = [WORKER, JSON.stringify(given)];
        const worker = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'inherit'] });
        workers.add(worker);
        worker.once('exit', () => workers.delete(worker));
        await Promise.race([once(worker.stdout, 'data'), once(worker, 'exit')]);
        return worker;
      },
      async add(count) {
        const roots = Array.from({ length: count }, newRoot);
        for (let from = 0; from < count; from += 10) {
          await addReads(data, roots.slice(from, from + 10));
          await sleep(20);
        }
        return roots;
      },
      async open() {
        const { waiting, running } = await data.queue.counts();
        return waiting + running;
      },
      running: async () => (await data.queue.counts()).running,
      async handedOut() {
        const sql = "SELECT count(*) AS jobs FROM job WHERE state = 'waiting' AND handed_at IS NOT NULL";
        return Number((await rows(sql))[0]?.['jobs']);
      },
      async held() {
        const sql = "SELECT id || ' ' || lease AS turn FROM job WHERE state = 'running'";
        return (await rows(sql)).map(({ turn = '' }) => turn);
      },
      async givenAgain() {
        return Number((await rows('SELECT count(*) AS jobs FROM job WHERE attempts > 1'))[0]?.['jobs']);
      },
      async effects(roots) {
        const sql = `SELECT root, count(*) AS times FROM op_log WHERE root = ANY ($1::text[]) GROUP BY root`;
        const found = new Map((await rows(sql, [roots])).map(({ root = '', times }) => [root, Number(times)]));
        return roots.map((root) => found.get(root) ?? 0);
      },
      stop,
    };
  } catch (error) {
    await stop();
    throw error;
  }
}

/** Whether every job ended in time. */
export async function ended(world: JobWorld, ms: number): Promise<boolean> {
  for (const until = Date.now() + ms; Date.now() < until; await sleep(100)) if ((await world.open()) === 0) return true;
  return false;
}
