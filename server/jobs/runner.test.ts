/** Seats that pull: what a process gives back when it stops, and what becomes of a job that is cancelled under way. The store is a real one. */
import { mkdtempSync, rmSync } from 'node:fs';
import { randomBytes } from 'node:crypto';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { addReads, type Data, effect, effects, idle, newRoot, startProcess, until } from '../queue/testing-site.ts';
import { createQueueMetrics } from '../queue/queue-metrics.ts';
import { createSqliteStore } from '../store/sqlite/create.ts';
import { replayAll } from './dead.ts';
import { createSeats } from './seats.ts';

let data: Data;
let folder: string;
/** Of the clock. */
let aheadMs = 0;
beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'runner-'));
  aheadMs = 0;
  const now = () => Date.now() + aheadMs;
  data = await createSqliteStore({ path: join(folder, 'station.db'), now, random: randomBytes });
});
afterEach(async () => {
  await data.store.close();
  rmSync(folder, { recursive: true });
});
const running = async (count: number): Promise<boolean> => (await data.queue.counts()).running === count;

test('a process that stops gives back what it was at, and its try does not count', async () => {
  const all = [newRoot(), newRoot(), newRoot()];
  await addReads(data, all);
  const one = startProcess(data, { handlers: { read: effect(data, () => 60_000) }, concurrency: 2, graceMs: 0 });
  await until('work', () => running(2));
  await one.stop();
  expect(await data.queue.counts()).toEqual({ waiting: 3, running: 0, dead: 0 });
  const two = startProcess(data, { handlers: { read: effect(data) } });
  await idle(data);
  await two.stop();
  expect(await effects(data, all)).toEqual({ 1: 3 });
  expect((await data.queue.list()).map(({ attempts }) => attempts)).toEqual([1, 1, 1]);
});

test('a job that a person cancels is neither done nor tried again', async () => {
  const root = newRoot();
  await addReads(data, [root]);
  const one = startProcess(data, { handlers: { read: effect(data, () => 60_000) } });
  await until('work', () => running(1));
  expect(await data.queue.cancel(root)).toHaveLength(1);
  one.runner.abort(root);
  await sleep(50);
  expect(await data.queue.counts()).toEqual({ waiting: 0, running: 0, dead: 0 });
  await one.stop();
  expect(await effects(data, [root])).toEqual({ 0: 1 });
});

test('on a full disk a job is tried until there is room, however long that takes', async () => {
  const root = newRoot();
  await addReads(data, [root]);
  let tried = 0;
  let isFull = true;
  const good = effect(data);
  const noPlace = Object.assign(new Error('no space left on device'), { code: 'ENOSPC' });
  const read = (work: Parameters<typeof good>[0]) => {
    tried += 1;
    return isFull ? Promise.reject(noPlace) : good(work);
  };
  const one = startProcess(data, { handlers: { read } });
  for (let n = 1; n <= 6; n += 1) {
    await until(`try ${n}`, async () => tried === n && (await data.queue.counts()).waiting === 1);
    aheadMs += 16_000;
  }
  isFull = false;
  await idle(data);
  await one.stop();
  expect(await effects(data, [root])).toEqual({ 1: 1 });
});

test('what was given up is tried again, all at once; the metrics say how much there is', async () => {
  const all = [newRoot(), newRoot()];
  await addReads(data, all);
  let isBroken = true;
  const good = effect(data);
  const one = startProcess(data, {
    handlers: { read: (work) => (isBroken ? Promise.reject(new Error('broken')) : good(work)) },
  });
  const { registry } = one.metrics;
  createQueueMetrics({ registry, queue: data.queue, now: Date.now });
  await until('dead letters', async () => (await data.queue.counts()).dead === 2);
  const text = await one.metrics.text();
  expect(text).toContain('ap_queue_length{queue="general",state="dead"} 2');
  expect(text).toContain('ap_queue_oldest_seconds{queue="general"} 0');
  expect(text).toContain('ap_jobs_total{name="read",outcome="retry"} 4');
  expect(text).toContain('ap_jobs_total{name="read",outcome="dead"} 2');
  isBroken = false;
  expect(await replayAll(data.queue)).toEqual({ replayed: 2, superseded: 0 });
  await idle(data);
  await one.stop();
  expect(await effects(data, all)).toEqual({ 1: 2 });
});

test('work that came is looked for by one seat of a lane, which sends the next one where it found some', async () => {
  let looks = 0;
  let tell: (() => void) | undefined;
  const queue: Data['queue'] = {
    ...data.queue,
    claim(...wish) {
      looks += 1;
      return data.queue.claim(...wish);
    },
    onWork(listener) {
      tell = listener;
      return data.queue.onWork(listener);
    },
  };
  let most = 0;
  let now = 0;
  const meanwhile = async (work: Parameters<ReturnType<typeof effect>>[0]): Promise<'done'> => {
    now += 1;
    most = Math.max(most, now);
    await until('all of them', () => Promise.resolve(most === 3));
    now -= 1;
    await effect(data)(work);
    return 'done';
  };
  const one = startProcess({ ...data, queue }, { handlers: { read: meanwhile }, concurrency: 8 });
  await until('everybody rests', () => Promise.resolve(looks === 8));
  await sleep(20);
  const before = looks;
  tell?.();
  await new Promise(setImmediate);
  expect(looks - before).toBe(1);
  const all = [newRoot(), newRoot(), newRoot()];
  await addReads(data, all);
  await until('all of them', () => Promise.resolve(most === 3));
  await idle(data);
  await one.stop();
  expect(await effects(data, all)).toEqual({ 1: 3 });
});

test('seats: so many at once, in the order of their coming, each given back once', async () => {
  const seats = createSeats(2);
  const leave = await seats.take();
  await seats.take();
  const order: number[] = [];
  const waiting = [1, 2].map(async (n) => {
    const done = await seats.take();
    order.push(n);
    return done;
  });
  leave();
  leave();
  const first = await waiting[0];
  await sleep(5);
  expect(order).toEqual([1]);
  first?.();
  await waiting[1];
  expect(order).toEqual([1, 2]);
});
