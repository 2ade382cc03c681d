/** Texts and numbers come out as they went in, whatever is in them. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { postgres } from '../testing-postgres.ts';
import { createTestDatabase, type TestDatabase } from '../testing-roles.ts';
import { bigintArray, textArray } from './arrays.ts';

describe.skipIf(postgres.url === undefined)('arrays', () => {
  let database: TestDatabase;
  beforeAll(async () => {
    database = await createTestDatabase(postgres.url ?? '', { migrated: false });
  });
  afterAll(() => database.drop());

  const back = async (sql: string, value: Buffer): Promise<unknown> => {
    const { rows } = await database.pool(1).query<{ value: unknown }>(sql, [value]);
    return rows[0]?.value;
  };
  const texts = (given: (string | null)[]) => back('SELECT to_json($1::text[]) AS value', textArray(given));

  test('texts', async () => {
    const odd = ['', null, 'a', '"{}\\,\n', 'ä€𝄞', 'NULL', 'x'.repeat(70_000), '\uE0FF'];
    expect(await texts(odd)).toEqual(odd);
    expect(await texts([])).toEqual([]);
    expect(await texts(['a\0b', '\uD800'])).toEqual(['ab', '\uFFFD']);
  });
  test('numbers', async () => {
    const numbers = [0, -1, 1, 2 ** 31, Number.MAX_SAFE_INTEGER];
    expect(await back('SELECT to_json($1::bigint[]) AS value', bigintArray(numbers))).toEqual(numbers);
    expect(await back('SELECT to_json($1::bigint[]) AS value', bigintArray([]))).toEqual([]);
  });
});
