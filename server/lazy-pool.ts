/** A pool whose threads start when they are first needed: loading the engines must not slow down the start of the server itself. */
import type { Pool } from './pool.ts';

export interface LazyPool extends Pool {
  /** Starts the threads now. */
  warm(): void;
}

export function createLazyPool(threads: number, make: () => Pool): LazyPool {
  let pool: Pool | undefined;
  let closed = false;
  const get = (): Pool => (pool ??= make());
  return {
    threads,
    warm() {
      if (!closed) get();
    },
    run: (name, input, options) => get().run(name, input, options),
    async close() {
      closed = true;
      await pool?.close();
    },
  };
}
