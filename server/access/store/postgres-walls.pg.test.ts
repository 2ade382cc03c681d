import type { Duplex } from 'node:stream';
import { sql } from 'drizzle-orm';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { postgres } from '../../store/testing-postgres.ts';
import { createTestDatabase, type TestDatabase } from '../../store/testing-roles.ts';
import { createPostgresAccessStore, migrateAccess } from './postgres.ts';
import { inTransaction } from './postgres-walls.ts';

describe.skipIf(postgres.url === undefined)('transactions of the access store', () => {
  let database: TestDatabase;
  beforeAll(async () => {
    database = await createTestDatabase(postgres.url ?? '', { migrated: false });
    await migrateAccess(database.ownerUrl);
  });
  afterAll(() => database.drop());

  test('a connection that died unseen is replaced, not kept', async () => {
    const pool = database.pool(1);
    const store = createPostgresAccessStore(pool);
    const client = await pool.connect();
    const { stream } = (client as unknown as { readonly connection: { readonly stream: Duplex } }).connection;
    client.release();
    const asked = store.account('main', 'nobody');
    stream.destroy();
    await expect(asked).rejects.toMatchObject({ code: 'unavailable', details: { reason: 'database-away' } });
    expect(await store.account('main', 'nobody')).toBeUndefined();
  });

  test('a statement is ended by the server in time, and what was done before it is undone', async () => {
    const pool = database.pool(1);
    const shown = await inTransaction(pool, 'main', (tx) =>
      tx.execute(sql`SELECT current_setting('statement_timeout') AS patience, current_setting('app.site') AS site`),
    );
    expect(shown.rows).toEqual([{ patience: '30s', site: 'main' }]);
    await expect(inTransaction(pool, undefined, (tx) => tx.execute(sql`SELECT 1 / 0`))).rejects.toMatchObject({
      cause: { code: '22012' },
    });
    expect((await pool.query(`SELECT current_setting('app.site', true) AS site`)).rows).toEqual([{ site: '' }]);
    expect([pool.totalCount, pool.idleCount]).toEqual([1, 1]);
  });
});
