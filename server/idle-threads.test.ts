import { expect, test, vi } from 'vitest';
import { createIdleThreads } from './idle-threads.ts';

const message = { name: 'validate', input: {} } as const;
const wanted = { message, rank: 0 };

test('threads start with the first task and end when nobody came for a while', async () => {
  vi.useFakeTimers();
  let made = 0;
  const close = vi.fn<() => Promise<void>>(async () => undefined);
  const threads = createIdleThreads(() => {
    made += 1;
    return { run: async () => made, close };
  }, 1_000);
  expect(made).toBe(0);
  expect(await threads.run(wanted)).toBe(1);
  vi.advanceTimersByTime(900);
  expect(await threads.run(wanted)).toBe(1);
  vi.advanceTimersByTime(900);
  expect(close).not.toHaveBeenCalled();
  vi.advanceTimersByTime(200);
  expect(close).toHaveBeenCalledTimes(1);
  expect(await threads.run(wanted)).toBe(2);
  await threads.close();
  expect(close).toHaveBeenCalledTimes(2);
  expect(await threads.run(wanted)).toMatchObject({ kind: 'unreadable', reason: 'cancelled' });
  vi.useRealTimers();
});

test('warmed threads are there before the first task, and stay where no time is named', async () => {
  vi.useFakeTimers();
  const close = vi.fn<() => Promise<void>>(async () => undefined);
  const make = vi.fn<() => { run: () => Promise<string>; close: typeof close }>(() => ({
    run: async () => 'done',
    close,
  }));
  const staying = createIdleThreads(make);
  expect(make).not.toHaveBeenCalled();
  staying.warm();
  staying.warm();
  expect(make).toHaveBeenCalledTimes(1);
  expect(await staying.run(wanted)).toBe('done');
  vi.advanceTimersByTime(2 ** 31);
  expect(close).not.toHaveBeenCalled();
  expect(make).toHaveBeenCalledTimes(1);
  await staying.close();
  staying.warm();
  expect(make).toHaveBeenCalledTimes(1);

  const leaving = createIdleThreads(make, 1_000);
  leaving.warm();
  vi.advanceTimersByTime(1_100);
  expect(close).toHaveBeenCalledTimes(2);
  await leaving.close();
  vi.useRealTimers();
});
