/**
 * Many rows in one statement with one parameter: the rows as JSON, which both sides read quickly. (A list of values has a parameter for each, and building it took
 * longer than everything else of a commit.)
 */
import { getTableColumns, type SQL, type SQLChunk, sql } from 'drizzle-orm';
import type { PgTable } from 'drizzle-orm/pg-core';
import { wellFormed } from '../../../core/sync/canonical.ts';
import type { Statement } from './connection.ts';
import { createStatement } from './statement.ts';
import { withoutNul } from './text.ts';

type Insert<T extends PgTable> = T['$inferInsert'];

interface Shape {
  /** Property of a row -> name in the database. */
  readonly names: readonly (readonly [string, string])[];
  /** One for each way to go on where a row is there. */
  readonly statements: WeakMap<SQL, (values: { json: string }) => Statement>;
  readonly text: (json: SQLChunk, tail: SQL) => SQL;
}
const shapes = new WeakMap<PgTable, Map<string, Shape>>();

/** The same few shapes come again and again. */
function shapeOf(table: PgTable, keys: readonly string[]): Shape {
  const known = shapes.get(table) ?? new Map<string, Shape>();
  shapes.set(table, known);
  const key = keys.join();
  const found = known.get(key);
  if (found !== undefined) return found;
  const columns = keys.map((name) => {
    const column = getTableColumns(table)[name];
    if (column === undefined) throw new Error(`no column ${name}`);
    return { name, column };
  });
  const list = columns.map(({ column }) => `"${column.name}"`).join(', ');
  const types = columns.map(({ column }) => `"${column.name}" ${column.getSQLType().replace(' COLLATE "C"', '')}`);
  const shape: Shape = {
    names: columns.map(({ name, column }) => [name, column.name] as const),
    statements: new WeakMap(),
    text: (json, tail) =>
      sql`INSERT INTO ${table} ${sql.raw(`(${list}) SELECT ${list} FROM json_to_recordset(`)}${json}${sql.raw(`::json) AS r (${types.join(', ')})`)} ${tail}`,
  };
  known.set(key, shape);
  return shape;
}

const PLAIN = sql``;

/** All rows have the properties of the first. `tail`: what to do where a row is there; always the same object, as its text is made once. */
export function insertRows<T extends PgTable>(table: T, rows: readonly Insert<T>[], tail: SQL = PLAIN): Statement {
  const keys = Object.keys(rows[0] ?? {});
  const shape = shapeOf(table, keys);
  const records = (rows as readonly Record<string, unknown>[]).map((row) =>
    Object.fromEntries(shape.names.map(([name, column]) => [column, row[name] ?? null])),
  );
  const statement =
    shape.statements.get(tail) ?? createStatement<{ json: string }>((place) => shape.text(place('json'), tail));
  shape.statements.set(tail, statement);
  return statement({ json: jsonOf(records) });
}

/** Neither a NUL nor a lone surrogate has a form that the database takes, not even deep inside what it keeps as JSON. */
const ODD = /\\u0000|\\ud/;
const plain = (_key: string, value: unknown): unknown =>
  typeof value === 'string' ? wellFormed(withoutNul(value)) : value;

export function jsonOf(records: readonly Record<string, unknown>[]): string {
  const json = JSON.stringify(records);
  return ODD.test(json) ? JSON.stringify(records, plain) : json;
}
