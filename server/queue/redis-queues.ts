/** The BullMQ queues as the relay and the board see them. A job in them is an id and a name: what it is about stays in the database. */
import { Queue } from 'bullmq';
import type { Redis } from 'ioredis';
import { QUEUES, type QueueName } from '../../core/contract/jobs.ts';
import type { Due } from './queue.ts';
import { takeTurns, TURNS, urgencyOf } from './redis-turns.ts';

export type BullQueues = Readonly<Record<QueueName, Queue>>;

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
    const isAsUrgent = Math.floor(Number(priority ?? 0) / TURNS) === urgencyOf(one.priority);
    return finishedOn === null && Number(delay ?? 0) === 0 && isAsUrgent ? 'good' : 'stale';
  });
}

/** Each with its turn among those that are as urgent, or without one where its site has enough in the queue. */
async function inTurn(
  redis: Redis,
  queue: Queue,
  due: readonly Due[],
): Promise<{ one: Due; turn: number | undefined }[]> {
  const lines = new Map<string, Due[]>();
  for (const one of due) {
    const key = `${urgencyOf(one.priority)} ${one.site ?? ''}`;
    const line = lines.get(key);
    if (line === undefined) lines.set(key, [one]);
    else line.push(one);
  }
  const all = [...lines.values()];
  const asked = all.map(([first, ...rest]) => ({
    site: first?.site ?? '',
    urgency: urgencyOf(first?.priority ?? 0),
    count: 1 + rest.length,
  }));
  const taken = await takeTurns(redis, (name) => queue.toKey(name), asked);
  return all.flatMap((line, at) => {
    const { start, count } = taken[at] ?? { start: 1, count: 0 };
    return line.map((one, place) => ({ one, turn: place < count ? start + place : undefined }));
  });
}

export interface Brought {
  /** They were not there, or not as they should be. */
  readonly added: readonly Due[];
  /** Their sites have enough in the queue already. */
  readonly left: readonly Due[];
}

/** Adds jobs under their ids: what is in the queue already is not added twice. */
export async function bring(redis: Redis, queue: Queue, due: readonly Due[]): Promise<Brought> {
  // The others are new, or are there as they were: adding them once more changes nothing.
  const doubtful = due.filter(({ untouched }) => untouched !== true);
  const states = doubtful.length === 0 ? [] : await known(redis, queue, doubtful);
  const stale = doubtful.filter((_, index) => states[index] === 'stale');
  // One that is being worked on stays; the database decides what that comes to.
  await Promise.all(stale.map(({ id }) => queue.remove(id)));
  const good = new Set(doubtful.filter((_, index) => states[index] === 'good'));
  const missing = due.filter((one) => !good.has(one));
  if (missing.length === 0) return { added: [], left: [] };
  const turns = await inTurn(redis, queue, missing);
  const added = turns.flatMap(({ one, turn }) => (turn === undefined ? [] : [{ one, turn }]));
  await queue.addBulk(
    added.map(({ one, turn }) => ({
      name: one.name,
      data: {},
      opts: { jobId: one.id, priority: urgencyOf(one.priority) * TURNS + turn, stackTraceLimit: 0 },
    })),
  );
  return {
    added: added.map(({ one }) => one),
    left: turns.flatMap(({ one, turn }) => (turn === undefined ? [one] : [])),
  };
}
