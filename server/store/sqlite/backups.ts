/** Copies of the database: made where something has changed since the last one, verified, thinned out. Runs on the scanner's thread. */
import { mkdirSync, readdirSync, rmSync, statfsSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { AppError } from '../../../core/contract/errors.ts';
import { copyDatabase, openForReading, type Sqlite } from './open.ts';
import { type Copy, copyName, copyOf, toRemove } from './retention.ts';

export interface BackupWish {
  readonly folder: string;
  /** ISO instant. */
  readonly now: string;
  /** A newer copy than this is new enough. */
  readonly minAgeMs: number;
  /** A larger database is left to a time when nobody waits. */
  readonly maxBytes?: number;
  /** Reads the copy again and verifies every operation in it; only then older copies are removed. */
  readonly verify: boolean;
}

export type BackupOutcome =
  | { readonly kind: 'unchanged' | 'recent' | 'large'; readonly newest: string | null }
  | {
      readonly kind: 'made';
      readonly at: string;
      readonly path: string;
      readonly bytes: number;
      readonly removed: number;
      readonly problems: number | null;
    };

/** Left free for the work itself. */
const RESERVE_BYTES = 256 * 1024 * 1024;

/** What nothing but the database has: operations, batches, settings. All else is made of them, or of no interest tomorrow. */
const MARK = `SELECT (SELECT coalesce(max(local_seq), 0) FROM op_log) AS ops, (SELECT coalesce(max(number), 0) FROM export_batch) AS batches,
  (SELECT group_concat(value) FROM settings) AS settings`;

const mark = (db: Sqlite): string => JSON.stringify(db.prepare(MARK).get());

export function listCopies(folder: string): Copy[] {
  return readdirSync(folder)
    .flatMap((name) => copyOf(name, statSync(join(folder, name)).size) ?? [])
    .toSorted((a, b) => (a.at < b.at ? 1 : -1));
}

/** A copy that cannot be opened counts as none. */
function isSame(db: Sqlite, path: string): boolean {
  try {
    const copy = openForReading(path);
    try {
      return mark(copy.db) === mark(db);
    } finally {
      copy.close();
    }
  } catch {
    return false;
  }
}

export async function makeBackup(
  db: Sqlite,
  wish: BackupWish,
  problemsOf: (path: string) => Promise<number>,
): Promise<BackupOutcome> {
  const { folder, now, minAgeMs, maxBytes = Number.POSITIVE_INFINITY, verify } = wish;
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  for (const name of readdirSync(folder)) if (name.endsWith('.part')) rmSync(join(folder, name), { force: true });
  const newest = listCopies(folder).find((copy) => !copy.beforeMigration);
  const age = newest === undefined ? Number.POSITIVE_INFINITY : Date.parse(now) - Date.parse(newest.at);
  // A clock that was set back must not stop the copies.
  if (age >= 0 && age < minAgeMs) return { kind: 'recent', newest: newest?.at ?? null };
  if (newest !== undefined && isSame(db, join(folder, newest.name))) return { kind: 'unchanged', newest: newest.at };
  const size = Number(db.pragma('page_count', { simple: true })) * Number(db.pragma('page_size', { simple: true }));
  if (size > maxBytes) return { kind: 'large', newest: newest?.at ?? null };
  refuseFullDisk(folder, size);

  const path = join(folder, copyName(now));
  copyDatabase(db, path);
  const problems = verify ? await problemsOf(path) : null;
  // Where the newest is not known to be good, the older ones may be the better ones.
  const doomed = problems === 0 ? toRemove(listCopies(folder), freeBytes(folder)) : [];
  for (const copy of doomed) rmSync(join(folder, copy.name), { force: true });
  return { kind: 'made', at: now, path, bytes: statSync(path).size, removed: doomed.length, problems };
}

/** A new copy in the place of every older one: those hold what was erased since. Undefined where the new one does not verify: then the older ones may be the better ones. */
export async function replaceBackups(
  db: Sqlite,
  wish: Pick<BackupWish, 'folder' | 'now'>,
  problemsOf: (path: string) => Promise<number>,
): Promise<number | undefined> {
  const { folder, now } = wish;
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  for (const name of readdirSync(folder)) if (name.endsWith('.part')) rmSync(join(folder, name), { force: true });
  const older = listCopies(folder);
  if (older.length === 0) return 0;
  const name = copyName(now);
  copyDatabase(db, join(folder, name));
  if ((await problemsOf(join(folder, name))) > 0) return undefined;
  const doomed = older.filter((copy) => copy.name !== name);
  for (const copy of doomed) rmSync(join(folder, copy.name), { force: true });
  return doomed.length;
}

function freeBytes(folder: string): number {
  const { bavail, bsize } = statfsSync(folder);
  return bavail * bsize;
}

function refuseFullDisk(folder: string, size: number): void {
  if (freeBytes(folder) >= size + RESERVE_BYTES) return;
  throw new AppError(
    'storage',
    `There is no room for a copy of the database in ${folder} (${Math.ceil(size / 1e6)} MB). Free some space.`,
    { reason: 'disk-full', path: folder },
  );
}
