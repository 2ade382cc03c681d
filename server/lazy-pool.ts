/** A pool whose threads start when they are first needed: loading the engines must not slow down the start of the server itself. */
import type { OpenPool } from './pool.ts';

export interface LazyPool extends OpenPool {
  /** Starts the threads that read. */
  open(): void;
}

export function createLazyPool(threads: number, make: () => OpenPool): LazyPool {
  let pool: OpenPool | undefined;
  let closed = false;
  const get = (): OpenPool => (pool ??= make());
  return {
    threads,
    open() {
      if (!closed) get();
    },
    warm() {
      if (!closed) get().warm();
    },
    run: (name, input, options) => get().run(name, input, options),
    async close() {
      closed = true;
      await pool?.close();
    },
  };
}
