/** The database of every schema that was ever released opens, whole (made by scripts/faults/make-old.ts from the programs that wrote them). */
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { randomBytes } from 'node:crypto';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import { unzipSync } from 'fflate';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { createSqliteStore } from './create.ts';
import { openForWriting } from './open.ts';

const FIXTURES = join(import.meta.dirname, 'fixtures');
const LOG =
  'SELECT op_id, device, dev_seq, body, hash, value, reason, salt FROM op_log LEFT JOIN op_value USING (op_id) ORDER BY local_seq';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'fixture-'));
});
afterEach(() => rmSync(folder, { recursive: true }));

function logOf(path: string): unknown[] {
  const db = new Database(path, { readonly: true });
  const rows = db.prepare(LOG).all();
  db.close();
  return rows;
}

/** Tables with their columns, and indexes. */
function shapeOf(path: string): unknown {
  const db = new Database(path, { readonly: true });
  const all = db.prepare("SELECT type, name FROM sqlite_schema WHERE name NOT LIKE 'sqlite_%' ORDER BY name").all();
  const shape = (all as { type: string; name: string }[]).map(({ type, name }) => [
    type,
    name,
    db.pragma(type === 'index' ? `index_xinfo(${name})` : `table_xinfo(${name})`),
  ]);
  db.close();
  return shape;
}

test.each(readdirSync(FIXTURES))('%s has the form of a new database afterwards', async (name) => {
  const path = join(folder, 'old.db');
  writeFileSync(path, unzipSync(readFileSync(join(FIXTURES, name)))['station.db'] ?? '');
  const fresh = join(folder, 'fresh.db');
  for (const one of [path, fresh]) openForWriting(one, new Date().toISOString()).close();
  expect(shapeOf(path)).toEqual(shapeOf(fresh));
});

test.each(readdirSync(FIXTURES))('%s', async (name) => {
  const bytes = unzipSync(readFileSync(join(FIXTURES, name)))['station.db'];
  const path = join(folder, 'own', 'station.db');
  mkdirSync(join(folder, 'own'));
  writeFileSync(path, bytes ?? '');
  const before = logOf(path);
  expect(before.length).toBeGreaterThan(15);
  const { store } = await createSqliteStore({ path, now: Date.now, random: randomBytes });
  try {
    expect((await store.verifyAudit()).problems).toEqual([]);
    const ids = await store.invoiceIds({});
    expect(ids).toHaveLength(3);
    for (const id of ids) expect((await store.opsOf(id)).length).toBeGreaterThan(3);
  } finally {
    await store.close();
  }
  expect(logOf(path)).toEqual(before);
});
