/** Worker processes on Postgres and Redis, killed in the middle of their work: every effect once, and back within ten seconds. */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { PostgresDatabase } from '../store/postgres/create.ts';
import { newSite, openDatabase, postgres, sharedDatabase } from '../store/testing-postgres.ts';
import { isRedisMissing, startTestRedis, type TestRedis } from './testing-redis.ts';
import { addReads, type Data, effect, effects, idle, newRoot, startProcess, until } from './testing-site.ts';

const WORKER = fileURLToPath(new URL('testing-worker.ts', import.meta.url));
const BACK_MS = 10_000;

const roots = (count: number): string[] => Array.from({ length: count }, newRoot);
const isMissing = postgres.url === undefined || isRedisMissing('the tests of killed workers');

describe.skipIf(isMissing)('workers of the site', () => {
  let redis: TestRedis;
  let database: PostgresDatabase;
  let data: Data;
  let site: string;
  const workers: ChildProcess[] = [];

  beforeEach(async () => {
    redis = await startTestRedis();
    const { url } = await sharedDatabase();
    database = await openDatabase(url);
    site = newSite();
    await database.createSite(site);
    const { store } = await database.site(site);
    data = { store, queue: database.queue };
  });
  afterEach(async () => {
    for (const worker of workers.splice(0)) worker.kill('SIGKILL');
    await database.close();
    await redis.stop();
  });

  async function work(ms: number): Promise<ChildProcess> {
    const { url } = await sharedDatabase();
    const given = JSON.stringify({ database: url, site, redis: redis.url, ms });
    const worker = spawn(process.execPath, [WORKER, given], { stdio: ['ignore', 'pipe', 'inherit'] });
    workers.push(worker);
    await once(worker.stdout, 'data');
    return worker;
  }
  const ended = async (): Promise<number> => (await data.queue.list()).filter(({ state }) => state === 'done').length;

  test('workers and Redis killed under load: every effect once', { timeout: 120_000 }, async () => {
    const [first] = [await work(60), await work(60)];
    const all = roots(400);
    const adding = (async () => {
      for (let from = 0; from < all.length; from += 20) {
        await addReads(data, all.slice(from, from + 20));
        await sleep(100);
      }
    })();
    await until('work', async () => (await ended()) > 0);
    first?.kill('SIGKILL');
    await work(60);
    await redis.ask('FLUSHALL');
    await sleep(300);
    await redis.kill();
    const before = await data.queue.counts();
    await sleep(1_500);
    expect((await data.queue.counts()).waiting).not.toBe(before.waiting);
    await redis.start();
    await adding;
    await idle(data, 60_000);
    expect(await effects(data, all)).toEqual({ 1: all.length });
  });

  test(
    'a process that brings its own jobs, while Redis is emptied and killed: every effect once',
    { timeout: 120_000 },
    async () => {
      let handed = 0;
      const one = startProcess(data, {
        url: redis.url,
        handlers: { read: effect(data, () => 10) },
        onHandedOut: (count) => (handed += count),
      });
      await until('a delivery', () => one.delivery?.available() === true);
      const all = roots(300);
      const adding = addReads(data, all.slice(0, 200), 10, 5);
      await sleep(200);
      await redis.ask('FLUSHALL');
      await adding;
      expect(handed).toBeGreaterThan(0);
      await redis.kill();
      await addReads(data, all.slice(200, 250), 10, 5);
      await redis.start();
      await addReads(data, all.slice(250), 10, 5);
      await idle(data, 60_000);
      expect(await effects(data, all)).toEqual({ 1: all.length });
      await one.stop();
    },
  );

  test('what a killed worker was at is done by another one within ten seconds', { timeout: 60_000 }, async () => {
    const slow = await work(60_000);
    const all = roots(2);
    await addReads(data, all);
    await until('claims', async () => (await data.queue.counts()).running === 2);
    await work(10);
    slow.kill('SIGKILL');
    const from = Date.now();
    await idle(data, 20_000);
    expect(Date.now() - from).toBeLessThan(BACK_MS);
    expect(await effects(data, all)).toEqual({ 1: 2 });
    expect((await data.queue.list()).filter(({ root }) => all.includes(root))).toMatchObject([
      { attempts: 2 },
      { attempts: 2 },
    ]);
  });

  test('a worker that is told to stop gives back what it is at', { timeout: 60_000 }, async () => {
    const slow = await work(60_000);
    const all = roots(2);
    await addReads(data, all);
    await until('claims', async () => (await data.queue.counts()).running === 2);
    await work(10);
    slow.kill('SIGTERM');
    await once(slow, 'exit');
    const from = Date.now();
    await idle(data, 20_000);
    expect(Date.now() - from).toBeLessThan(3_000);
    expect(await effects(data, all)).toEqual({ 1: 2 });
    expect((await data.queue.list()).filter(({ root }) => all.includes(root))).toMatchObject([
      { attempts: 1 },
      { attempts: 1 },
    ]);
  });
});
