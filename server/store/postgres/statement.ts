/** Statements that run for every commit and claim: putting their text together takes longer than sending it, so it is done once. */
import { fillPlaceholders, type Placeholder, type Query, type SQL, sql } from 'drizzle-orm';
import { PgDialect } from 'drizzle-orm/pg-core';
import type { Call, Statement } from './connection.ts';

const dialect = new PgDialect();

/** `text` gets a place for each value, by name. Where the text depends on anything else that changes, it is made anew each time. */
export function createStatement<V extends Record<string, unknown>>(
  text: (place: (name: keyof V & string) => Placeholder) => SQL,
  isKept = true,
): (values: V) => Exclude<Statement, SQL> {
  let query: Query | undefined;
  return (values) => ({
    toSQL() {
      const made = query ?? dialect.sqlToQuery(text((name) => sql.placeholder(name)));
      if (isKept) query = made;
      return { sql: made.sql, params: fillPlaceholders(made.params, values) };
    },
  });
}

/** `SELECT` of one function: calls.ts. */
export function createCall<V extends Record<string, unknown>>(
  text: (place: (name: keyof V & string) => Placeholder) => SQL,
  isKept = true,
): (values: V) => Call {
  const made = createStatement(text, isKept);
  return (values) => ({ ...made(values), isCall: true });
}
