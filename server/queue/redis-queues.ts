/** The BullMQ queues as the relay and the board see them. A job in them is an id and a name: what it is about stays in the database. */
import { Queue } from 'bullmq';
import type { Redis } from 'ioredis';
import { QUEUES, type QueueName } from '../../core/contract/jobs.ts';
import type { Due } from './queue.ts';

export type BullQueues = Readonly<Record<QueueName, Queue>>;

/** BullMQ has one number for both, up to 2,097,151: urgencies, and turns within each. The last turn is everybody's who comes after it. */
const URGENCIES = 32;
const TURNS = 65_536;

export function openBullQueues(redis: Redis, prefix: string, failed: (error: Error) => void): BullQueues {
  const open = (name: QueueName): Queue => {
    // No question at the start that could fail, and with it the queue for good: a Redis that is too old is refused by the workers.
    const queue = new Queue(name, {
      connection: redis,
      prefix,
      skipVersionCheck: true,
      streams: { events: { maxLen: 100 } },
    });
    queue.on('error', failed);
    return queue;
  };
  return Object.fromEntries(QUEUES.map((name) => [name, open(name)])) as Record<QueueName, Queue>;
}

export async function closeBullQueues(queues: BullQueues): Promise<void> {
  await Promise.all(Object.values(queues).map((queue) => queue.close().catch(() => undefined)));
}

const within = (value: number, count: number): number => Math.min(count - 1, Math.max(0, value));
const urgency = ({ priority, turn }: Due): number => within(priority, URGENCIES) * TURNS + within(turn, TURNS);

/** What is there under these ids: nothing, a job that is as it should be, or one that is over, delayed, or less urgent than it should be. */
async function known(redis: Redis, queue: Queue, due: readonly Due[]): Promise<('none' | 'good' | 'stale')[]> {
  const pipeline = redis.pipeline();
  for (const { id } of due) pipeline.hmget(queue.toKey(id), 'timestamp', 'finishedOn', 'delay', 'priority');
  const replies = (await pipeline.exec()) ?? [];
  return due.map((one, index) => {
    const [error, reply] = replies[index] ?? [];
    if (error !== null && error !== undefined) throw error;
    const [timestamp, finishedOn, delay, priority] = (reply ?? []) as (string | null)[];
    if (timestamp === null || timestamp === undefined) return 'none';
    const isGood = finishedOn === null && Number(delay ?? 0) === 0 && Number(priority ?? 0) === urgency(one);
    return isGood ? 'good' : 'stale';
  });
}

/** Adds jobs under their ids: what is in the queue already is not added twice. The number of those that were not there. */
export async function bring(redis: Redis, queue: Queue, due: readonly Due[]): Promise<number> {
  // The others are new, or are there as they were: adding them once more changes nothing.
  const doubtful = due.filter(({ untouched }) => untouched !== true);
  const states = doubtful.length === 0 ? [] : await known(redis, queue, doubtful);
  const stale = doubtful.filter((_, index) => states[index] === 'stale');
  // One that is being worked on stays; the database decides what that comes to.
  await Promise.all(stale.map(({ id }) => queue.remove(id)));
  const good = new Set(doubtful.filter((_, index) => states[index] === 'good'));
  const missing = due.filter((one) => !good.has(one));
  if (missing.length === 0) return 0;
  await queue.addBulk(
    missing.map((one) => ({
      name: one.name,
      data: {},
      opts: { jobId: one.id, priority: urgency(one), stackTraceLimit: 0 },
    })),
  );
  return missing.length;
}
