import { afterEach, expect, test, vi } from 'vitest';
import type { JobView, NewJob } from '../../core/contract/jobs.ts';
import type { Subscription } from '../store/webhook-store.ts';
import { createDeadTeller } from './dead.ts';
import { createDeadLooks } from './dead-looks.ts';

const HOUR = 3_600_000;
const NOW = Date.parse('2026-05-04T06:00:00.000Z');
const iso = (ms: number): string => new Date(ms).toISOString();
const dead = (id: string, diedAt: number) =>
  ({ id, name: 'validate', root: id, error: 'ENOENT', updatedAt: iso(diedAt) }) as JobView;

/** As many dead letters as a bad night leaves, and a table of jobs that refuses what it has. */
function night(letters: JobView[]) {
  const clock = { now: NOW };
  const commits: (readonly NewJob[])[] = [];
  const kept = new Set<string>();
  const told = new Map<string, string>();
  const parts = {
    now: () => clock.now,
    outbox: { listeners: async () => [{ id: 'w', createdAt: iso(0) } as Subscription] },
    queue: {
      deadLetters: async ({ cursor = '0', limit }: { cursor?: string | undefined; limit: number }) => {
        const end = Number(cursor) + limit;
        return { items: letters.slice(Number(cursor), end), next: end < letters.length ? String(end) : null };
      },
      existing: async (ids: readonly string[]) => new Set(ids.filter((id) => kept.has(id))),
    },
    store: {
      commit: async ({ jobs }: { readonly jobs: readonly NewJob[] }) => {
        commits.push(jobs);
        if (jobs.some(({ id }) => kept.has(id))) return { kind: 'conflict', what: 'job-exists' } as const;
        for (const { id } of jobs) kept.add(id);
        return { kind: 'ok', ops: [] } as const;
      },
    },
  };
  return { clock, commits, kept, told, parts, tell: createDeadTeller({ ...parts, told }) };
}

test('many are told in few commits, and none again while it is looked at, however many they are', async () => {
  const letters = Array.from({ length: 12_000 }, (_, at) => dead(`j${at}`, NOW - at));
  const { kept, commits, tell } = night(letters);
  await tell();
  expect([kept.size, commits.length]).toEqual([12_000, 240]);
  await tell();
  expect(commits).toHaveLength(240);
  letters.unshift(dead('new', NOW + 1));
  await tell();
  expect([kept.size, commits.length]).toEqual([12_001, 241]);
});

test('another process tells what is missing among what was told', async () => {
  const letters = [dead('b', NOW - 2), dead('a', NOW - 3)];
  const { kept, parts, tell } = night(letters);
  await tell();
  letters.unshift(dead('d', NOW), dead('c', NOW - 1));
  await createDeadTeller(parts)();
  expect(kept.size).toBe(4);
});

test('a process that starts asks what was told already, and commits nothing of it again', async () => {
  const { commits, parts, tell } = night(Array.from({ length: 500 }, (_, at) => dead(`j${at}`, NOW - at)));
  await tell();
  expect(commits).toHaveLength(10);
  const told = new Map<string, string>();
  await createDeadTeller({ ...parts, told })();
  expect(commits).toHaveLength(10);
  expect(told.size).toBe(500);
});

test('what is too old to be looked at is forgotten, and only that', async () => {
  const { clock, commits, told, tell } = night([dead('b', NOW - HOUR), dead('a', NOW - 3 * HOUR)]);
  await tell();
  expect(told.size).toBe(2);
  clock.now += 22 * HOUR;
  await tell();
  expect([...told.values()]).toEqual([iso(NOW - HOUR)]);
  expect(commits).toHaveLength(1);
});

test('a look that is to end commits no more', async () => {
  const { kept, parts } = night(Array.from({ length: 400 }, (_, at) => dead(`j${at}`, NOW - at)));
  const stopping = new AbortController();
  const store = {
    commit: (change: { readonly jobs: readonly NewJob[] }) => {
      stopping.abort();
      return parts.store.commit(change);
    },
  };
  await createDeadTeller({ ...parts, store })(stopping.signal);
  expect(kept.size).toBe(50);
});

afterEach(() => vi.useRealTimers());

test('looks do not overlap, and the end waits for the one that is under way', async () => {
  vi.useFakeTimers();
  const ends: (() => void)[] = [];
  const looks = createDeadLooks(() => new Promise((resolve) => ends.push(resolve)), { warn: () => undefined });
  looks.start();
  await vi.advanceTimersByTimeAsync(120_000);
  expect(ends).toHaveLength(1);
  expect(looks.look()).toBe(looks.look());
  expect(ends).toHaveLength(1);
  ends[0]?.();
  await vi.advanceTimersByTimeAsync(15_000);
  expect(ends).toHaveLength(2);
  let stopped = false;
  const stop = looks.stop().then(() => (stopped = true));
  await vi.advanceTimersByTimeAsync(60_000);
  expect(stopped).toBe(false);
  ends[1]?.();
  await stop;
  await looks.look();
  await vi.advanceTimersByTimeAsync(60_000);
  expect(ends).toHaveLength(2);
});

test('a look that fails is said once, and the next one is made', async () => {
  vi.useFakeTimers();
  const said: string[] = [];
  let times = 0;
  const fails = async (): Promise<void> => {
    times += 1;
    throw new Error('no database');
  };
  const looks = createDeadLooks(fails, { warn: (text) => void said.push(text) });
  looks.start();
  await vi.advanceTimersByTimeAsync(30_000);
  expect([times, said.length]).toEqual([2, 2]);
  await looks.stop();
});
