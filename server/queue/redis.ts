/**
 * Jobs delivered through Redis (decision 0016). The database is the truth and the outbox; BullMQ carries ids to the workers of any process; what Redis loses
 * is handed out again. While Redis is away the runners pull from the database by themselves.
 */
import type { Redis } from 'ioredis';
import type { QueueName } from '../../core/contract/jobs.ts';
import type { Log } from '../log.ts';
import { createRedisBus } from './redis-bus.ts';
import type { Bus } from './bus.ts';
import type { Delivery } from './delivery.ts';
import type { Due, Queue } from './queue.ts';
import { listeningRedis, patientRedis, quickRedis, type RedisPlace } from './redis-client.ts';
import { type BullConsumer, consumeBull } from './redis-consumer.ts';
import { createPulse } from './redis-pulse.ts';
import { bring, type BullQueues, closeBullQueues, openBullQueues } from './redis-queues.ts';
import { createRelay } from './relay.ts';

export interface RedisDeliveryParts extends RedisPlace {
  readonly queue: Queue;
  readonly log: Log;
  readonly now: () => number;
  /** Sets installations apart that share a Redis. */
  readonly prefix?: string;
  readonly patienceMs?: number;
  readonly onHandedOut?: (queue: QueueName, due: readonly Due[]) => void;
}

export interface RedisDelivery extends Delivery {
  readonly bus: Bus;
  /** For the board. */
  readonly queues: BullQueues;
  /** Begins to hand out jobs; the workers begin with `consume`. */
  start(): void;
  /** Hands out what is due now. */
  readonly flush: () => Promise<void>;
  close(): Promise<void>;
}

const PREFIX = 'ap';

export function createRedisDelivery(parts: RedisDeliveryParts): RedisDelivery {
  const { queue, log, now, prefix = PREFIX, patienceMs, onHandedOut = () => undefined } = parts;
  const quiet = quieten(log);
  const all: Redis[] = [];
  const open = (make: (place: RedisPlace) => Redis): Redis => {
    const redis = make(parts);
    redis.on('error', quiet);
    all.push(redis);
    return redis;
  };
  const redis = open(quickRedis);
  const pulse = createPulse(redis, prefix, log);
  const queues = openBullQueues(redis, prefix, quiet);
  const bus = createRedisBus({
    publisher: redis,
    subscriber: open(listeningRedis),
    pulse,
    channel: `${prefix}:events`,
  });
  const carrier = {
    ...pulse,
    bring: (name: QueueName, due: readonly Due[]) => bring(redis, queues[name], due),
  };
  const relay = createRelay({
    outbox: queue,
    carrier,
    log,
    handedOut: onHandedOut,
    ...(patienceMs === undefined ? {} : { patienceMs }),
  });
  const consumers: BullConsumer[] = [];
  const stopConsuming = async (): Promise<void> => {
    await Promise.all(consumers.splice(0).map((consumer) => consumer.close()));
  };

  return {
    bus,
    queues,
    available: pulse.available,
    onChange: pulse.onChange,
    consume(name, consumer) {
      consumers.push(consumeBull({ redis: open(patientRedis), prefix, queue: name, now, failed: quiet }, consumer));
    },
    stopConsuming,
    start() {
      pulse.start();
      relay.start();
    },
    flush: relay.flush,
    async close() {
      await stopConsuming();
      await relay.stop();
      bus.close();
      pulse.stop();
      await closeBullQueues(queues);
      for (const one of all) one.disconnect();
    },
  };
}

/** A Redis that is away says so many times a second, on every connection. */
function quieten(log: Log): (error: Error) => void {
  let until = 0;
  return (error) => {
    if (performance.now() < until) return;
    until = performance.now() + 10_000;
    log.warn('redis failed', { error });
  };
}
