/** A database that a station begins with: which table comes from where. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { JOINED_TABLES } from './join.ts';
import { openForWriting } from './open.ts';

test('every table is the site’s, the station’s, or of both: a new one has to be put in its place', () => {
  const folder = mkdtempSync(join(tmpdir(), 'join-'));
  const { db, close } = openForWriting(join(folder, 'station.db'), '2026-01-01T00:00:00.000Z');
  const tables = db
    .prepare(
      "SELECT name FROM pragma_table_list WHERE schema = 'main' AND type IN ('table', 'virtual') AND name NOT LIKE 'sqlite_%'",
    )
    .pluck()
    .all() as string[];
  close();
  rmSync(folder, { recursive: true });
  expect(new Set(JOINED_TABLES)).toEqual(new Set(tables));
});
