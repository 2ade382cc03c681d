/** Threads that start with the first task, or when they are warmed, and end when no task came for a while: what they hold in memory goes with them. */
import { CLOSING, type Threads } from './threads.ts';

export interface IdleThreads extends Threads {
  /** Starts them now. */
  warm(): void;
}

/** Without `idleMs` they stay once they are there. */
export function createIdleThreads(make: () => Threads, idleMs?: number): IdleThreads {
  let open: Threads | undefined;
  let running = 0;
  let closed = false;
  let timer: NodeJS.Timeout | undefined;

  const rest = (): void => {
    if (closed || running > 0 || idleMs === undefined) return;
    timer = setTimeout(() => {
      const idle = open;
      open = undefined;
      void idle?.close();
    }, idleMs);
    timer.unref();
  };

  return {
    warm() {
      if (closed || open !== undefined) return;
      open = make();
      rest();
    },
    async run(wanted) {
      if (closed) return CLOSING;
      clearTimeout(timer);
      running += 1;
      try {
        open ??= make();
        return await open.run(wanted);
      } finally {
        running -= 1;
        rest();
      }
    },
    async close() {
      closed = true;
      clearTimeout(timer);
      await open?.close();
    },
  };
}
