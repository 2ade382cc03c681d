/** Metrics of the queues as operators see them: how long they are, how old the oldest job is, what was given up, what was handed out. */
import { Counter, Gauge, type Registry } from 'prom-client';
import { QUEUES, queueOf, type QueueName } from '../../core/contract/jobs.ts';
import { onceAScrape, show } from '../gauges.ts';
import type { Due, Queue, QueueLength } from './queue.ts';

export interface QueueMetricsParts {
  readonly registry: Registry;
  readonly queue: Pick<Queue, 'lengths'>;
  readonly now: () => number;
  /** Undefined where there is no Redis. */
  readonly available?: () => boolean;
}

const STATES = ['waiting', 'running', 'dead'] as const;
const of = (name: QueueName, all: readonly QueueLength[]) => all.filter((one) => queueOf[one.name] === name);

export function createQueueMetrics({ registry, queue, now, available }: QueueMetricsParts) {
  const registers = [registry];
  const lengths = onceAScrape(() => queue.lengths());
  const length: Gauge<'queue' | 'state'> = new Gauge({
    name: 'ap_queue_length',
    help: 'Jobs by queue and state.',
    labelNames: ['queue', 'state'],
    registers,
    collect: () =>
      show(length, async () => {
        const all = await lengths();
        return QUEUES.flatMap((name) =>
          STATES.map(
            (state) => [{ queue: name, state }, of(name, all).reduce((sum, one) => sum + one[state], 0)] as const,
          ),
        );
      }),
  });
  const oldest: Gauge<'queue'> = new Gauge({
    name: 'ap_queue_oldest_seconds',
    help: 'Age of the oldest waiting job, by queue; 0 where none waits.',
    labelNames: ['queue'],
    registers,
    collect: () =>
      show(oldest, async () => {
        const all = await lengths();
        return QUEUES.map((name) => {
          const since = of(name, all).flatMap((one) => one.oldest ?? []);
          return [{ queue: name }, since.length === 0 ? 0 : Math.max(0, now() - Math.min(...since)) / 1000] as const;
        });
      }),
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
    help: 'Jobs handed out to Redis; again: those handed out before that it did not have.',
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
