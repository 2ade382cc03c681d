import { getTableName } from 'drizzle-orm';
import { getTableConfig, type PgTable } from 'drizzle-orm/pg-core';
import type pg from 'pg';
import { describe, expect, test } from 'vitest';
import { openDatabase, postgres, sharedDatabase } from '../testing-postgres.ts';
import { asSuper, createTestDatabase, type TestDatabase } from '../testing-roles.ts';
import { withClient } from './clients.ts';
import { migrate } from './migrate.ts';
import { MIGRATIONS } from './migrations.ts';
import * as erasure from './schema-erasure.ts';
import * as snapshots from './schema-snapshot.ts';
import * as sync from './schema-sync.ts';
import * as together from './schema-together.ts';
import * as webhooks from './schema-webhooks.ts';
import * as schema from './schema.ts';

const tables = Object.values({ ...schema, ...sync, ...webhooks, ...together, ...snapshots, ...erasure }) as PgTable[];
const now = Date.now;
const newest = MIGRATIONS.at(-1)?.version ?? 0;
const more = (version: number, needs: number, sql = `CREATE TABLE more_${version} (a integer)`) => [
  ...MIGRATIONS,
  { version, name: 'more', needs, sql },
];

/** What drizzle believes of a table, and what the database has, in one form. */
const believed = (table: PgTable) => {
  const config = getTableConfig(table);
  const inKey = new Set(config.primaryKeys.flatMap((one) => one.columns.map((column) => column.name)));
  return {
    columns: config.columns
      .map((column) => {
        const notNull = column.notNull || column.primary || inKey.has(column.name);
        return `${column.name} ${column.getSQLType()}${notNull ? ' NOT NULL' : ''}`;
      })
      .toSorted(),
    keys: [
      ...config.primaryKeys.map((one) => `KEY (${one.columns.map((column) => column.name).join(', ')})`),
      ...config.columns.filter((column) => column.primary).map((column) => `KEY (${column.name})`),
      ...config.uniqueConstraints.map((one) => `UNIQUE (${one.columns.map((column) => column.name).join(', ')})`),
      ...config.indexes.map(({ config: { name, columns, unique, where } }) => {
        const on = columns.map((column) => ('name' in column ? column.name : '?')).join(', ');
        return `${name} (${on})${unique ? ' UNIQUE' : ''}${where === undefined ? '' : ' PARTIAL'}`;
      }),
    ].toSorted(),
  };
};

const COLUMNS = `
  SELECT a.attname || ' ' || format_type(a.atttypid, a.atttypmod) || CASE WHEN c.collname = 'C' THEN ' COLLATE "C"' ELSE '' END
    || CASE WHEN a.attnotnull THEN ' NOT NULL' ELSE '' END AS line
  FROM pg_attribute a LEFT JOIN pg_collation c ON c.oid = a.attcollation AND c.collname <> 'default'
  WHERE a.attrelid = to_regclass($1) AND a.attnum > 0 AND NOT a.attisdropped`;
const KEYS = `
  SELECT CASE WHEN i.indisprimary THEN 'KEY' WHEN k.oid IS NOT NULL THEN 'UNIQUE' ELSE ic.relname END
    || ' (' || (SELECT string_agg(coalesce(a.attname, '?'), ', ' ORDER BY n) FROM unnest(i.indkey::int[]) WITH ORDINALITY AS x (att, n)
        LEFT JOIN pg_attribute a ON a.attrelid = i.indrelid AND a.attnum = x.att) || ')'
    || CASE WHEN i.indisunique AND NOT i.indisprimary AND k.oid IS NULL THEN ' UNIQUE' ELSE '' END
    || CASE WHEN i.indpred IS NOT NULL THEN ' PARTIAL' ELSE '' END AS line
  FROM pg_index i JOIN pg_class ic ON ic.oid = i.indexrelid LEFT JOIN pg_constraint k ON k.conindid = i.indexrelid AND k.contype = 'u'
  WHERE i.indrelid = to_regclass($1)`;

