/** BullMQ's workers as a consumer of ids. Their own retries, failures and stalls decide nothing: an id that comes twice finds its job taken or done. */
import { DelayedError, type Job, UnrecoverableError, Worker } from 'bullmq';
import type { Redis } from 'ioredis';
import type { QueueName } from '../../core/contract/jobs.ts';
import type { Consumer } from './delivery.ts';

/** Shorter than the lease in the database: what a killed worker had is brought to another one when its lease runs out. */
const LOCK_MS = 4_000;
const STALLED_MS = 2_000;
/** After a break BullMQ would wait for 15 seconds. */
const RETRY_MS = 1_000;
/** Given up jobs that the board shows; the list that counts is in the database. */
const DEAD_SHOWN = 500;
/** For BullMQ's own book-keeping at the end; without it an id is brought once more. */
const CLOSE_MS = 2_000;

export interface BullConsumer {
  /** Takes no more ids; resolves when those under way are answered. */
  close(): Promise<void>;
}

export interface BullConsumerParts {
  readonly redis: Redis;
  readonly prefix: string;
  readonly queue: QueueName;
  readonly now: () => number;
  readonly failed: (error: Error) => void;
}

export function consumeBull(parts: BullConsumerParts, { concurrency, take }: Consumer): BullConsumer {
  const { redis, prefix, queue, now, failed } = parts;
  const active = new Set<Promise<unknown>>();

  const answer = async (job: Job, token: string | undefined): Promise<void> => {
    const taken = await take(job.id ?? '');
    if (taken.kind === 'ended') return;
    if (taken.kind === 'dead') throw new UnrecoverableError('given up');
    await job.moveToDelayed(Math.max(taken.at, now()), token);
    throw new DelayedError();
  };
  const worker = new Worker(
    queue,
    (job: Job, token?: string) => {
      const answered = answer(job, token);
      active.add(answered);
      const forget = (): boolean => active.delete(answered);
      answered.then(forget, forget);
      return answered;
    },
    {
      connection: redis,
      prefix,
      concurrency,
      lockDuration: LOCK_MS,
      stalledInterval: STALLED_MS,
      // However often: the database counts the claims.
      maxStalledCount: Number.MAX_SAFE_INTEGER,
      removeOnComplete: { count: 0 },
      removeOnFail: { count: DEAD_SHOWN },
      runRetryDelay: RETRY_MS,
    },
  );
  worker.on('error', failed);

  return {
    async close() {
      const closed = worker.close().catch(() => undefined);
      await Promise.allSettled(active);
      await Promise.race([
        closed,
        new Promise((resolve) => {
          setTimeout(resolve, CLOSE_MS).unref();
        }),
      ]);
    },
  };
}
