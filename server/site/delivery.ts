/** Jobs brought by Redis where there is one, and the numbers of the queues. */
import { createQueueMetrics } from '../queue/queue-metrics.ts';
import type { RedisDelivery } from '../queue/redis.ts';
import type { Built } from './built.ts';
import type { SiteConfig } from './config.ts';

export async function openDelivery({ redis }: SiteConfig, built: Built): Promise<RedisDelivery | undefined> {
  const { stores, metrics, log, now } = built;
  const { registry } = metrics;
  if (redis === undefined) {
    createQueueMetrics({ registry, queue: stores.queue, now });
    return undefined;
  }
  const { createRedisDelivery } = await import('../queue/redis.ts');
  const delivery = createRedisDelivery({
    ...redis,
    queue: stores.queue,
    log,
    now,
    onHandedOut: (name, due) => seen.handedOut(name, due),
  });
  const seen = createQueueMetrics({ registry, queue: stores.queue, now, available: delivery.available });
  return delivery;
}
