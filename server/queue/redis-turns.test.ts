/** Sites take turns in a real BullMQ: who comes later, who has more, and what never ends. */
import { Queue, type Worker } from 'bullmq';
import type { Redis } from 'ioredis';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { Due } from './queue.ts';
import { patientRedis } from './redis-client.ts';
import { bring } from './redis-queues.ts';
import { TURNS } from './redis-turns.ts';
import { isRedisMissing, startTestRedis, type TestRedis } from './testing-redis.ts';
import { newRoot } from './testing-site.ts';

const UNIT = 2 ** 32;

const due = (site: string, count: number, priority = 10): Due[] =>
  Array.from({ length: count }, () => ({
    id: newRoot(),
    name: 'read',
    site,
    priority,
    again: false,
    untouched: true,
  }));
const siteOf = (all: readonly Due[], id: string): string => all.find((one) => one.id === id)?.site ?? '';

describe.skipIf(isRedisMissing('the tests of turns in Redis'))('turns', () => {
  let server: TestRedis;
  let redis: Redis;
  let queue: Queue;
  let worker: Worker | undefined;
  beforeEach(async () => {
    server = await startTestRedis();
    redis = patientRedis(server);
    queue = new Queue('general', { connection: redis, prefix: 'ap' });
    worker = undefined;
  });
  afterEach(async () => {
    await worker?.close();
    await queue.close();
    redis.disconnect();
    await server.stop();
  });

  const add = (jobs: readonly Due[]) => bring(redis, queue, jobs);
  /** Takes the first of the line away, as a worker does. */
  const next = async (count: number): Promise<string[]> => {
    const ids: string[] = [];
    for (let at = 0; at < count; at += 1) {
      const [id = ''] = await redis.zpopmin(queue.toKey('prioritized'));
      ids.push(id);
    }
    return ids;
  };

  test('one that comes beside a backlog is among the next, and a backlog beside it gets every second turn', async () => {
    const a = due('a', 300);
    await add(a.slice(0, 100));
    await add(a.slice(100));
    expect((await next(100)).every((id) => siteOf(a, id) === 'a')).toBe(true);
    const b = due('b', 100);
    await add(b.slice(0, 1));
    const all = [...a, ...b];
    expect((await next(2)).map((id) => siteOf(all, id))).toContain('b');
    await add(b.slice(1));
    const shares = (await next(100)).filter((id) => siteOf(all, id) === 'b').length;
    expect(shares).toBeGreaterThanOrEqual(49);
    expect(shares).toBeLessThanOrEqual(51);
    // The order within a site is that of their coming.
    const rest = (await next(99)).filter((id) => siteOf(all, id) === 'a');
    expect(rest).toEqual(a.map(({ id }) => id).filter((id) => rest.includes(id)));
  });

  test('urgency comes before turns, and an empty line begins anew', async () => {
    const a = due('a', 20);
    await add(a);
    const urgent = due('a', 3, 0);
    await add(urgent);
    expect((await next(3)).toSorted()).toEqual(urgent.map(({ id }) => id).toSorted());
    await next(20);
    await add(due('b', 1));
    await add(due('a', 1));
    const scores = (await redis.zrange(queue.toKey('prioritized'), 0, '-1', 'WITHSCORES')).filter(
      (_, at) => at % 2 === 1,
    );
    expect(scores.map((score) => Math.floor(Number(score) / UNIT) - 10 * TURNS)).toEqual([1, 1]);
  });

  test('what is made more urgent goes to the line of the urgent ones', async () => {
    const a = due('a', 50);
    await add(a);
    const last = { ...(a.at(-1) as Due), priority: 0, again: true, untouched: false };
    expect(await add([last])).toEqual({ added: [last], left: [] });
    expect(await next(1)).toEqual([last.id]);
    expect(await add([{ ...last, id: a[0]?.id ?? '', priority: 10 }])).toEqual({
      added: [],
      left: [],
    });
  });

  test('a line that is never empty goes on for ever: order and turns hold, and its jobs can be worked on', async () => {
    const a = due('a', 3);
    await add(a);
    // As after very many jobs: the front is beyond the middle.
    const far = TURNS - 10;
    for (const [at, { id }] of a.entries()) {
      const priority = 10 * TURNS + far + at;
      await redis.zadd(queue.toKey('prioritized'), String(priority * UNIT + at), id);
      await redis.hset(queue.toKey(id), 'priority', String(priority));
    }
    await redis.hset(queue.toKey('turns:10'), 'a', String(far + 2));
    const [b, more] = [due('b', 1), due('a', 2)];
    await add(b);
    await add(more);
    const entries = await redis.zrange(queue.toKey('prioritized'), 0, '-1', 'WITHSCORES');
    const turns = entries.filter((_, at) => at % 2 === 1).map((score) => Math.floor(Number(score) / UNIT) - 10 * TURNS);
    expect(turns).toEqual([1, 1, 2, 3, 4, 5]);
    const order = entries.filter((_, at) => at % 2 === 0);
    expect(order.slice(0, 2)).toContain(b[0]?.id);
    expect(order.filter((id) => id !== b[0]?.id)).toEqual([...a, ...more].map(({ id }) => id));
    expect(await queue.getJob(a[2]?.id ?? '')).toMatchObject({ priority: 10 * TURNS + 3 });
  });

  test('what a site has too much of is left in the database', async () => {
    await add(due('a', 1));
    await redis.hset(queue.toKey('turns:10'), 'a', String(TURNS / 2 - 2));
    const more = due('a', 5);
    const { added, left } = await add([...more, ...due('b', 2)]);
    expect(added).toHaveLength(4);
    expect(left.map(({ id }) => id)).toEqual(more.slice(2).map(({ id }) => id));
  });
});
