import { copyFileSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import { afterAll, expect, test } from 'vitest';
import { isLogCut } from './log-cut.ts';

const folder = mkdtempSync(join(tmpdir(), 'log-cut-'));
afterAll(() => rmSync(folder, { recursive: true }));

/** Copies of a database at work, with what stands in its log changed. */
function copyOf(name: string, change: (log: Buffer) => Buffer): string {
  const [from, to] = [join(folder, `${name}-at-work.db`), join(folder, `${name}.db`)];
  const db = new Database(from);
  db.pragma('journal_mode = WAL');
  db.exec('CREATE TABLE t (x)');
  for (let x = 0; x < 20; x += 1) db.prepare('INSERT INTO t VALUES (?)').run(x);
  copyFileSync(from, to);
  writeFileSync(`${to}-wal`, change(readFileSync(`${from}-wal`)));
  db.close();
  return to;
}

test('a log that is damaged before its last commit is cut, a whole one or one that ends in the middle of a write is not', () => {
  expect(isLogCut(copyOf('whole', (log) => log))).toBe(false);
  expect(isLogCut(copyOf('torn', (log) => log.subarray(0, -1_000)))).toBe(false);
  const damaged = copyOf('damaged', (log) => {
    log.fill(7, 5_000, 5_008);
    return log;
  });
  expect(isLogCut(damaged)).toBe(true);
});
