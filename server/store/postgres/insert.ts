/**
 * Many rows in one statement with one parameter: the rows as JSON, which both sides read quickly. (A list of values has a parameter for each, and building it took
 * longer than everything else of a commit.)
 */
import { getTableColumns, type SQL, sql } from 'drizzle-orm';
import type { PgTable } from 'drizzle-orm/pg-core';
import { wellFormed } from '../../../core/sync/canonical.ts';
import { withoutNul } from './text.ts';

type Insert<T extends PgTable> = T['$inferInsert'];

interface Shape {
  /** Property of a row -> name in the database. */
  readonly names: readonly (readonly [string, string])[];
  readonly head: SQL;
  readonly record: SQL;
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
    head: sql.raw(`(${list}) SELECT ${list} FROM json_to_recordset(`),
    record: sql.raw(`::json) AS r (${types.join(', ')})`),
  };
  known.set(key, shape);
  return shape;
}

/** All rows have the properties of the first. `tail`: what to do where a row is there. */
export function insertRows<T extends PgTable>(table: T, rows: readonly Insert<T>[], tail: SQL = sql``): SQL {
  const keys = Object.keys(rows[0] ?? {});
  const shape = shapeOf(table, keys);
  const records = (rows as readonly Record<string, unknown>[]).map((row) =>
    Object.fromEntries(shape.names.map(([name, column]) => [column, row[name] ?? null])),
  );
  return sql`INSERT INTO ${table} ${shape.head}${jsonOf(records)}${shape.record} ${tail}`;
}

/** Neither a NUL nor a lone surrogate has a form that the database takes, not even deep inside what it keeps as JSON. */
const ODD = /\\u0000|\\ud/;
const plain = (_key: string, value: unknown): unknown =>
  typeof value === 'string' ? wellFormed(withoutNul(value)) : value;

export function jsonOf(records: readonly Record<string, unknown>[]): string {
  const json = JSON.stringify(records);
  return ODD.test(json) ? JSON.stringify(records, plain) : json;
}
