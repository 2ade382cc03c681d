import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { headsOfOldLog, OLD_LOG, supersededInOldLog } from '../testing-old-log.ts';
import { MIGRATIONS } from './migrations.ts';
import { openForWriting } from './open.ts';

const NOW = '2026-01-01T00:00:00.000Z';

test('heads of before are made again for each root, and what may be in conflict is shown again', () => {
  const folder = mkdtempSync(join(tmpdir(), 'migration-heads-'));
  const path = join(folder, 'station.db');
  const old = openForWriting(path, NOW, MIGRATIONS.slice(0, 5));
  for (const [at, { value, verdict, ...op }] of OLD_LOG.entries()) {
    old.db
      .prepare(
        "INSERT INTO op_log (op_id, device, dev_seq, root, kind, body, hash, received_at, verdict) VALUES (?, 'd', ?, ?, ?, ?, '', '', ?)",
      )
      .run(op.op_id, at + 1, op.root, op.kind, JSON.stringify(op), verdict);
    old.db.prepare("INSERT INTO op_value (op_id, value, salt) VALUES (?, ?, '')").run(op.op_id, value);
  }
  // As the version before left them: the other root took the heads.
  old.db.exec("INSERT INTO cell_head (entity, field, op_id, value) VALUES ('line:l', 'a', 'op7', 'f')");
  for (const id of ['mine', 'quiet'])
    old.db
      .prepare(
        `INSERT INTO invoices (id, revision, state, status, created_at, updated_at, document_sha, sort_vendor, sort_number, sort_issued, sort_due,
           sort_gross, attention, search, summary) VALUES (?, 1, '', '', '', '', '', '', '', '', '', 0, 0, '', '{}')`,
      )
      .run(id);
  old.close();

  const { db, close } = openForWriting(path, NOW);
  const rows = (sql: string): unknown[] => db.prepare(sql).pluck().all();
  expect(
    rows("SELECT root || ' ' || entity || ' ' || field || ' ' || op_id || ' ' || ifnull(value, 'null') FROM cell_head"),
  ).toEqual(headsOfOldLog().toSorted());
  expect(rows("SELECT root || ' ' || entity || ' ' || field || ' ' || op_id || ' ' || count FROM superseded")).toEqual(
    supersededInOldLog().toSorted(),
  );
  expect(rows("SELECT root FROM job WHERE name = 'refresh' AND state = 'waiting'")).toEqual(['mine']);
  expect(rows('SELECT id FROM job')[0]).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-a[0-9a-f]{3}-[0-9a-f]{12}$/);
  close();
  rmSync(folder, { recursive: true });
});
