/** When a process looks for what the queue gave up: every few seconds, and never twice at once, however long a look takes. */
import type { Log } from '../log.ts';

const EVERY_MS = 15_000;

export interface DeadLooks {
  /** One look now, or the one that is under way. */
  readonly look: () => Promise<void>;
  readonly start: () => void;
  /** The look that is under way ends where it can; afterwards nothing is asked of the database any more. */
  readonly stop: () => Promise<void>;
}

export function createDeadLooks(lookAtAll: (signal: AbortSignal) => Promise<void>, log: Pick<Log, 'warn'>): DeadLooks {
  const stopping = new AbortController();
  let underWay: Promise<void> | undefined;
  let timer: NodeJS.Timeout | undefined;
  const look = (): Promise<void> => {
    if (stopping.signal.aborted) return Promise.resolve();
    underWay ??= lookAtAll(stopping.signal).finally(() => {
      underWay = undefined;
    });
    return underWay;
  };
  return {
    look,
    start() {
      timer ??= setInterval(() => {
        // Whoever began it hears how it ends.
        if (underWay !== undefined) return;
        look().catch((error: unknown) => log.warn('dead jobs not told', { error }));
      }, EVERY_MS).unref();
    },
    async stop() {
      clearInterval(timer);
      stopping.abort();
      await underWay?.catch(() => undefined); // whoever began it hears of it
    },
  };
}
