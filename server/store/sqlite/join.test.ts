/** A database that a station begins with: which table comes from where. */
import { existsSync, mkdtempSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, expect, test } from 'vitest';
import { backupFolder } from '../../folders.ts';
import { JOINED_TABLES } from './join.ts';
import { openForWriting } from './open.ts';
import { createWriter, type Writer } from './writer.ts';

const NOW = '2026-01-01T00:00:00.000Z';
const folders: string[] = [];
const folderIn = (place: string): string => {
  const made = mkdtempSync(join(place, 'join-'));
  folders.push(made);
  return made;
};
afterEach(() => {
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true, force: true });
});

/** A writer as its thread keeps it, and a file that could take the place of its database. */
function station(filePlace = tmpdir()) {
  const path = join(folderIn(tmpdir()), 'station.db');
  const file = join(folderIn(filePlace), 'snapshot.db');
  openForWriting(file, NOW).close();
  const options = { path, device: 'd', nowMs: Date.parse(NOW), recover: false };
  const held: { writer?: Writer } = {};
  held.writer = createWriter(options, {
    replaced(next) {
      held.writer = createWriter(options, { opened: next });
    },
  });
  const writer = (): Writer => held.writer as Writer;
  const take = () => writer().join({ file, site: 's', epoch: 1, seq: 1, siteHash: '0'.repeat(64) });
  return { path, writer, take };
}
/** What is kept of the site in it: written, and read by whoever opens it next. */
function stillWrites({ path, writer }: ReturnType<typeof station>): void {
  writer().syncBegin('other', 7);
  writer().close();
  const { db, close } = openForWriting(path, NOW);
  expect(db.prepare('SELECT site, epoch FROM sync_state').all()).toEqual([{ site: 'other', epoch: 7 }]);
  expect(db.pragma('journal_mode', { simple: true })).toBe('wal');
  close();
}
const SHM = '/dev/shm';
const hasOtherDrive = existsSync(SHM) && statSync(SHM).dev !== statSync(tmpdir()).dev;

test('where what it was cannot be kept, it goes on as it was', () => {
  const made = station();
  writeFileSync(backupFolder(made.path), 'in the way');
  expect(made.take).toThrow('EEXIST');
  stillWrites(made);
});

test.skipIf(!hasOtherDrive)('where the file cannot take its place, it goes on as it was', () => {
  const made = station(SHM);
  expect(made.take).toThrow('EXDEV');
  // It would be the database itself by another name.
  expect(readdirSync(backupFolder(made.path))).toEqual([]);
  stillWrites(made);
});

test('the file takes its place, and what it was is kept', () => {
  const made = station();
  expect(made.take()).toBe('joined');
  expect(readdirSync(backupFolder(made.path))).toHaveLength(1);
  expect(made.writer().syncPosition('s')).toMatchObject({ epoch: 1, cursor: 1 });
  made.writer().close();
});

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
