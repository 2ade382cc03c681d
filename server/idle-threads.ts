/** Threads that start with the first task and end when none came for a while: what they hold in memory goes with them. */
import { CLOSING, type Threads } from './threads.ts';

export function createIdleThreads(make: () => Threads, idleMs: number): Threads {
  let open: Threads | undefined;
  let running = 0;
  let closed = false;
  let timer: NodeJS.Timeout | undefined;

  const rest = (): void => {
    timer = setTimeout(() => {
      const idle = open;
      open = undefined;
      void idle?.close();
    }, idleMs);
    timer.unref();
  };

  return {
    async run(wanted) {
      if (closed) return CLOSING;
      clearTimeout(timer);
      running += 1;
      try {
        open ??= make();
        return await open.run(wanted);
      } finally {
        running -= 1;
        if (running === 0 && !closed) rest();
      }
    },
    async close() {
      closed = true;
      clearTimeout(timer);
      await open?.close();
    },
  };
}
