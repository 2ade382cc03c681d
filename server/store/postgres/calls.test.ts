import { sql } from 'drizzle-orm';
import { expect, test } from 'vitest';
import { callsIf, joinCalls } from './calls.ts';
import { createCall, createStatement } from './statement.ts';
import type { Statement } from './connection.ts';

const one = createCall<{ a: string }>((place) => sql`SELECT one(${place('a')}, ${place('a')}::text)`);
const two = createCall<{ b: number }>((place) => sql`SELECT two(${place('b')})`);
const other = createStatement<{ c: string }>((place) => sql`UPDATE x SET c = ${place('c')}`);

const queryOf = (statement: Statement) => {
  if (!('toSQL' in statement)) throw new Error('of these there are none here');
  return statement.toSQL();
};
const sent = (...statements: Statement[]) =>
  joinCalls(statements, queryOf).map(({ query: { sql: text, params }, count }) => [text, params, count]);

test('calls that stand one behind the other are one statement, and nothing else is', () => {
  const both = ['SELECT one($1, $2::text), two($3)', ['a', 'a', 7], 2];
  expect(sent(one({ a: 'a' }), two({ b: 7 }))).toEqual([both]);
  expect(sent(one({ a: 'a' }), two({ b: 7 }), other({ c: 'c' }), two({ b: 8 }))).toEqual([
    both,
    ['UPDATE x SET c = $1', ['c'], 1],
    ['SELECT two($1)', [8], 1],
  ]);
  expect(sent()).toEqual([]);
});

test('calls under a condition are one statement, whose row is missing where it is not so', () => {
  const isSo = createCall<{ d: string }>((place) => sql`SELECT is_so(${place('d')})`);
  expect(sent(callsIf(isSo({ d: 'd' }), [one({ a: 'a' }), two({ b: 7 })]))).toEqual([
    ['SELECT one($1, $2::text), two($3) FROM is_so($4) AS given (is_so) WHERE is_so', ['a', 'a', 7, 'd'], 1],
  ]);
});
