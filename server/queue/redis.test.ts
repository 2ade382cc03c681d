/** Jobs delivered through a real Redis: what it brings, what it may not decide, and that nothing is lost or done twice whatever becomes of it. */
import { mkdtempSync, rmSync } from 'node:fs';
import { randomBytes } from 'node:crypto';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { createSqliteStore } from '../store/sqlite/create.ts';
import { isRedisMissing, startTestRedis, type TestRedis } from './testing-redis.ts';
import {
  addReads,
  type Data,
  effect,
  effects,
  idle,
  newRoot,
  type ProcessWish,
  startProcess,
  type TestProcess,
  until,
} from './testing-site.ts';

const pushed = (one: TestProcess): Promise<void> => until('a delivery', () => one.delivery?.available() === true);
const once = (all: readonly string[]): Record<number, number> => ({ 1: all.length });
const roots = (count: number): string[] => Array.from({ length: count }, newRoot);

describe.skipIf(isRedisMissing('the tests of jobs through Redis'))('jobs through Redis', () => {
  let redis: TestRedis;
  let data: Data;
  let folder: string;
  const processes: TestProcess[] = [];

  beforeEach(async () => {
    folder = mkdtempSync(join(tmpdir(), 'delivery-'));
    redis = await startTestRedis();
    const path = join(folder, 'station.db');
    data = await createSqliteStore({ path, now: Date.now, random: randomBytes });
  });
  afterEach(async () => {
    redis.thaw();
    await Promise.all(processes.splice(0).map((one) => one.stop()));
    await data.store.close();
    await redis.stop();
    rmSync(folder, { recursive: true });
  });

  const begin = (wish: Partial<ProcessWish> = {}): TestProcess => {
    const process = startProcess(data, { url: redis.url, handlers: { read: effect(data) }, ...wish });
    processes.push(process);
    return process;
  };
  /** Keys of jobs that Redis holds. */
  const held = async (): Promise<string[]> =>
    ((await redis.ask('KEYS', 'ap:general:*')) as string[]).filter((key) => /:[0-9a-f-]{36}$/.test(key));
  const done = async (all: readonly string[]): Promise<Record<number, number>> => {
    await idle(data);
    return effects(data, all);
  };

  test('each job is brought and done once, and nothing of it stays in Redis', async () => {
    let handed = 0;
    const counting: Partial<ProcessWish> = { onHandedOut: (count) => (handed += count) };
    const one = begin(counting);
    begin(counting);
    await pushed(one);
    const all = roots(60);
    await addReads(data, all);
    expect(await done(all)).toEqual(once(all));
    expect(handed).toBeGreaterThan(0);
    await until('an empty Redis', async () => (await held()).length === 0);
  });

  test('only ids travel', async () => {
    const one = begin({ handlers: {}, concurrency: 1 });
    await pushed(one);
    await one.runner.stop();
    const [root = ''] = roots(1);
    await addReads(data, [root]);
    await until('a job in Redis', async () => (await held()).length === 1);
    const [key = ''] = await held();
    const hash = JSON.stringify(await redis.ask('HGETALL', key));
    expect(hash).not.toContain(root);
    expect(hash).not.toContain('dddd');
    expect(hash).toContain('"data","{}"');
  });

  test('who waits is served before what was imported', async () => {
    const order: string[] = [];
    const wait = effect(data, () => 20);
    const one = begin({
      concurrency: 1,
      handlers: {
        read: (work) => {
          order.push(work.job.root);
          return wait(work);
        },
      },
    });
    await pushed(one);
    const imported = roots(20);
    await addReads(data, imported, 10, 20);
    await until('the first', () => order.length > 0);
    const [urgent = ''] = roots(1);
    await addReads(data, [urgent], 0);
    // A job that waits already, made more urgent.
    const last = imported.at(-1) ?? '';
    await addReads(data, [last], 1);
    expect(await done([...imported, urgent])).toEqual(once([...imported, urgent]));
    expect(order.indexOf(urgent)).toBeLessThan(10);
    expect(order.indexOf(last)).toBeLessThan(18);
  });

  test('the database decides about retries and death; a dead letter that is replayed is brought again', async () => {
    let isBroken = true;
    const good = effect(data);
    const tries: number[] = [];
    const one = begin({
      handlers: {
        read: (work) => {
          tries.push(work.job.attempt);
          return isBroken ? Promise.reject(new Error('broken')) : good(work);
        },
      },
    });
    await pushed(one);
    const all = roots(1);
    await addReads(data, all);
    await until('a dead letter', async () => (await data.queue.counts()).dead === 1);
    expect(tries).toEqual([1, 2, 3]);
    const { items } = await data.queue.deadLetters({ limit: 10 });
    expect(items).toMatchObject([{ state: 'dead', attempts: 3, error: 'Error' }]);
    await until('shown as given up', async () => (await one.delivery?.queues.general.getFailedCount()) === 1);
    isBroken = false;
    expect(await data.queue.replay(items[0]?.id ?? '')).toBe('waiting');
    expect(await done(all)).toEqual(once(all));
    expect(await one.delivery?.queues.general.getFailedCount()).toBe(0);
  });

  test('FLUSHALL under load: every effect once', async () => {
    const slow = { read: effect(data, () => 30) };
    const one = begin({ handlers: slow });
    begin({ handlers: slow });
    await pushed(one);
    const all = roots(300);
    const adding = addReads(data, all, 10, 10);
    for (let flush = 0; flush < 3; flush += 1) {
      await sleep(400);
      await redis.ask('FLUSHALL');
    }
    await adding;
    expect(await done(all)).toEqual(once(all));
  });

  test('Redis killed and started again: the work goes on without it, and then through it', async () => {
    const slow = { read: effect(data, () => 20) };
    const one = begin({ handlers: slow });
    begin({ handlers: slow });
    await pushed(one);
    const all = roots(400);
    await addReads(data, all.slice(0, 300));
    await sleep(200);
    await redis.kill();
    await until('away', () => one.delivery?.available() === false);
    const before = (await data.queue.counts()).waiting;
    await addReads(data, all.slice(300));
    await until('work without Redis', async () => (await data.queue.counts()).waiting < before);
    await redis.start();
    await pushed(one);
    expect(await done(all)).toEqual(once(all));
    const more = roots(20);
    await addReads(data, more);
    expect(await done(more)).toEqual(once(more));
  });

  test('Redis hangs: the work goes on', async () => {
    const one = begin();
    await pushed(one);
    redis.freeze();
    const all = roots(30);
    await addReads(data, all);
    expect(await done(all)).toEqual(once(all));
    redis.thaw();
    await pushed(one);
  });

  test('no Redis at the start: the work begins all the same, and goes through it once it is there', async () => {
    await redis.kill();
    const one = begin();
    const all = roots(10);
    await addReads(data, all);
    expect(await done(all)).toEqual(once(all));
    await redis.start();
    await pushed(one);
    const more = roots(10);
    await addReads(data, more);
    expect(await done(more)).toEqual(once(more));
  });

  test('Redis is full: what it does not take is looked for', async () => {
    const one = begin();
    await pushed(one);
    await redis.ask('CONFIG', 'SET', 'maxmemory', '1');
    const all = roots(100);
    await addReads(data, all);
    expect(await done(all)).toEqual(once(all));
    await redis.ask('CONFIG', 'SET', 'maxmemory', '0');
    await pushed(one);
    const more = roots(10);
    await addReads(data, more);
    expect(await done(more)).toEqual(once(more));
  });

  test('a worker that is gone with a claimed job: another one does it when the lease has run out', async () => {
    // What a kill leaves: the lease in the database, the lock in BullMQ, and nobody who keeps them alive.
    const gone = begin({ handlers: {}, concurrency: 1 });
    await pushed(gone);
    await gone.runner.stop();
    const all = roots(1);
    await addReads(data, all);
    await until('a job in Redis', async () => (await held()).length === 1);
    const id = (await held())[0]?.split(':').at(-1) ?? '';
    expect(await data.queue.claimThese([id], 3_000)).toMatchObject([{ kind: 'claimed' }]);
    const from = Date.now();
    begin();
    expect(await done(all)).toEqual(once(all));
    expect(Date.now() - from).toBeLessThan(10_000);
    expect((await data.queue.list())[0]).toMatchObject({ attempts: 2 });
  });

  test('stopping: what ends in time ends here, the rest is given back and done elsewhere at once', async () => {
    const quick = begin({ concurrency: 2, graceMs: 500, handlers: { read: effect(data, () => 300) } });
    await pushed(quick);
    const [short = '', long = ''] = roots(2);
    await addReads(data, [short]);
    await until('running', async () => (await data.queue.counts()).running === 1);
    await quick.runner.stop();
    expect(await effects(data, [short])).toEqual({ 1: 1 });

    const slow = begin({ concurrency: 2, graceMs: 200, handlers: { read: effect(data, () => 60_000) } });
    await pushed(slow);
    await addReads(data, [long]);
    await until('running', async () => (await data.queue.counts()).running === 1);
    const from = Date.now();
    await slow.runner.stop();
    expect(await data.queue.counts()).toMatchObject({ waiting: 1, running: 0 });
    begin();
    expect(await done([long])).toEqual(once([long]));
    expect(Date.now() - from).toBeLessThan(5_000);
    expect((await data.queue.list()).find(({ root }) => root === long)).toMatchObject({ attempts: 1 });
  });

  test('far more than can be done: nothing is lost, and what is urgent does not wait for it', async () => {
    const one = begin({ handlers: { read: effect(data, () => 2) } });
    await pushed(one);
    const all = roots(800);
    await addReads(data, all, 10, 400);
    const [urgent = ''] = roots(1);
    const from = Date.now();
    await addReads(data, [urgent], 0);
    await until('the urgent one', async () => (await data.store.opsOf(urgent)).length === 1);
    expect(Date.now() - from).toBeLessThan(2_000);
    expect((await data.queue.counts()).waiting).toBeGreaterThan(0);
    expect(await done(all)).toEqual(once(all));
  });
});
