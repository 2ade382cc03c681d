/** Opens the database file: lock, kind of drive, pragmas, migrations. */
import Database from 'better-sqlite3';
import {
  closeSync,
  copyFileSync,
  fsyncSync,
  linkSync,
  mkdirSync,
  openSync,
  renameSync,
  rmSync,
  statfsSync,
} from 'node:fs';
import { dirname, join } from 'node:path';
import { AppError } from '../../../core/contract/errors.ts';
import { backupFolder } from '../../folders.ts';
import { damagedError, refuseDamaged } from './damage.ts';
import { storageError } from './errors.ts';
import { MIGRATIONS, type Migration } from './migrations.ts';
import { copyName } from './retention.ts';

export type Sqlite = Database.Database;

/** 'APIS' in ASCII: tells the station's databases from other SQLite files. */
const APPLICATION_ID = 0x41504953;

/** File systems (statfs magic) on which SQLite's locks and fsync cannot be relied on. */
const NETWORK_DRIVES: Readonly<Record<number, string>> = {
  0x6969: 'NFS',
  0x517b: 'SMB',
  0xff534d42: 'CIFS',
  0xfe534d42: 'SMB2',
  0x5346414f: 'AFS',
  0x73757245: 'Coda',
};

/** Name of the network file system that `folder` is on, if it is on one. */
export function networkDrive(folder: string, fileSystem: (folder: string) => number): string | undefined {
  if (/^[\\/]{2}[^\\/?.]/.test(folder)) return 'a network share';
  return NETWORK_DRIVES[fileSystem(folder)];
}

function refuseNetworkDrive(folder: string): void {
  const drive = networkDrive(folder, (path) => statfsSync(path).type);
  if (drive === undefined) return;
  throw new AppError(
    'storage',
    `The data folder ${folder} is on ${drive}, where "saved" cannot be guaranteed. Choose a folder on a local disk.`,
    { reason: 'network-drive', path: folder },
  );
}

/**
 * One process per data folder. The lock is the operating system's, held by an open transaction on a file of its own, so that it ends with the process
 * however that ends.
 */
export function lock(path: string): Sqlite {
  const held = new Database(`${path}.lock`, { timeout: 0 });
  try {
    held.pragma('locking_mode = EXCLUSIVE');
    held.exec('BEGIN EXCLUSIVE');
    return held;
  } catch (error) {
    held.close();
    const code = error instanceof Database.SqliteError ? error.code : '';
    if (!code.startsWith('SQLITE_BUSY')) throw storageError(error, path);
    throw new AppError(
      'unavailable',
      `The data folder ${dirname(path)} is in use by another AP Intake Station. Close that one, or choose another folder.`,
      { reason: 'locked', path: dirname(path) },
    );
  }
}

function connect(path: string, readonly: boolean): Sqlite {
  const db = new Database(path, { readonly, timeout: 5_000 });
  try {
    if (!readonly) {
      db.pragma('journal_mode = WAL');
      // better-sqlite3's default NORMAL does no fsync per commit in WAL mode: "saved" has to mean on disk.
      db.pragma('synchronous = FULL');
      // What is deleted is overwritten: an erasure leaves nothing in free places of the file (docs/erasure.md).
      db.pragma('secure_delete = ON');
    }
    db.pragma('foreign_keys = ON');
    db.pragma('trusted_schema = OFF');
    db.pragma('cell_size_check = ON');
    return db;
  } catch (error) {
    db.close();
    throw error;
  }
}

export function currentVersion(db: Sqlite): number {
  const has = db.prepare("SELECT count(*) FROM sqlite_schema WHERE name = 'schema_version'").pluck().get();
  return has === 0 ? 0 : Number(db.prepare('SELECT coalesce(max(version), 0) FROM schema_version').pluck().get());
}

function refuseForeign(db: Sqlite, path: string, known: number): void {
  const tables = db.prepare('SELECT name FROM sqlite_schema').pluck().all();
  if (tables.length > 0 && db.pragma('application_id', { simple: true }) !== APPLICATION_ID) {
    // Ours all the same, with another first page than it was given.
    if (tables.includes('op_log')) throw damagedError(path, 'application id');
    throw new AppError('storage', `${path} is not a database of this program. Choose another data folder.`, { path });
  }
  const version = currentVersion(db);
  if (version > known) {
    throw new AppError(
      'unavailable',
      `${path} was written by a newer version of this program (database version ${version}, this one knows ${known}). Install the newer version.`,
      { reason: 'newer-database', version, known, path },
    );
  }
}

/** A copy that is complete or does not exist: written beside, synced, renamed. Half of one would keep the last room on a full disk. */
export function copyDatabase(db: Sqlite, target: string): void {
  const temporary = `${target}.part`;
  rmSync(temporary, { force: true });
  try {
    db.prepare('VACUUM INTO ?').run(temporary);
    syncFile(temporary);
    renameSync(temporary, target);
  } catch (error) {
    rmSync(temporary, { force: true });
    throw error;
  }
  if (process.platform !== 'win32') syncFile(dirname(target));
}

