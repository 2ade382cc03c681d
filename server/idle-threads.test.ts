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
