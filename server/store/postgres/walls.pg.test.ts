import { getTableName } from 'drizzle-orm';
import { getTableConfig, type PgTable } from 'drizzle-orm/pg-core';
import type pg from 'pg';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { bulkLoadPostgres } from '../../../scripts/archive/bulk-load-postgres.ts';
import { newSite, openDatabase, postgres, sharedDatabase } from '../testing-postgres.ts';
import { newId, NOTHING } from '../testing-stores.ts';
import { openClient } from './clients.ts';
import type { PostgresDatabase } from './create.ts';
import * as erasure from './schema-erasure.ts';
import * as snapshots from './schema-snapshot.ts';
import * as sync from './schema-sync.ts';
import * as together from './schema-together.ts';
import * as webhooks from './schema-webhooks.ts';
import * as schema from './schema.ts';

/** Everything that belongs to a site. */
const owned = (Object.values({ ...schema, ...sync, ...webhooks, ...together, ...snapshots, ...erasure }) as PgTable[])
  .filter((table) => getTableConfig(table).columns.some(({ name }) => name === 'site'))
  .map(getTableName);
const FIND = `SELECT find_invoices(ARRAY['%re-%'])`;
const READABLE = owned.filter((name) => name !== 'invoice_search');

describe.skipIf(postgres.url === undefined)('walls between sites', () => {
  const [mine, other] = [newSite(), newSite()];
  let database: PostgresDatabase;
  let client: pg.Client;

  beforeAll(async () => {
    const { url } = await sharedDatabase();
    database = await openDatabase(url);
    for (const site of [mine, other]) {
      await database.createSite(site);
      await bulkLoadPostgres({ url, site, count: 5, seed: 1 });
      const { store } = await database.site(site);
      const job = { id: newId(), name: 'validate' as const, data: { invoice: site }, root: site, priority: 1 };
      await store.commit({ ...NOTHING, jobs: [job] });
    }
    client = await openClient({ connectionString: url });
  });
  afterAll(async () => {
    await client.end();
    await database.close();
  });

  /** As the application's role, whatever a statement without `withSite` would do. */
  async function as<T>(site: string | undefined, run: () => Promise<T>): Promise<T> {
    await client.query('BEGIN');
    try {
      if (site !== undefined) await client.query("SELECT set_config('app.site', $1, true)", [site]);
      return await run();
    } finally {
      await client.query('ROLLBACK');
    }
  }
  const sitesIn = async (table: string): Promise<string[]> =>
    (await client.query<{ site: string }>(`SELECT DISTINCT site FROM ${table} ORDER BY site`)).rows.map(
      ({ site }) => site,
    );

  test('every table of a site has its policy, for its owner too', async () => {
    const { rows } = await client.query<{ relname: string }>(
      "SELECT relname FROM pg_class WHERE relkind = 'r' AND relnamespace = 'public'::regnamespace AND relrowsecurity AND relforcerowsecurity",
    );
    expect(rows.map(({ relname }) => relname).toSorted()).toEqual(READABLE.toSorted());
  });

  test('a statement that does not say whose site it is sees nothing', async () => {
    for (const table of READABLE) expect([table, await as(undefined, () => sitesIn(table))]).toEqual([table, []]);
    for (const table of READABLE) expect([table, await as('', () => sitesIn(table))]).toEqual([table, []]);
  });

  test('a statement without any condition sees its own site only', async () => {
    for (const table of READABLE) {
      const seen = await as(mine, () => sitesIn(table));
      expect([table, seen.every((site) => site === mine)]).toEqual([table, true]);
    }
    expect(await as(mine, () => sitesIn('invoices'))).toEqual([mine]);
    const changed = await as(mine, () => client.query('UPDATE invoices SET attention = attention'));
    expect(changed.rowCount).toBe(5);
  });

  test('nothing can be written into another site', async () => {
    const insert = `INSERT INTO settings (site, key, value) VALUES ('${other}', 'x', '{}')`;
    await expect(as(mine, () => client.query(insert))).rejects.toMatchObject({ code: '42501' });
    const move = `UPDATE invoices SET site = '${other}'`;
    await expect(as(mine, () => client.query(move))).rejects.toMatchObject({ code: '42501' });
  });

  test('the search finds rows of its own site only, and its table is out of reach', async () => {
    expect((await as(mine, () => client.query(FIND))).rowCount).toBe(5);
    expect((await as(undefined, () => client.query(FIND))).rowCount).toBe(0);
    await expect(as(mine, () => client.query('SELECT text FROM invoice_search'))).rejects.toMatchObject({
      code: '42501',
    });
  });

  test('the function that reads invoices sees the site that is named, and leaves nothing of it behind', async () => {
    const ids = await (await database.site(mine)).store.invoiceIds({});
    const [id = ''] = ids;
    const read = (site: string) => client.query<{ data: Buffer }>('SELECT * FROM read_invoices($1, $2)', [site, ids]);
    expect((await read(mine)).rowCount).toBe(5);
    expect(await sitesIn('invoice_data')).toEqual([]);
    expect((await read('')).rowCount).toBe(0);
    expect((await read('*')).rowCount).toBe(0);
    await client.query('BEGIN');
    await client.query("SELECT set_config('app.site', $1, true)", [other]);
    await client.query("UPDATE invoice_data SET data = 'other' WHERE invoice = $1", [id]);
    const both = async (site: string) =>
      (await read(site)).rows.filter(({ data }) => data.toString() === 'other').length;
    expect([await both(mine), await both(other)]).toEqual([0, 1]);
    await client.query('ROLLBACK');
  });

  test('every site at once: jobs and the list of sites, nothing else, and nothing new', async () => {
    for (const table of READABLE) {
      const seen = await as('*', () => sitesIn(table));
      const isShared = table === 'job' || table === 'site_head';
      expect([table, seen.includes(mine) && seen.includes(other)]).toEqual([table, isShared]);
      expect([table, isShared || seen.length === 0]).toEqual([table, true]);
    }
    const insert = `INSERT INTO job SELECT site, id || 'x', name, root || 'x', data, priority, state, attempts, failures, progress, stage, error, lease,
      lease_until, run_at, created_at, updated_at, handed_at FROM job`;
    await expect(as('*', () => client.query(insert))).rejects.toMatchObject({ code: '42501' });
    await expect(database.createSite('*')).rejects.toMatchObject({ code: 'bad_request' });
  });

  test('the log is only ever added to', async () => {
    for (const table of ['op_log', 'op_value', 'export_batch'])
      for (const change of [`UPDATE ${table} SET site = site`, `DELETE FROM ${table}`, `TRUNCATE ${table}`])
        await expect(as(mine, () => client.query(change))).rejects.toMatchObject({ code: '42501' });
  });

  test('stores of two sites know nothing of each other', async () => {
    const [one, two] = await Promise.all([database.site(mine), database.site(other)]);
    expect(one.store.device).not.toBe(two.store.device);
    const [first = ''] = await one.store.invoiceIds({});
    // The same archive in both: the same ids, each its own.
    expect(await two.store.invoiceIds({})).toEqual(await one.store.invoiceIds({}));
    expect((await one.store.opsOf(first)).every((op) => op.body.device === one.store.device)).toBe(true);
    expect(await one.queue.counts()).toMatchObject({ waiting: 1 });
    expect((await one.queue.claim(['validate'], 1_000))?.root).toBe(mine);
    expect(await one.queue.claim(['validate'], 1_000)).toBeUndefined();
    const job = await database.queue.claim(['validate'], 1_000);
    expect(job).toMatchObject({ site: other, root: other });
    await expect(database.site('nobody')).rejects.toMatchObject({ code: 'not_found' });
  });
});
