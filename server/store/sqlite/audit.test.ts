import { randomBytes } from 'node:crypto';
import { copyFileSync, mkdirSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { projectionOf } from '../../../core/invoice/summary.ts';
import { createArchive } from '../../../scripts/archive/invoices.ts';
import { auditSqlite, createSqliteStore } from './create.ts';
import type { Sqlite } from './open.ts';
import { createReader } from './reader.ts';

let folder: string;
let pristine: string;
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'audit-'));
  pristine = join(folder, 'pristine.db');
  const { store } = await createSqliteStore({ path: join(folder, 'station.db'), now: Date.now, random: randomBytes });
  const archive = createArchive(3);
  for (let i = 0; i < 20; i += 1) {
    const { ops, invoice, document, at } = archive.next();
    await store.commit({
      ops,
      projections: [{ expect: 0, projection: projectionOf(invoice) }],
      documents: [document],
      jobs: [],
      at,
    });
  }
  await store.backup(pristine);
  await store.close();
});
afterAll(() => rmSync(folder, { recursive: true }));

/** A copy with something done to it behind the station's back. */
async function auditAfter(tamper: (db: Sqlite) => void) {
  const path = join(folder, 'tampered.db');
  for (const suffix of ['', '-wal', '-shm']) rmSync(path + suffix, { force: true });
  copyFileSync(pristine, path);
  const db = new Database(path);
  db.pragma('foreign_keys = OFF');
  tamper(db);
  db.close();
  const reader = createReader(path);
  try {
    return await reader.verifyAudit();
  } finally {
    reader.close();
  }
}

test('a backup is a whole database that verifies', async () => {
  const report = await auditSqlite(pristine);
  expect(report).toMatchObject({ devices: 1, erased: 0, problems: [] });
  expect(report.ops).toBeGreaterThan(20 * 7);
});

test('of a copy that does not succeed nothing is left', () => {
  const target = join(folder, 'in the way');
  mkdirSync(join(target, 'a folder'), { recursive: true });
  const reader = createReader(pristine);
  expect(() => reader.backup(target)).toThrow('EISDIR');
  reader.close();
  expect(readdirSync(folder).filter((name) => name.endsWith('.part'))).toEqual([]);
});

const AT = '(SELECT op_id FROM op_log ORDER BY local_seq LIMIT 1 OFFSET 40)';
const tampers: Record<string, string> = {
  'a letter of a body': `UPDATE op_log SET body = replace(body, '"actor":"local:', '"actor":"local;') WHERE op_id = ${AT}`,
  'a body and its hash': `UPDATE op_log SET hash = printf('%064d', 1) WHERE op_id = ${AT}`,
  'a value': `UPDATE op_value SET value = '999999' WHERE op_id = ${AT}`,
  'a reason': `UPDATE op_value SET reason = 'made up' WHERE op_id = ${AT}`,
  'a content taken away': `DELETE FROM op_value WHERE op_id = ${AT}`,
  'an erasure nobody wrote': `DELETE FROM op_value WHERE op_id = ${AT}; UPDATE op_log SET erased_by = 'nobody' WHERE op_id = ${AT}`,
  'an operation deleted': `DELETE FROM op_log WHERE op_id = ${AT}`,
  'the last operation deleted': 'DELETE FROM op_log WHERE local_seq = (SELECT max(local_seq) FROM op_log)',
  'an operation inserted': `INSERT INTO op_log (op_id, device, dev_seq, root, kind, body, hash, received_at, verdict)
    SELECT 'x', device, dev_seq + 1000, root, kind, body, hash, received_at, verdict FROM op_log WHERE op_id = ${AT}`,
  'two operations in each other’s place': `UPDATE op_log SET local_seq = local_seq + 1000 WHERE op_id = ${AT}`,
  'numbers of a device swapped': `UPDATE op_log SET dev_seq = -1 WHERE dev_seq = 41; UPDATE op_log SET dev_seq = 41 WHERE dev_seq = 42;
    UPDATE op_log SET dev_seq = 42 WHERE dev_seq = -1`,
  'an operation moved to another invoice': `UPDATE op_log SET root = 'elsewhere' WHERE op_id = ${AT}`,
  'another operation made invisible': `UPDATE op_log SET kind = 'comment' WHERE op_id = ${AT}`,
  'a value shown that no operation has': `UPDATE cell_head SET value = '1' WHERE op_id = (SELECT op_id FROM cell_head LIMIT 1)`,
  'a head of nothing': `INSERT INTO cell_head (root, entity, field, op_id, value) VALUES ('x', 'invoice:x', 'grossTotal', 'none', '1')`,
};

test.each(Object.keys(tampers))('found: %s', async (name) => {
  const { problems } = await auditAfter((db) => db.exec(tampers[name] ?? ''));
  expect(problems.length).toBeGreaterThan(0);
});