const real = async (client: pg.Client, table: string) => {
  const lines = async (sql: string): Promise<string[]> =>
    (await client.query<{ line: string }>(sql, [table])).rows.map(({ line }) => line).toSorted();
  return { columns: await lines(COLUMNS), keys: await lines(KEYS) };
};

const empty = (): Promise<TestDatabase> => createTestDatabase(postgres.url ?? '', { migrated: false });
const versions = (database: TestDatabase): Promise<number[]> =>
  asSuper(database, async (client) => {
    const { rows } = await client.query<{ version: number }>('SELECT version FROM schema_version ORDER BY version');
    return rows.map(({ version }) => version);
  });

describe.skipIf(postgres.url === undefined)('schema of the site', () => {
  test('the schema of drizzle is the migrated database', async () => {
    await asSuper(await sharedDatabase(), async (client) => {
      for (const table of tables) {
        const name = getTableName(table);
        expect([name, await real(client, name)]).toEqual([name, believed(table)]);
      }
      const { rows } = await client.query<{ tablename: string }>(
        "SELECT tablename FROM pg_tables WHERE schemaname = 'public'",
      );
      expect(rows.map(({ tablename }) => tablename).toSorted()).toEqual(tables.map(getTableName).toSorted());
    });
  });

  test('three replicas that start at once migrate once', async () => {
    const database = await empty();
    const done = await Promise.all([1, 2, 3].map(() => migrate({ url: database.ownerUrl, now })));
    expect(done.map(({ from }) => from).toSorted((a, b) => a - b)).toEqual([0, newest, newest]);
    expect(await versions(database)).toEqual(MIGRATIONS.map(({ version }) => version));
    await database.drop();
  });

  test('a migration that fails changes nothing', async () => {
    const database = await empty();
    await migrate({ url: database.ownerUrl, now });
    const broken = more(99, 1, 'CREATE TABLE half (a integer); SELECT nothing');
    await expect(migrate({ url: database.ownerUrl, now, migrations: broken })).rejects.toThrow(/nothing/);
    expect(await versions(database)).toEqual(MIGRATIONS.map(({ version }) => version));
    await migrate({ url: database.ownerUrl, now, migrations: more(99, 1) });
    expect((await versions(database)).at(-1)).toBe(99);
    await database.drop();
  });

  test('what a newer program only expanded is worked on; what it contracted is refused', async () => {
    const database = await empty();
    await migrate({ url: database.ownerUrl, now, migrations: more(98, newest) });
    await (await openDatabase(database.url)).close();
    expect(await migrate({ url: database.ownerUrl, now })).toEqual({ from: 98, to: 98 });
    await migrate({ url: database.ownerUrl, now, migrations: [...more(98, newest), ...more(99, 99).slice(-1)] });
    const refusal = { code: 'unavailable', details: { reason: 'newer-database', version: 99 } };
    await expect(openDatabase(database.url)).rejects.toMatchObject(refusal);
    await expect(migrate({ url: database.ownerUrl, now })).rejects.toMatchObject(refusal);
    await database.drop();
  });

  test('no plan is compiled for whoever works on a migrated database', async () => {
    const database = await empty();
    const jit = () => withClient({ connectionString: database.url }, async (client) => client.query('SHOW jit'));
    expect((await jit()).rows).toEqual([{ jit: 'on' }]);
    await migrate({ url: database.ownerUrl, now });
    expect((await jit()).rows).toEqual([{ jit: 'off' }]);
    expect(await migrate({ url: database.ownerUrl, now })).toEqual({ from: newest, to: newest });
    await database.drop();
  });

  test('refused: a database without tables, and a role that could walk round the walls', async () => {
    const database = await empty();
    const missing = { code: 'unavailable', details: { reason: 'not-migrated' } };
    await expect(openDatabase(database.url)).rejects.toMatchObject(missing);
    await migrate({ url: database.ownerUrl, now });
    const mighty = { code: 'unavailable', details: { reason: 'role-too-mighty' } };
    await expect(openDatabase(database.ownerUrl)).rejects.toMatchObject(mighty);
    await expect(openDatabase(database.superUrl)).rejects.toMatchObject(mighty);
    await (await openDatabase(database.url)).close();
    await database.drop();
  });
});
