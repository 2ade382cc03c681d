/** What one process takes upon itself for a site: so many pushes at a time, and for each station one request that waits for news. */
import { AppError } from '../../../core/contract/errors.ts';

export interface Crowding {
  /** Refuses where too many are under way: whoever comes later is better off coming again than standing in a line that grows. */
  pushing<T>(run: () => Promise<T>): Promise<T>;
  /** The newest request of a station is the one that somebody still waits for: an older one is answered with what there is. */
  waiting<T>(station: string, signal: AbortSignal, run: (signal: AbortSignal) => Promise<T>): Promise<T>;
}

/** Each holds a batch in memory, and they go one after the other. */
export const MOST_PUSHES = 64;
const RETRY_S = 2;

export function createCrowding(): Crowding {
  let pushes = 0;
  const polls = new Map<string, AbortController>();
  return {
    async pushing(run) {
      if (pushes >= MOST_PUSHES)
        throw new AppError('unavailable', 'Too many stations send at once. Send it again.', {
          reason: 'busy',
          retryAfter: RETRY_S,
        });
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
