/** Writes a site's snapshot: a database as a station has it, filled table by table, then pressed. In a thread of its own. */
import { createHash } from 'node:crypto';
import { createReadStream, createWriteStream, rmSync, statSync } from 'node:fs';
import { PassThrough } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { constants, createZstdCompress } from 'node:zlib';
import Database from 'better-sqlite3';
import { syncFile } from './open.ts';
import { migrate } from './open.ts';
import { MIGRATIONS } from './migrations.ts';

export interface SnapshotEnd {
  readonly site: string;
  readonly epoch: number;
  readonly seq: number;
  readonly siteHash: string;
}

export interface PressedSnapshot {
  readonly path: string;
  readonly sha256: string;
  readonly size: number;
  readonly databaseSize: number;
  readonly databaseVersion: number;
}

export type SnapshotFile = ReturnType<typeof createSnapshotFile>;

/** Most of it is pressed already, by invoice: more effort costs seconds and saves little. */
const LEVEL = 1;

/** Of this station alone, or kept by SQLite itself. */
const NOT_CARRIED = /^(?:sqlite_|invoice_search_|schema_version$)/;

export function createSnapshotFile(path: string, now: string) {
  for (const old of [path, `${path}-journal`, `${path}-wal`]) rmSync(old, { force: true });
  const db = new Database(path);
  migrate(db, path, now);
  // Nobody else sees it before it is whole; where the machine stops it is made again.
  for (const setting of ['journal_mode = OFF', 'synchronous = OFF', 'cache_size = -131072', 'foreign_keys = OFF'])
    db.pragma(setting);
  const indexes = db.prepare("SELECT name, sql FROM sqlite_schema WHERE type = 'index' AND sql IS NOT NULL").all() as {
    name: string;
    sql: string;
  }[];
  // Made over all rows at the end, in order.
  for (const { name } of indexes) db.exec(`DROP INDEX ${name}`);
  const tables = db.prepare("SELECT name FROM sqlite_schema WHERE type = 'table'").pluck().all() as string[];
  const columns = Object.fromEntries(
    tables
      .filter((name) => !NOT_CARRIED.test(name))
      .map((name) => [name, (db.pragma(`table_info(${name})`) as { name: string }[]).map((one) => one.name)]),
  );
  const inserts = new Map<string, Database.Statement>();
  const search = db.prepare('INSERT INTO invoice_search (rowid, text) VALUES (?, ?)');
  let isOpen = true;
  db.exec('BEGIN');

  function insertInto(table: string): Database.Statement {
    const known = inserts.get(table);
    if (known !== undefined) return known;
    const names = columns[table];
    if (names === undefined) throw new Error(`no table ${table}`);
    // What two rows of the site say of one key (a signed head) is the same.
    const made = db.prepare(
      `INSERT OR REPLACE INTO ${table} (${names.join(', ')}) VALUES (${names.map(() => '?').join(', ')})`,
    );
    inserts.set(table, made);
    return made;
  }
  function indexed(rows: readonly (readonly unknown[])[]): void {
    const [row, text] = [columns['invoices']?.indexOf('row') ?? 0, columns['invoices']?.indexOf('search') ?? 0];
    for (const values of rows) search.run(values[row], values[text]);
  }
  function closeFile(): void {
    if (!isOpen) return;
    isOpen = false;
    db.close();
  }

  return {
    columns: () => columns,
    add(table: string, rows: readonly (readonly unknown[])[]): void {
      const insert = insertInto(table);
      for (const values of rows) insert.run(...values);
      if (table === 'invoices') indexed(rows);
    },
    finish({ site, epoch, seq, siteHash }: SnapshotEnd): void {
      db.prepare('INSERT INTO sync_state (site, epoch, cursor, site_hash) VALUES (?, ?, ?, ?)').run(
        site,
        epoch,
        seq,
        siteHash,
      );
      db.exec("INSERT INTO invoice_search (invoice_search) VALUES ('optimize')");
      db.exec('COMMIT');
      for (const { sql } of indexes) db.exec(sql);
      db.exec('ANALYZE');
      closeFile();
    },
    async press(target: string): Promise<PressedSnapshot> {
      const hash = createHash('sha256');
      const press = createZstdCompress({ params: { [constants.ZSTD_c_compressionLevel]: LEVEL } });
      const hashed = new PassThrough().on('data', (chunk: Buffer) => hash.update(chunk));
      await pipeline(createReadStream(path, { highWaterMark: 1 << 20 }), press, hashed, createWriteStream(target));
      syncFile(target);
      return {
        path: target,
        sha256: hash.digest('hex'),
        size: statSync(target).size,
        databaseSize: statSync(path).size,
        databaseVersion: MIGRATIONS.at(-1)?.version ?? 0,
      };
    },
    close: closeFile,
  };
}
