import { expect, test, vi } from 'vitest';
import { createLazyPool } from './lazy-pool.ts';
import type { OpenPool } from './pool.ts';

function pools() {
  const warm = vi.fn<() => void>();
  const close = vi.fn<() => Promise<void>>(async () => undefined);
  const make = vi.fn<() => OpenPool>(() => ({
    threads: 1,
    run: () => Promise.reject(new Error('not asked')),
    warm,
    close,
  }));
  return { warm, close, make };
}

test('opened before files are read, only what reads is there; warmed, what serves people is, too', async () => {
  const { warm, close, make } = pools();
  const pool = createLazyPool(1, make);
  expect(make).not.toHaveBeenCalled();
  pool.open();
  pool.open();
  expect(make).toHaveBeenCalledTimes(1);
  expect(warm).not.toHaveBeenCalled();
  pool.warm();
  expect(make).toHaveBeenCalledTimes(1);
  expect(warm).toHaveBeenCalledTimes(1);
  await pool.close();
  expect(close).toHaveBeenCalledTimes(1);
});

test('a pool that was closed starts nothing any more', async () => {
  const { make } = pools();
  const pool = createLazyPool(1, make);
  await pool.close();
  pool.open();
  pool.warm();
  expect(make).not.toHaveBeenCalled();
});
