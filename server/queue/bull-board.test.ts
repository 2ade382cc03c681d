/** The board over a real Redis: nobody sees it without being let in, and it only shows. */
import type { FastifyInstance, FastifyRequest } from 'fastify';
import { mkdtempSync, rmSync } from 'node:fs';
import { randomBytes } from 'node:crypto';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { AppError } from '../../core/contract/errors.ts';
import { createLog } from '../log.ts';
import { createSqliteStore } from '../store/sqlite/create.ts';
import { createBoardServer } from './bull-board.ts';
import { createRedisDelivery, type RedisDelivery } from './redis.ts';
import { isRedisMissing, startTestRedis, type TestRedis } from './testing-redis.ts';
import { addReads, type Data, newRoot, until } from './testing-site.ts';

const authorize = ({ headers }: FastifyRequest): Promise<boolean> => {
  if (headers.authorization === 'Bearer weak') throw new AppError('forbidden', 'Not for you.');
  return Promise.resolve(headers.authorization === 'Bearer good');
};
const log = createLog({ write: () => undefined }, 'error');

describe.skipIf(isRedisMissing('the tests of the board'))('the board', () => {
  let redis: TestRedis;
  let data: Data;
  let folder: string;
  let delivery: RedisDelivery;
  let app: FastifyInstance;

  beforeEach(async () => {
    folder = mkdtempSync(join(tmpdir(), 'board-'));
    redis = await startTestRedis();
    data = await createSqliteStore({ path: join(folder, 'station.db'), now: Date.now, random: randomBytes });
    delivery = createRedisDelivery({ url: redis.url, queue: data.queue, log, now: Date.now });
    delivery.start();
    const { queues, available } = delivery;
    app = await createBoardServer({ queues, available, authorize }, log);
    await until('Redis', available);
  });
  afterEach(async () => {
    await app.close();
    await delivery.close();
    await data.store.close();
    await redis.stop();
    rmSync(folder, { recursive: true });
  });

  const ask = (url: string, method: 'GET' | 'POST' | 'PUT' | 'DELETE' = 'GET', token = 'good') =>
    app.inject({ url, method, headers: token === '' ? {} : { authorization: `Bearer ${token}` } });

  test('without being let in there is nothing to see, not even its script', async () => {
    const page = await ask('/');
    const script = /static\/js\/main\.[^"]+/.exec(page.body)?.[0] ?? '';
    expect((await ask(`/${script}`)).statusCode).toBe(200);
    for (const url of ['/', '/queue/general', '/api/queues', '/api/redis/stats', `/${script}`]) {
      const reply = await ask(url, 'GET', '');
      expect([url, reply.statusCode]).toEqual([url, 401]);
      expect(reply.json()).toMatchObject({ code: 'unauthorized' });
    }
    expect((await ask('/', 'GET', 'bad')).statusCode).toBe(401);
    for (const url of ['/', '/api/queues']) {
      const refused = await ask(url, 'GET', 'weak');
      expect([url, refused.statusCode, refused.json<{ code?: string }>().code]).toEqual([url, 403, 'forbidden']);
    }
    expect((await ask('/health', 'GET', '')).json()).toEqual({ status: 'ok' });
  });

  test('it shows what is in Redis, without anything from elsewhere', async () => {
    await addReads(data, [newRoot(), newRoot()]);
    await until('jobs in Redis', async () => (await delivery.queues.general.getJobCountByTypes('prioritized')) === 2);
    const page = await ask('/');
    expect(page.statusCode).toBe(200);
    expect(page.headers['content-security-policy']).toContain("default-src 'none'");
    expect(page.body).not.toContain('googleapis');
    const { queues } = (await ask('/api/queues')).json<{
      queues: { name: string; counts: Record<string, number> }[];
    }>();
    expect(queues.map(({ name }) => name).toSorted()).toEqual(['general', 'outbound', 'validation']);
    expect(queues.find(({ name }) => name === 'general')?.counts).toMatchObject({ prioritized: 2 });
  });

  test('it changes nothing, and says so while Redis is away', async () => {
    await addReads(data, [newRoot()]);
    await until('a job', async () => (await delivery.queues.general.getJobCountByTypes('prioritized')) === 1);
    for (const url of ['/api/queues/general/obliterate', '/api/queues/general/empty', '/api/queues/general/pause'])
      expect([url, (await ask(url, 'PUT')).statusCode]).toEqual([url, 409]);
    expect(await delivery.queues.general.getJobCountByTypes('prioritized')).toBe(1);
    await redis.kill();
    await until('away', () => !delivery.available());
    expect((await ask('/api/queues')).statusCode).toBe(503);
  });
});
