/** For the contract suite: a queue whose `claim` gets its jobs the way a worker of the site does, through the outbox, the relay and a real BullMQ. */
import { type Job, Worker } from 'bullmq';
import { randomUUID } from 'node:crypto';
import { namesOf, type QueueName } from '../../core/contract/jobs.ts';
import { createLog } from '../log.ts';
import type { ClaimedJob, Queue } from './queue.ts';
import { patientRedis } from './redis-client.ts';
import { bring, closeBullQueues, openBullQueues } from './redis-queues.ts';
import { createRelay } from './relay.ts';
import { startTestRedis, type TestRedis } from './testing-redis.ts';
import type { MadeQueue } from './testing-queues.ts';

/** What is judged is short: its workers are never behind. */
const ORDER: readonly QueueName[] = ['validation', 'general', 'outbound'];
const nothing = (): (() => void) => () => undefined;

export async function deliveredByRedis(make: () => Promise<MadeQueue>): Promise<MadeQueue> {
  return wrap(await make(), await startTestRedis());
}

function wrap(base: MadeQueue, server: TestRedis): MadeQueue {
  const redis = patientRedis(server);
  const queues = openBullQueues(redis, 'ap', () => undefined);
  const log = createLog({ write: () => undefined }, 'error');
  const relay = createRelay({
    outbox: base.queue,
    log,
    handedOut: () => undefined,
    carrier: {
      available: () => true,
      onChange: nothing,
      onLoss: nothing,
      suspect: () => undefined,
      bring: (name, due) => bring(redis, queues[name], due),
    },
  });
  const workers = ORDER.map(
    (name) => new Worker(name, undefined, { connection: redis, prefix: 'ap', removeOnComplete: { count: 0 } }),
  );
  const close = async (): Promise<void> => {
    await relay.stop();
    await Promise.all(workers.map((worker) => worker.close()));
    await closeBullQueues(queues);
    redis.disconnect();
  };

  const take = async (job: Job, token: string, leaseMs: number): Promise<ClaimedJob | undefined> => {
    const id = job.id ?? '';
    const [claim] = await base.queue.claimThese([id], leaseMs);
    await job.moveToCompleted(null, token, false);
    await base.queue.takeBack([id]);
    return claim?.kind === 'claimed' ? claim.job : undefined;
  };
  const claim: Queue['claim'] = async (names, leaseMs) => {
    await relay.flush();
    for (const [index, worker] of workers.entries()) {
      const known = namesOf(ORDER[index] ?? 'general');
      if (!names.some((name) => known.includes(name))) continue;
      for (;;) {
        const token = randomUUID();
        const job = (await worker.getNextJob(token, { block: false })) as Job | undefined;
        if (job === undefined) break;
        const claimed = await take(job, token, leaseMs);
        if (claimed !== undefined) return claimed;
      }
    }
    return undefined;
  };
  return {
    ...base,
    queue: { ...base.queue, claim },
    reopen: async () => {
      await close();
      return wrap(await base.reopen(), server);
    },
    cleanUp: async () => {
      await close();
      await base.cleanUp();
      await server.stop();
    },
  };
}
