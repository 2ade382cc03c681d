import { Gauge, Registry } from 'prom-client';
import { expect, test } from 'vitest';
import { show } from './gauges.ts';
import { createMetrics } from './metrics.ts';
import { createQueueMetrics } from './queue/queue-metrics.ts';

const away = () => Promise.reject(new Error('the database is away'));

test('what cannot be asked is not shown, and takes nothing else with it', async () => {
  const metrics = createMetrics(away);
  createQueueMetrics({ registry: metrics.registry, queue: { lengths: away }, now: () => 0 });
  const text = await metrics.text();
  expect(text).toMatch(/ap_event_loop_delay_seconds\{quantile="1"\} \d/);
  expect(text).not.toMatch(/^ap_queue/m);
  metrics.close();
});

test('no number of before stays', async () => {
  const gauge = new Gauge({ name: 'g', help: 'h', labelNames: ['of'], registers: [new Registry()] });
  await show(gauge, async () => [[{ of: 'a' }, 1]]);
  await show(gauge, async () => [[{ of: 'b' }, 2]]);
  expect((await gauge.get()).values).toEqual([{ value: 2, labels: { of: 'b' } }]);
  await show(gauge, away);
  expect((await gauge.get()).values).toEqual([]);
});
