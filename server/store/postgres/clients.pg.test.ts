import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createPostgresAccessStore } from '../../access/store/postgres.ts';
import { postgres } from '../testing-postgres.ts';
import { asSuper, createTestDatabase, type TestDatabase } from '../testing-roles.ts';
import { openClient, withClient } from './clients.ts';

const CUT = `SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity WHERE pid <> pg_backend_pid() AND datname = current_database()`;

/** An event that nobody listens to would end the process: here, the test run tells it as an unhandled error. */
describe.skipIf(postgres.url === undefined)('connections that are ended from outside', () => {
  let database: TestDatabase;
  beforeAll(async () => {
    database = await createTestDatabase(postgres.url ?? '', { migrated: false });
  });
  afterAll(() => database.drop());
  const cut = () => asSuper(database, (client) => client.query(CUT));

  test('idle in a pool, and in a transaction between two statements', async () => {
    const pool = database.pool(2);
    const held = await pool.connect();
    await held.query('BEGIN');
    await pool.query('SELECT 1');
    expect(pool.idleCount).toBe(1);
    await cut();
    await expect(held.query('SELECT 1')).rejects.toThrow(/not queryable/);
    held.release(true);
    await expect.poll(() => pool.totalCount).toBe(0);
    expect((await pool.query('SELECT 1 AS one')).rows).toEqual([{ one: 1 }]);
  });

  test('a connection of its own, idle and at work', async () => {
    const client = await openClient({ connectionString: database.url });
    await cut();
    await expect(client.query('SELECT 1')).rejects.toThrow(/not queryable/);
    await client.end();
    const waiting = withClient({ connectionString: database.url }, (other) => other.query('SELECT pg_sleep(60)'));
    await expect
      .poll(() =>
        asSuper(
          database,
          async (one) =>
            (await one.query(`SELECT 1 FROM pg_stat_activity WHERE query LIKE 'SELECT pg_sleep%'`)).rowCount,
        ),
      )
      .toBe(1);
    await Promise.all([expect(waiting).rejects.toMatchObject({ code: '57P01' }), cut()]);
  });

  test('of a pool that is still open when its database is dropped', async () => {
    const dropped = await createTestDatabase(postgres.url ?? '', { migrated: false });
    const store = createPostgresAccessStore(dropped.pool(3));
    const asked = [1, 2, 3].map(() => store.account('main', 'nobody'));
    await Promise.allSettled(asked);
    await asSuper(database, (client) =>
      client.query(`DROP DATABASE ${new URL(dropped.url).pathname.slice(1)} WITH (FORCE)`),
    );
    await expect(store.account('main', 'nobody')).rejects.toThrow(/does not exist/);
  });
});
