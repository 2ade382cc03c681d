import Database from 'better-sqlite3';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync, zstdCompressSync } from 'node:zlib';
import { afterEach, expect, test } from 'vitest';
import { packInvoice } from '../../server/store/packed-invoice.ts';
import { canariesIn } from './canaries.ts';

const CANARY = 'CANARY-4711';
const folder = mkdtempSync(join(tmpdir(), 'ap-canaries-'));
afterEach(() => rmSync(folder, { recursive: true, force: true }));

/** A database as a station has it: whole, or with a part of it in its write-ahead log. */
function database(path: string, json: string): Database.Database {
  const db = new Database(path);
  db.pragma('journal_mode = WAL');
  db.exec('CREATE TABLE invoice_data (row INTEGER PRIMARY KEY, data BLOB NOT NULL)');
  db.prepare('INSERT INTO invoice_data (data) VALUES (?)').run(packInvoice(json));
  return db;
}

test('what is packed is opened: files, snapshots, and invoices in databases', () => {
  const json = JSON.stringify({ text: 'so that it is worth pressing '.repeat(20), value: CANARY });
  const other = database(join(folder, 'other.db'), json.replace(CANARY, 'another'));
  const open = database(join(folder, 'open.db'), json);
  const whole = database(join(folder, 'whole.db'), json);
  writeFileSync(join(folder, 'snapshot'), zstdCompressSync(whole.serialize()));
  whole.close();
  writeFileSync(join(folder, 'reading'), gzipSync(json));
  writeFileSync(join(folder, 'plain'), json);
  writeFileSync(join(folder, 'abc.png'), 'a page');
  const found = canariesIn(folder, [CANARY], ['abc']).map((path) => path.slice(folder.length + 1));
  other.close();
  open.close();
  expect(found.toSorted()).toEqual(['abc.png', 'open.db', 'plain', 'reading', 'snapshot', 'whole.db']);
});
