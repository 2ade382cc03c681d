import { getTableName } from 'drizzle-orm';
import { getTableConfig, type SQLiteTable } from 'drizzle-orm/sqlite-core';
import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { storageError } from './errors.ts';
import { MIGRATIONS } from './migrations.ts';
import { currentVersion, networkDrive, openForReading, openForWriting, type Sqlite } from './open.ts';
import * as erasure from './schema-erasure.ts';
import * as gone from './schema-gone.ts';
import * as schema from './schema.ts';

const NOW = '2026-01-01T00:00:00.000Z';
let folder: string;
let path: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'schema-'));
  path = join(folder, 'station.db');
});
afterEach(() => rmSync(folder, { recursive: true }));

const names = (rows: readonly unknown[]): string[] => rows.map((row) => (row as { name: string | null }).name ?? '?');

/** What drizzle believes of a table, and what the file has, in one form. */
const believed = (table: SQLiteTable) => {
  const config = getTableConfig(table);
  const key = config.primaryKeys.flatMap((one) => one.columns.map((column) => column.name));
  return {
    columns: config.columns
      .map((column) => {
        const inKey = column.primary || key.includes(column.name);
        return `${column.name} ${column.getSQLType().toUpperCase()}${column.notNull && !inKey ? ' NOT NULL' : ''}${inKey ? ' KEY' : ''}`;
      })
      .toSorted(),
    indexes: config.indexes
      .map(({ config: { name, columns, unique, where } }) => {
        const on = columns.map((column) => ('name' in column ? column.name : '?')).join(', ');
        return `${name} (${on})${unique ? ' UNIQUE' : ''}${where === undefined ? '' : ' PARTIAL'}`;
      })
      .concat(config.uniqueConstraints.map((one) => `UNIQUE (${one.columns.map((column) => column.name).join(', ')})`))
      .toSorted(),
  };
};
const real = (db: Sqlite, table: string) => ({
  columns: (db.pragma(`table_xinfo(${table})`) as { name: string; type: string; notnull: number; pk: number }[])
    .map(({ name, type, notnull, pk }) => `${name} ${type}${notnull && !pk ? ' NOT NULL' : ''}${pk ? ' KEY' : ''}`)
    .toSorted(),
  indexes: (db.pragma(`index_list(${table})`) as { name: string; unique: number; origin: string; partial: number }[])
    .filter((index) => index.origin !== 'pk')
    .map(({ name, unique, origin, partial }) => {
      const on = names(db.pragma(`index_info(${name})`) as unknown[]).join(', ');
      return origin === 'u'
        ? `UNIQUE (${on})`
        : `${name} (${on})${unique ? ' UNIQUE' : ''}${partial ? ' PARTIAL' : ''}`;
    })
    .toSorted(),
});

test('the schema of drizzle is the migrated database', () => {
  const { db, close } = openForWriting(path, NOW);
  const tables = Object.values({ ...schema, ...erasure, ...gone }) as SQLiteTable[];
  for (const table of tables)
    expect([getTableName(table), real(db, getTableName(table))]).toEqual([getTableName(table), believed(table)]);
  const there = names(
    db
      .prepare(
        "SELECT name FROM pragma_table_list WHERE schema = 'main' AND type = 'table' AND name NOT LIKE 'sqlite_%'",
      )
      .all(),
  );
  expect(there.toSorted()).toEqual(tables.map(getTableName).toSorted());
  const loose = db
    .prepare(
      "SELECT name FROM pragma_table_list WHERE schema = 'main' AND type = 'table' AND NOT strict AND name NOT LIKE 'sqlite_%'",
    )
    .all();
  expect(loose).toEqual([]);
  close();
});

test('the pragmas that durability stands on', () => {
  const { db, close } = openForWriting(path, NOW);
  const pragma = (name: string): unknown => db.pragma(name, { simple: true });
  expect(pragma('journal_mode')).toBe('wal');
  expect(pragma('synchronous')).toBe(2);
  expect(pragma('foreign_keys')).toBe(1);
  expect(pragma('busy_timeout')).toBe(5_000);
  expect(pragma('trusted_schema')).toBe(0);
  expect(pragma('cell_size_check')).toBe(1);
  close();
});

