/** What one process takes upon itself for a site: so many pushes at a time, and for each station one request that waits for news. */
import { AppError } from '../../../core/contract/errors.ts';

export interface Crowding {
  /** Refuses where too many are under way: whoever comes later is better off coming again than standing in a line that grows. */
  pushing<T>(run: () => Promise<T>): Promise<T>;
  /** A page of the log that is read, printed and on its way until `signal` says that it is out, or that nobody waits for it. */
  page(station: string, signal: AbortSignal): void;
  /** The newest request of a station is the one that somebody still waits for: an older one is answered with what there is. */
  waiting<T>(station: string, signal: AbortSignal, run: (signal: AbortSignal) => Promise<T>): Promise<T>;
}

/** Each holds a batch in memory, and they go one after the other. */
export const MOST_PUSHES = 64;
/** Each has some megabytes; a station asks for one, and for the next while it takes that in. */
export const MOST_PAGES = 8;
const RETRY_S = 2;

const busy = (what: string): AppError => new AppError('unavailable', what, { reason: 'busy', retryAfter: RETRY_S });

export function createCrowding(): Crowding {
  let pushes = 0;
  const polls = new Map<string, AbortController>();
  const pages = new Map<string, number>();
  return {
    page(station, signal) {
      const count = pages.get(station) ?? 0;
      if (count >= MOST_PAGES) throw busy('This station has not taken in what it asked for. Ask again.');
      if (signal.aborted) return;
      pages.set(station, count + 1);
      const done = (): void => {
        const left = (pages.get(station) ?? 1) - 1;
        if (left > 0) pages.set(station, left);
        else pages.delete(station);
      };
      signal.addEventListener('abort', done, { once: true });
    },
    async pushing(run) {
      if (pushes >= MOST_PUSHES) throw busy('Too many stations send at once. Send it again.');
      pushes += 1;
      try {
        return await run();
      } finally {
        pushes -= 1;
      }
    },
    async waiting(station, signal, run) {
      polls.get(station)?.abort();
      const own = new AbortController();
      polls.set(station, own);
      try {
        return await run(AbortSignal.any([signal, own.signal]));
      } finally {
        if (polls.get(station) === own) polls.delete(station);
      }
    },
  };
}
