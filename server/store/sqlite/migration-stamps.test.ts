import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { tick } from '../../../core/sync/hlc.ts';
import { MIGRATIONS } from './migrations.ts';
import { openForWriting } from './open.ts';

const NOW = '2026-01-01T00:00:00.000Z';

test('lessons of before get the time of their authors; what the log has no more keeps its own', () => {
  const folder = mkdtempSync(join(tmpdir(), 'migration-stamps-'));
  const path = join(folder, 'station.db');
  const old = openForWriting(
    path,
    NOW,
    MIGRATIONS.slice(
      0,
      MIGRATIONS.findIndex(({ sql }) => sql.includes('ADD COLUMN stamp')),
    ),
  );
  const hlc = tick('', Date.UTC(2025, 4, 6, 7, 8, 9, 12), 'd');
  old.db
    .prepare(
      "INSERT INTO op_log (op_id, device, dev_seq, root, kind, body, hash, received_at, verdict) VALUES ('one', 'd', 1, 'v', 'lesson.learned', ?, '', '', 'accepted')",
    )
    .run(JSON.stringify({ hlc }));
  for (const id of ['one', 'gone'])
    old.db
      .prepare(
        "INSERT INTO lesson (id, vendor, vendor_name, invoice, op_id, actor, learned_at, data) VALUES (?, 'v', '', '', ?, '', ?, '{}')",
      )
      .run(id, id, NOW);
  old.close();
  const { db, close } = openForWriting(path, NOW);
  expect(db.prepare('SELECT id, stamp, learned_at AS at FROM lesson ORDER BY id DESC').all()).toEqual([
    { id: 'one', stamp: `${hlc} one`, at: '2025-05-06T07:08:09.012Z' },
    { id: 'gone', stamp: '', at: NOW },
  ]);
  close();
  rmSync(folder, { recursive: true });
});
