/** A site whose database goes away and comes back: people are told so, numbers are still shown, and nobody gets in who did not before. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { openPostgresAccessStore } from '../access/store/postgres.ts';
import { isRedisMissing, startTestRedis, type TestRedis } from '../queue/testing-redis.ts';
import { postgres } from '../store/testing-postgres.ts';
import { asSuper } from '../store/testing-roles.ts';
import { until } from '../testing-client.ts';
import type { TestServing } from './testing.ts';
import { type PostgresSite, postgresSite } from './testing-postgres-site.ts';

const POOL = 4;
const isSkipped = postgres.url === undefined || isRedisMissing('the tests of a site whose database is away');

describe.skipIf(isSkipped)('a site whose database is away', () => {
  let room: PostgresSite;
  let redis: TestRedis;
  let site: TestServing;
  let token: string;
  const nameOf = (): string => new URL(room.database.url).pathname.slice(1);
  const away = () =>
    asSuper(room.database, async (client) => {
      await client.query(`ALTER DATABASE ${nameOf()} CONNECTION LIMIT 0`);
      await client.query(
        'SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity WHERE pid <> pg_backend_pid() AND datname = current_database()',
      );
    });
  const back = () => asSuper(room.database, (client) => client.query(`ALTER DATABASE ${nameOf()} CONNECTION LIMIT -1`));
  const board = (headers: Record<string, string>) => fetch(`${site.boardUrl}/api/queues`, { headers });
  const numbers = () => fetch(`${site.internalUrl}/metrics`);

  beforeAll(async () => {
    redis = await startTestRedis();
    room = await postgresSite(postgres.url, { REDIS_URL: redis.url, AP_DATABASE_POOL: String(POOL) });
    site = await room.start('api');
    token = (await site.people.signIn(await site.people.person('admin'))).access;
  }, 60_000);
  afterAll(async () => {
    await room.close();
    await redis.stop();
  });

  test('one process opens as many connections as it was told, for sign-ins and everything else', async () => {
    const asked = Array.from({ length: 40 }, (_, at) => (at % 2 === 0 ? '/api/v1/me' : '/api/v1/invoices'));
    const replies = await Promise.all(asked.map((path) => site.people.request(path, token)));
    expect(new Set(replies.map(({ status }) => status))).toEqual(new Set([200]));
    const { total } = site.site.stores.pool() ?? { total: 0 };
    const { rows } = await asSuper(room.database, (client) =>
      client.query<{ n: number }>(
        `SELECT count(*)::int AS n FROM pg_stat_activity WHERE datname = current_database() AND usename = 'ap_intake'`,
      ),
    );
    expect([total <= POOL, rows[0]?.n]).toEqual([true, total]);
  });

  test('503 says when to come again, numbers are shown, no cookie opens the board', async () => {
    const bearer = { authorization: `Bearer ${token}` };
    const madeUp = { cookie: `ap_session=${'x'.repeat(43)}` };
    await until('the board', async () => (await board(bearer)).status === 200);
    expect((await board(madeUp)).status).toBe(401);
    await away();
    try {
      for (const ask of [
        () => site.people.request('/api/v1/me', token),
        () => site.people.request('/api/v1/me', undefined, { headers: madeUp }),
        () => board(bearer),
        () => board(madeUp),
      ]) {
        const reply = await ask();
        expect([reply.status, reply.headers.get('retry-after'), await reply.json()]).toMatchObject([
          503,
          '5',
          { code: 'unavailable', details: { reason: 'database-away' } },
        ]);
      }
      expect((await fetch(`${site.boardUrl}/`, { headers: madeUp })).status).toBe(503);
      const shown = await numbers();
      expect(shown.status).toBe(200);
      const text = await shown.text();
      expect(text).toContain('ap_database_up 0');
      expect(text).toMatch(/ap_event_loop_delay_seconds\{quantile="0.5"\} \d/);
      expect(text).not.toMatch(/^ap_(queue_length|queue_jobs|invoices)\{/m);
    } finally {
      await back();
    }
    await until('it is back', async () => (await site.people.request('/api/v1/me', token)).status === 200);
    // What was asked a moment ago is not asked again.
    await until('all numbers', async () => {
      const text = await (await numbers()).text();
      return text.includes('ap_database_up 1') && /^ap_queue_length\{/m.test(text);
    });
  }, 30_000);

  test('without Redis the board still knows who may look', async () => {
    await redis.kill();
    await until('Redis is missed', async () => (await board({ authorization: `Bearer ${token}` })).status === 503);
    const reply = await board({ authorization: `Bearer ${token}` });
    expect(await reply.json()).toMatchObject({ details: { reason: 'redis-away' } });
    expect((await fetch(`${site.boardUrl}/`, { headers: { authorization: `Bearer ${token}` } })).status).toBe(200);
    expect((await board({ cookie: 'ap_session=x' })).status).toBe(401);
  }, 30_000);

  test('changes are refused the same way, and a conflict stays one', async () => {
    const store = openPostgresAccessStore(room.database.url);
    const key = { seq: 9_000, kid: 'k', createdAt: 0, sealed: '' };
    expect([await store.addSigningKey(key), await store.addSigningKey(key)]).toEqual([true, false]);
    const [account] = await store.accounts('main');
    if (account === undefined) throw new Error('nobody is there');
    expect(await store.commit('main', { accounts: [{ expect: 0, account }] })).toBe('conflict');
    expect(await store.commit('main', { accounts: [{ expect: account.version + 1, account }] })).toBe('conflict');
    await away();
    try {
      const gone = { code: 'unavailable', details: { reason: 'database-away', retryAfter: 5 } };
      await expect(store.commit('main', {})).rejects.toMatchObject(gone);
      await expect(store.dropSigningKeys(0)).rejects.toMatchObject(gone);
    } finally {
      await back();
    }
    await store.close();
  }, 30_000);
});
