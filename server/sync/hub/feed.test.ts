import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, expect, test } from 'vitest';
import { createLog } from '../../log.ts';
import type { Bus, BusMessage } from '../../queue/bus.ts';
import { createFeed, createLogTeller, type Feed } from './feed.ts';

const open: Feed[] = [];
afterEach(() => {
  for (const feed of open.splice(0)) feed.close();
});

function testBus(available = true) {
  const listeners = new Set<(message: BusMessage) => void>();
  const told: BusMessage[] = [];
  const bus: Bus = {
    available: () => available,
    tell: (message) => void told.push(message),
    onMessage: (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    close: () => undefined,
  };
  const hear = (message: BusMessage): void => {
    for (const listener of listeners) listener(message);
  };
  return { bus, told, hear };
}

function made(available = true, look: (site: string) => Promise<number> = async () => 0) {
  const { bus, ...rest } = testBus(available);
  const feed = createFeed({ bus, look, log: createLog({ write: () => undefined }, 'error') });
  open.push(feed);
  return { feed, bus, ...rest };
}
const never = new AbortController().signal;

test('whoever waits is woken by what this process adds, and by what others tell', async () => {
  const { feed, hear } = made();
  const [mine, theirs] = [feed.wait('a', 3, 5_000, never), feed.wait('b', 3, 5_000, never)];
  feed.added('a', 4);
  hear({ kind: 'log', site: 'b', seq: 9 });
  expect(await Promise.all([mine, theirs])).toEqual([true, true]);
});

test('what came before somebody waits is not missed; what is not newer wakes nobody', async () => {
  const { feed } = made();
  feed.added('a', 4);
  expect(await feed.wait('a', 3, 5_000, never)).toBe(true);
  const waiting = feed.wait('a', 4, 100, never);
  feed.added('a', 4);
  expect(await waiting).toBe(false);
  expect(feed.waiting('a')).toBe(0);
});

test('a site is woken every half second at most', async () => {
  const { feed } = made();
  const wakes: number[] = [];
  const began = performance.now();
  const adding = setInterval(() => feed.added('a', Math.ceil(performance.now() - began)), 5);
  for (let seen = 0; performance.now() - began < 1_300;) {
    const after = seen;
    await feed.turn('a', after, never);
    if (!(await feed.wait('a', after, 2_000, never))) continue;
    wakes.push(performance.now() - began);
    seen = Math.ceil(performance.now() - began);
  }
  clearInterval(adding);
  expect(wakes.length).toBeGreaterThanOrEqual(2);
  expect(wakes.length).toBeLessThanOrEqual(4);
});

test('where nobody tells, it looks by itself, and only while somebody waits', async () => {
  let [looks, seq] = [0, 0];
  const { feed } = made(false, async () => {
    looks += 1;
    return seq;
  });
  await sleep(1_100);
  expect(looks).toBe(0);
  const waiting = feed.wait('a', 0, 10_000, never);
  seq = 1;
  expect(await waiting).toBe(true);
  expect(looks).toBeGreaterThan(0);
});

test('whoever goes away, or is sent away, waits no longer', async () => {
  const { feed } = made();
  const controller = new AbortController();
  const [gone, closed] = [feed.wait('a', 0, 10_000, controller.signal), feed.wait('a', 0, 10_000, never)];
  controller.abort();
  expect(await gone).toBe(false);
  feed.close();
  expect(await closed).toBe(false);
  expect(await feed.wait('a', 0, 10_000, never)).toBe(false);
});

test('others are told at once, and then of the last of many', async () => {
  const { bus, told } = testBus();
  const teller = createLogTeller(bus);
  for (let seq = 1; seq <= 50; seq += 1) teller.added('a', seq);
  teller.added('b', 1);
  await sleep(200);
  expect(told).toEqual([
    { kind: 'log', site: 'a', seq: 1 },
    { kind: 'log', site: 'b', seq: 1 },
    { kind: 'log', site: 'a', seq: 50 },
  ]);
  teller.close();
});
