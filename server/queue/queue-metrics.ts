/** Metrics of the queues as operators see them: how long they are, how old the oldest job is, what was given up, what was handed out. */
import { Counter, Gauge, type Registry } from 'prom-client';
import { QUEUES, queueOf, type QueueName } from '../../core/contract/jobs.ts';
import type { Due, Queue, QueueLength } from './queue.ts';

export interface QueueMetricsParts {
  readonly registry: Registry;
  readonly queue: Pick<Queue, 'lengths'>;
  readonly now: () => number;
  /** Undefined where there is no Redis. */
  readonly available?: () => boolean;
}

/** One look at the database a scrape, for all gauges of it. */
const FRESH_MS = 500;

export function createQueueMetrics({ registry, queue, now, available }: QueueMetricsParts) {
  const registers = [registry];
  let asked: { at: number; lengths: Promise<readonly QueueLength[]> } | undefined;
  const lengths = (): Promise<readonly QueueLength[]> => {
    if (asked === undefined || performance.now() - asked.at > FRESH_MS)
      asked = { at: performance.now(), lengths: queue.lengths() };
    return asked.lengths;
  };
  const of = async (name: QueueName) => (await lengths()).filter((one) => queueOf[one.name] === name);

  const length = new Gauge({
    name: 'ap_queue_length',
    help: 'Jobs by queue and state.',
    labelNames: ['queue', 'state'],
    registers,
    async collect() {
      for (const name of QUEUES)
        for (const state of ['waiting', 'running', 'dead'] as const)
          length.set(
            { queue: name, state },
            (await of(name)).reduce((sum, one) => sum + one[state], 0),
          );
    },
  });
  const oldest = new Gauge({
    name: 'ap_queue_oldest_seconds',
    help: 'Age of the oldest waiting job, by queue; 0 where none waits.',
    labelNames: ['queue'],
    registers,
    async collect() {
      for (const name of QUEUES) {
        const since = (await of(name)).flatMap((one) => one.oldest ?? []);
        const age = since.length === 0 ? 0 : Math.max(0, now() - Math.min(...since)) / 1000;
        oldest.set({ queue: name }, age);
      }
    },
  });
  if (available !== undefined) {
    const up = new Gauge({
      name: 'ap_redis_available',
      help: '1 while jobs are delivered through Redis; 0 while the workers look in the database.',
      registers,
      collect() {
        up.set(available() ? 1 : 0);
      },
    });
  }
  const handed = new Counter({
    name: 'ap_jobs_handed_out_total',
    help: 'Jobs handed out to Redis; again: looked after, because it may have lost them.',
    labelNames: ['queue', 'again'],
    registers,
  });
  return {
    handedOut(name: QueueName, due: readonly Due[]): void {
      const again = due.filter((one) => one.again).length;
      if (due.length > again) handed.inc({ queue: name, again: 'no' }, due.length - again);
      if (again > 0) handed.inc({ queue: name, again: 'yes' }, again);
    },
  };
}