test('migrations run once, in order, after a copy of the database', () => {
  openForWriting(path, NOW).close();
  expect(readdirSync(folder)).not.toContain('backups');
  const next = [...MIGRATIONS, { version: 99, name: 'more', sql: 'CREATE TABLE more (a INTEGER) STRICT' }];
  const { db, close } = openForWriting(path, NOW, next);
  expect(currentVersion(db)).toBe(99);
  close();
  const copies = (): string[] => readdirSync(join(folder, 'backups'));
  expect(copies()).toEqual(['station-20260101T000000Z-before-v99.db']);
  const copy = new Database(join(folder, 'backups', copies()[0] ?? ''), { readonly: true });
  expect(currentVersion(copy)).toBe(MIGRATIONS.length);
  copy.close();
  openForWriting(path, NOW, next).close();
  expect(copies()).toHaveLength(1);
});

test('a migration that fails changes nothing', () => {
  openForWriting(path, NOW).close();
  const broken = [
    ...MIGRATIONS,
    { version: 99, name: 'broken', sql: 'CREATE TABLE more (a INTEGER) STRICT; SELECT nothing' },
  ];
  expect(() => openForWriting(path, NOW, broken)).toThrow(/nothing/);
  const { db, close } = openForWriting(path, NOW);
  expect(currentVersion(db)).toBe(MIGRATIONS.length);
  expect(db.prepare("SELECT count(*) FROM sqlite_schema WHERE name = 'more'").pluck().get()).toBe(0);
  close();
});

const refusal = (run: () => unknown): unknown => {
  try {
    run();
  } catch (error) {
    return error;
  }
  return undefined;
};

test('a database of a newer program is refused and left alone', () => {
  const next = [...MIGRATIONS, { version: 99, name: 'more', sql: 'CREATE TABLE more (a INTEGER) STRICT' }];
  openForWriting(path, NOW, next).close();
  const expected = {
    code: 'unavailable',
    message: expect.stringMatching(/newer version.*99/s),
    details: { reason: 'newer-database' },
  };
  expect(refusal(() => openForWriting(path, NOW))).toMatchObject(expected);
  expect(refusal(() => openForReading(path))).toMatchObject(expected);
});

test('two processes cannot work in one folder; a reader may look', () => {
  const first = openForWriting(path, NOW);
  expect(refusal(() => openForWriting(path, NOW))).toMatchObject({
    code: 'unavailable',
    message: expect.stringContaining(folder),
    details: { reason: 'locked' },
  });
  openForReading(path).close();
  first.close();
  openForWriting(path, NOW).close();
});

test('other files are told apart: not a database, or one of another program', () => {
  writeFileSync(path, 'a text that is longer than a header of a database would be, so that it is looked at'.repeat(20));
  expect(refusal(() => openForWriting(path, NOW))).toMatchObject({ code: 'storage', details: { reason: 'corrupt' } });
  const other = new Database(join(folder, 'other.db'));
  other.exec('CREATE TABLE notes (a)');
  other.close();
  expect(refusal(() => openForWriting(join(folder, 'other.db'), NOW))).toMatchObject({
    code: 'storage',
    message: expect.stringContaining('not a database of this program'),
  });
});

test('a full disk is told as such and the transaction leaves nothing', () => {
  const { db, close } = openForWriting(path, NOW);
  db.pragma(`max_page_count = ${Number(db.pragma('page_count', { simple: true })) + 2}`);
  const fill = db.prepare('INSERT INTO settings (key, value) VALUES (?, ?)');
  const run = db.transaction(() => {
    for (let i = 0; i < 100; i += 1) fill.run(`k${i}`, 'x'.repeat(1_000));
  });
  expect(storageError(refusal(run), path)).toMatchObject({ code: 'storage', details: { reason: 'disk-full' } });
  expect(db.prepare('SELECT count(*) FROM settings').pluck().get()).toBe(0);
  db.pragma('max_page_count = 1000000');
  run();
  close();
});

test('network drives are recognised by their file system or their name', () => {
  expect(networkDrive('/data', () => 0x6969)).toBe('NFS');
  expect(networkDrive('/data', () => 0xef53)).toBeUndefined();
  expect(networkDrive(String.raw`\\server\share`, () => 0)).toBe('a network share');
  expect(networkDrive(String.raw`\\?\C:\data`, () => 0)).toBeUndefined();
});
