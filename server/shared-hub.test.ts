/** Two processes of a site hear of each other: through a real Redis, and by looking where there is none. */
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import type { StationEvent } from '../core/contract/http.ts';
import type { InvoiceSummary } from '../core/contract/invoice.ts';
import type { JobView } from '../core/contract/jobs.ts';
import { createEventPoll } from './event-poll.ts';
import { createHub, type Hub } from './hub.ts';
import { createLog } from './log.ts';
import { listeningRedis, quickRedis } from './queue/redis-client.ts';
import { createRedisBus } from './queue/redis-bus.ts';
import { isRedisMissing, startTestRedis, type TestRedis } from './queue/testing-redis.ts';
import { until } from './queue/testing-site.ts';
import { createSharedHub, type SharedHub } from './shared-hub.ts';

const COUNTERS = { byStatus: {}, total: 0, doneToday: 0, left: 0, jobsWaiting: 0, jobsRunning: 0 };
const at = '2026-05-01T10:00:00.000Z';
const job: JobView = {
  id: 'j1',
  name: 'read',
  root: 'r1',
  state: 'running',
  attempts: 1,
  progress: 0.5,
  stage: 'page 1 of 2',
  error: null,
  createdAt: at,
  updatedAt: at,
};
const summary = { id: 'i1', revision: 3, updatedAt: at } as unknown as InvoiceSummary;
const summaryOf = (id: string): Promise<InvoiceSummary | undefined> =>
  Promise.resolve(id === summary.id ? summary : undefined);
/** As if somebody had a stream open. */
const watched = (): { hub: Hub; seen: StationEvent[] } => {
  const plain = createHub({ version: 'test', counters: () => Promise.resolve(COUNTERS) });
  const seen: StationEvent[] = [];
  plain.subscribe((event) => {
    if (event.type !== 'counters') seen.push(event);
  });
  const hub = Object.create(plain, { streams: { value: 1 } }) as Hub;
  return { hub, seen };
};

describe.skipIf(isRedisMissing('the tests of the hub across processes'))('through Redis', () => {
  let redis: TestRedis;
  const close: (() => void)[] = [];
  beforeEach(async () => {
    redis = await startTestRedis();
  });
  afterEach(async () => {
    for (const one of close.splice(0)) one();
    await redis.stop();
  });

  function process(site = 's1') {
    const publisher = quickRedis(redis);
    const subscriber = listeningRedis(redis);
    const parts = { publisher, subscriber, channel: 'ap:events' };
    const bus = createRedisBus({ ...parts, pulse: { available: () => publisher.status === 'ready' } });
    const { hub, seen } = watched();
    const onSettings = vi.fn<() => void>();
    const onCancel = vi.fn<(root: string) => void>();
    const shared: SharedHub = createSharedHub({ hub, bus, site, summaryOf, onSettings, onCancel });
    close.push(() => {
      shared.close();
      bus.close();
      publisher.disconnect();
      subscriber.disconnect();
    });
    return { shared, seen, onSettings, onCancel, bus };
  }

  test('what happens in one is seen in the other, once, and its content does not travel', async () => {
    const [one, two, foreign] = [process(), process(), process('s2')];
    await until('both', async () => {
      const [, listeners] = (await redis.ask('PUBSUB', 'NUMSUB', 'ap:events')) as [string, number];
      return listeners === 3 && one.bus.available() && two.bus.available();
    });
    const travelled: unknown[] = [];
    two.bus.onMessage((message) => travelled.push(message));
    one.shared.publish({ type: 'job', job });
    one.shared.invoice(summary);
    one.shared.publish({ type: 'settings', settings: {} as never });
    one.shared.cancelled('r1');
    await until('all', () => two.seen.length === 2 && two.onCancel.mock.calls.length === 1);
    expect(two.seen).toEqual([
      { type: 'job', job },
      { type: 'invoice', id: 'i1', revision: 3, summary },
    ]);
    expect(two.onSettings).toHaveBeenCalledTimes(1);
    expect(two.onCancel).toHaveBeenCalledWith('r1');
    expect(travelled).toContainEqual({ kind: 'invoice', site: 's1', id: 'i1' });
    expect(one.seen).toHaveLength(3);
    expect(foreign.seen).toEqual([]);
    expect(foreign.onCancel).not.toHaveBeenCalled();
    // A message of a program that says more than we know is no reason to fall.
    await redis.ask('PUBLISH', 'ap:events', '{"from":"x","message":{"kind":"new"}}');
    one.shared.publish({ type: 'job', job: { ...job, progress: 1 } });
    await until('the next', () => two.seen.length === 3);
  });
});

test('without Redis what changed is looked for, and shown once', async () => {
  const { hub, seen } = watched();
  let jobs = [job];
  const poll = createEventPoll({
    hub,
    queue: { list: () => Promise.resolve(jobs), counts: () => Promise.resolve({ waiting: 0, running: 1, dead: 0 }) },
    store: { invoices: () => Promise.resolve({ items: [summary], next: null, total: 1 }) },
    now: () => Date.parse(at),
    log: createLog({ write: () => undefined }, 'error'),
    pollMs: 10,
  });
  await until('the first look', () => seen.length === 2);
  await new Promise((resolve) => setTimeout(resolve, 50));
  expect(seen).toHaveLength(2);
  const next = { ...job, progress: 1, updatedAt: '2026-05-01T10:00:01.000Z' };
  jobs = [next];
  await until('the next', () => seen.length === 3);
  expect(seen.at(-1)).toEqual({ type: 'job', job: next });
  poll.stop();
});