export function syncFile(path: string): void {
  const file = openSync(path, process.platform === 'win32' ? 'r+' : 'r');
  try {
    fsyncSync(file);
  } finally {
    closeSync(file);
  }
}

/** `keep`: makes a copy of what is brought up. */
export function migrate(
  db: Sqlite,
  path: string,
  now: string,
  migrations: readonly Migration[] = MIGRATIONS,
  keep: typeof copyBefore = copyBefore,
): void {
  refuseForeign(db, path, migrations.at(-1)?.version ?? 0);
  const from = currentVersion(db);
  const pending = migrations.filter((migration) => migration.version > from);
  if (pending.length === 0) return;
  if (from > 0) keep(db, path, now, pending.at(-1)?.version ?? from);
  const run = db.transaction(() => {
    db.exec(
      'CREATE TABLE IF NOT EXISTS schema_version (version INTEGER PRIMARY KEY, name TEXT NOT NULL, applied_at TEXT NOT NULL) STRICT',
    );
    const record = db.prepare('INSERT INTO schema_version (version, name, applied_at) VALUES (?, ?, ?)');
    for (const { version, name, sql } of pending) {
      db.exec(sql);
      record.run(version, name, now);
    }
    db.pragma(`application_id = ${APPLICATION_ID}`);
    // Nothing was ever deleted from it otherwise (erasure-rows.ts).
    if (from === 0) db.pragma('user_version = 1');
  });
  run.immediate();
}

function copyBefore(db: Sqlite, path: string, now: string, version: number): void {
  const folder = backupFolder(path);
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  copyDatabase(db, join(folder, copyName(now, version)));
}

export interface OpenDatabase {
  readonly db: Sqlite;
  readonly close: () => void;
}

/** Holds the lock of its data folder. */
export interface WritableDatabase extends OpenDatabase {
  /**
   * Keeps it as a copy, closes it, puts the file in its place and opens that. Nobody else may have it open, and it has no write-ahead log. Throws where it stays open;
   * `failure`: it is closed, and what is open is what stands in its place now.
   */
  readonly replace: (file: string) => { readonly next: WritableDatabase; readonly failure?: unknown };
}

/** Beside the copies from before a migration, and kept as long. */
function keepAside(path: string, now: string, version: number): string {
  const folder = backupFolder(path);
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  const copy = join(folder, copyName(now, version));
  rmSync(copy, { force: true });
  try {
    linkSync(path, copy);
  } catch {
    // A drive that has no links.
    copyFileSync(path, copy);
  }
  syncFile(copy);
  return copy;
}

/** `copy`: of what stands there. */
function takePlace(file: string, path: string, copy: string): { readonly failure?: unknown } {
  try {
    renameSync(file, path);
  } catch (failure) {
    // It may be the same file by another name, which is written on.
    rmSync(copy, { force: true });
    return { failure };
  }
  try {
    if (process.platform !== 'win32') syncFile(dirname(path));
    return {};
  } catch (failure) {
    return { failure };
  }
}

function currentVersionOf(file: string): number {
  const db = new Database(file, { readonly: true });
  try {
    return currentVersion(db);
  } finally {
    db.close();
  }
}

/** The one connection that writes; holds the data folder's lock until it is closed. */
export function openForWriting(
  path: string,
  now: string,
  migrations: readonly Migration[] = MIGRATIONS,
): WritableDatabase {
  mkdirSync(dirname(path), { recursive: true, mode: 0o700 });
  refuseNetworkDrive(dirname(path));
  refuseDamaged(path);
  return openUnder(lock(path), path, now, migrations);
}

function openUnder(held: Sqlite, path: string, now: string, migrations: readonly Migration[]): WritableDatabase {
  let db: Sqlite | undefined;
  try {
    const opened = connect(path, false);
    db = opened;
    migrate(opened, path, now, migrations);
    return {
      db: opened,
      close() {
        opened.close();
        held.close();
      },
      replace(file) {
        const copy = keepAside(path, now, currentVersionOf(file));
        opened.close();
        const taken = takePlace(file, path, copy);
        return { ...taken, next: openUnder(held, path, now, migrations) };
      },
    };
  } catch (error) {
    db?.close();
    held.close();
    throw storageError(error, path);
  }
}

/** For scans, the audit and backups. Takes no lock: a running station can be audited from outside. */
export function openForReading(path: string): OpenDatabase {
  let db: Sqlite | undefined;
  try {
    const opened = connect(path, true);
    db = opened;
    refuseForeign(opened, path, MIGRATIONS.at(-1)?.version ?? 0);
    return { db: opened, close: () => opened.close() };
  } catch (error) {
    db?.close();
    throw storageError(error, path);
  }
}
