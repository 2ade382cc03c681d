import type pg from 'pg';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { postgres } from '../../store/testing-postgres.ts';
import { asSuper, createTestDatabase, type TestDatabase } from '../../store/testing-roles.ts';
import { createPostgresAccessStore, migrateAccess } from './postgres.ts';

const OWNED = ['access_account', 'access_device', 'audit_event', 'audit_head'];

describe.skipIf(postgres.url === undefined)('walls of the access tables', () => {
  let database: TestDatabase;
  let pool: pg.Pool;
  beforeAll(async () => {
    database = await createTestDatabase(postgres.url ?? '', { migrated: false });
    // Replicas that start together: one migrates, the others find it done.
    await Promise.all([1, 2, 3].map(() => migrateAccess(database.ownerUrl)));
    pool = database.pool(2);
    const store = createPostgresAccessStore(pool);
    const event = { kind: 'sign-in', at: 'now', actor: 'user:a', data: {} } as const;
    for (const site of ['mine', 'other']) await store.commit(site, { events: [event] });
  });
  afterAll(() => database.drop());

  test('every table of a site has its policy, for its owner too', async () => {
    const { rows } = await pool.query<{ relname: string }>(
      "SELECT relname FROM pg_class WHERE relkind = 'r' AND relnamespace = 'public'::regnamespace AND relrowsecurity AND relforcerowsecurity",
    );
    expect(rows.map(({ relname }) => relname).toSorted()).toEqual(OWNED.toSorted());
  });

  test('without a site nothing is seen; with one, its own', async () => {
    expect((await pool.query('SELECT site FROM audit_event')).rows).toEqual([]);
    const client = await pool.connect();
    await client.query("BEGIN; SELECT set_config('app.site', 'mine', true)");
    expect((await client.query('SELECT site FROM audit_event')).rows).toEqual([{ site: 'mine' }]);
    await expect(client.query("INSERT INTO audit_head VALUES ('third', 1, 'x')")).rejects.toMatchObject({
      code: '42501',
    });
    await client.query('ROLLBACK');
    client.release();
  });

  test('the application may not change or empty the events, whatever its code does', async () => {
    for (const statement of [
      "UPDATE audit_event SET hash = 'x'",
      'DELETE FROM audit_event',
      'TRUNCATE audit_event',
      'DROP TABLE audit_event',
    ])
      await expect(pool.query(statement)).rejects.toMatchObject({ code: '42501' });
    for (const table of ['access_account', 'access_device'])
      await expect(pool.query(`DELETE FROM ${table}`)).rejects.toMatchObject({ code: '42501' });
  });

  test('what every request asks uses its indexes', async () => {
    await asSuper(database, async (client) => {
      await client.query(
        `INSERT INTO access_account SELECT 'mine', 'a' || n, 'l' || n, NULL, NULL, 1, '{}' FROM generate_series(1, 5000) n`,
      );
      await client.query(
        `INSERT INTO access_device SELECT 'mine', 'd' || n, 'a' || n, 'k' || n, 'g' || n, 1, '{}' FROM generate_series(1, 5000) n`,
      );
      await client.query('ANALYZE access_account, access_device');
      const { rows } = await client.query<{ 'QUERY PLAN': string }>(
        "EXPLAIN SELECT a.body, d.body FROM access_account a LEFT JOIN access_device d ON d.site = a.site AND d.grant_id = 'g7' WHERE a.site = 'mine' AND a.id = 'a7'",
      );
      const plan = rows.map((row) => row['QUERY PLAN']).join('\n');
      expect(plan).not.toContain('Seq Scan');
    });
  });
});
