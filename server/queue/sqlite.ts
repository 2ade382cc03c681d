/** The queue over the store's own database: leases, backoff, wake-ups. The rows are handled in server/store/sqlite/jobs.ts, on the store's thread. */
import { uuid4 } from '../../core/sync/ids.ts';
import type { RemoteCalls } from '../store/sqlite/rpc.ts';
import type { Writer } from '../store/sqlite/writer.ts';
import { delayAfter } from './backoff.ts';
import type { ClaimedJob, Queue } from './queue.ts';

export interface SqliteQueueParts {
  readonly writer: Pick<RemoteCalls<Writer>, 'call'>;
  readonly now: () => number;
  readonly random: (bytes: number) => Uint8Array;
  /** Listeners of `onWork`; the store calls them after a commit that made jobs. */
  readonly wakes: Set<() => void>;
  /** How often to look for leases that ran out. */
  readonly pollMs: number;
}

const leaseOf = ({ id, lease }: ClaimedJob) => ({ id, lease });

export function createSqliteQueue(parts: SqliteQueueParts): Queue & { stop(): void } {
  const { writer, now, random, wakes, pollMs } = parts;
  const wake = (): void => {
    for (const listener of wakes) listener();
  };
  // A lease that runs out tells nobody.
  const poll = setInterval(wake, pollMs).unref();
  const retries = new Set<NodeJS.Timeout>();
  const wakeAfter = (ms: number): void => {
    const timer = setTimeout(() => {
      retries.delete(timer);
      wake();
    }, ms + 1).unref();
    retries.add(timer);
  };
  return {
    claim: (names, leaseMs) => writer.call('claim', names, now() + leaseMs, uuid4(random(16)), now()),
    claimThese: (ids, leaseMs) =>
      writer.call(
        'claimThese',
        ids,
        now() + leaseMs,
        ids.map(() => uuid4(random(16))),
        now(),
      ),
    heartbeat: (job, leaseMs) => writer.call('heartbeat', leaseOf(job), now() + leaseMs),
    progress: (job, progress, stage) => writer.call('progress', leaseOf(job), progress, stage, now()),
    finish: async (job) => {
      await writer.call('finish', leaseOf(job), now());
    },
    fail: async (job, error, { retry }) => {
      const delay = delayAfter(job.name, job.attempt, random);
      const outcome = await writer.call('fail', leaseOf(job), error, retry, delay, now());
      if (outcome === 'waiting') wakeAfter(delay);
      return outcome;
    },
    release: async (job, afterMs = 0) => {
      await writer.call('giveBack', leaseOf(job), afterMs, now());
      if (afterMs > 0) wakeAfter(afterMs);
      else wake();
    },
    cancel: (root) => writer.call('cancel', root, now()),
    list: () => writer.call('jobs'),
    counts: () => writer.call('jobCounts'),
    lengths: () => writer.call('jobLengths'),
    handOut: (names, { limit, patienceMs }) => writer.call('handOut', names, limit, patienceMs, now()),
    carry: () => () => undefined,
    takeBack: (ids) => (ids === undefined ? writer.call('takeBack') : writer.call('takeBack', ids)),
    existing: async (ids) => new Set(await writer.call('existingJobs', ids)),
    deadLetters: ({ cursor, limit }) =>
      cursor === undefined ? writer.call('deadJobs', limit) : writer.call('deadJobs', limit, cursor),
    replay: async (id) => {
      const outcome = await writer.call('replayJob', id, now());
      if (outcome === 'waiting') wake();
      return outcome;
    },
    purge: (which) => writer.call('purgeJobs', which),
    onWork: (listener) => {
      wakes.add(listener);
      return () => wakes.delete(listener);
    },
    stop: () => {
      clearInterval(poll);
      for (const timer of retries) clearTimeout(timer);
      wakes.clear();
    },
  };
}
