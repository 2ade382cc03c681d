/** Whether bytes that must not be anywhere are anywhere: in the files of a folder and in every row of a database, whatever is packed there opened. */
import Database from 'better-sqlite3';
import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { gunzipSync, zstdDecompressSync } from 'node:zlib';
import type pg from 'pg';
import { contentTag } from '../../server/store/content-tag.ts';
import { unpackInvoice } from '../../server/store/packed-invoice.ts';

const PACKED = [
  { magic: Buffer.from([0x1f, 0x8b]), open: (bytes: Buffer): Buffer => gunzipSync(bytes) },
  // Snapshots.
  { magic: Buffer.from([0x28, 0xb5, 0x2f, 0xfd]), open: (bytes: Buffer): Buffer => zstdDecompressSync(bytes) },
];
const SQLITE = 'SQLite format 3\0';
/** Of a database's header: whether it is to be read with a log beside it. */
const [WRITE_VERSION, READ_VERSION] = [18, 19];

/** Something else may begin alike. */
function tried(open: (bytes: Buffer) => Buffer, bytes: Buffer): Buffer {
  try {
    return open(bytes);
  } catch {
    return bytes;
  }
}

function opened(bytes: Buffer): Buffer {
  const how = PACKED.find(({ magic }) => bytes.subarray(0, magic.length).equals(magic));
  return how === undefined ? bytes : tried(how.open, bytes);
}

/** As it stands there, and what it is when it is unpacked. */
const has = (canaries: readonly string[], bytes: Buffer): boolean => canaries.some((canary) => bytes.includes(canary));
const hasPacked = (canaries: readonly string[], bytes: Buffer): boolean =>
  has(canaries, bytes) || has(canaries, tried(unpackInvoice, bytes));

/** Invoices lie deflated in a station's database, and in a snapshot, which is one. */
function openDatabase(path: string, bytes: Buffer): Database.Database {
  if (existsSync(`${path}-wal`)) return new Database(path, { readonly: true, timeout: 5_000 });
  const alone = Buffer.from(bytes);
  alone[WRITE_VERSION] = 1;
  alone[READ_VERSION] = 1;
  return new Database(alone);
}

function packedIn(path: string, bytes: Buffer): Buffer[] {
  if (bytes.toString('latin1', 0, SQLITE.length) !== SQLITE) return [];
  const db = openDatabase(path, bytes);
  try {
    const isThere = db.prepare("SELECT 1 FROM sqlite_schema WHERE name = 'invoice_data'").get() !== undefined;
    return isThere ? (db.prepare('SELECT data FROM invoice_data').pluck().all() as Buffer[]) : [];
  } finally {
    db.close();
  }
}

/** What stands unpacked behind a packed invoice, and is its content's alone: where it is, the packed one is too, be it in a place that nobody uses any more. */
export function packedCanary(folder: string, invoice: string): string {
  const path = join(folder, 'own', 'station.db');
  const db = new Database(path, { readonly: true, timeout: 5_000 });
  try {
    const sql = 'SELECT d.data FROM invoice_data d JOIN invoices i ON i.row = d.row WHERE i.id = ?';
    return contentTag(unpackInvoice(db.prepare(sql).pluck().get(invoice) as Buffer));
  } finally {
    db.close();
  }
}

/** Where they are; also under the names of these blobs. Database files with their write-ahead logs, copies, blobs, pictures, logs. */
export function canariesIn(folder: string, canaries: readonly string[], blobs: readonly string[]): string[] {
  const found: string[] = [];
  for (const name of readdirSync(folder, { recursive: true }) as string[]) {
    const path = join(folder, name);
    if (!(statSync(path, { throwIfNoEntry: false })?.isFile() ?? false)) continue;
    const isNamed = blobs.some((blob) => name.includes(blob));
    const bytes = opened(readFileSync(path));
    const isIn = isNamed || has(canaries, bytes) || packedIn(path, bytes).some((data) => hasPacked(canaries, data));
    if (isIn) found.push(path);
  }
  return found;
}

const TABLES = "SELECT tablename FROM pg_tables WHERE schemaname = 'public' ORDER BY tablename";
const BYTES = `SELECT table_name AS table, column_name AS name FROM information_schema.columns
  WHERE table_schema = 'public' AND data_type = 'bytea' ORDER BY 1, 2`;

/** As a dump has it: every row of every table as text; and what is packed in them. */
export async function canariesInTables(client: pg.Client, canaries: readonly string[]): Promise<string[]> {
  const found: string[] = [];
  const tell = (where: string, hits: number): void => {
    if (hits > 0) found.push(`${where}: ${hits} rows`);
  };
  const { rows: tables } = await client.query<{ tablename: string }>(TABLES);
  for (const { tablename } of tables) {
    const { rows } = await client.query<{ text: string }>(`SELECT t::text AS text FROM "${tablename}" t`);
    tell(tablename, rows.filter(({ text }) => has(canaries, Buffer.from(text))).length);
  }
  const { rows: columns } = await client.query<{ table: string; name: string }>(BYTES);
  for (const { table, name } of columns) {
    const { rows } = await client.query<{ data: Buffer | null }>(`SELECT "${name}" AS data FROM "${table}"`);
    tell(`${table}.${name}`, rows.filter(({ data }) => data !== null && hasPacked(canaries, opened(data))).length);
  }
  return found;
}

export interface TableCopy {
  /** All of it in the place of what is there, in one transaction. */
  bringBack(client: pg.Client): Promise<void>;
}

/** Every row of every table but the migrations. */
export async function copyTables(client: pg.Client): Promise<TableCopy> {
  const { rows: all } = await client.query<{ tablename: string }>(TABLES);
  const tables = all.map(({ tablename }) => tablename).filter((name) => name !== 'schema_version');
  const rows = new Map<string, string>();
  for (const table of tables) {
    const { rows: found } = await client.query<{ all: string | null }>(
      `SELECT json_agg(t)::text AS all FROM "${table}" t`,
    );
    rows.set(table, found[0]?.all ?? '[]');
  }
  return {
    async bringBack(to) {
      await to.query('BEGIN');
      await to.query("SET LOCAL session_replication_role = 'replica'");
      await to.query(`TRUNCATE ${tables.map((table) => `"${table}"`).join(', ')}`);
      for (const [table, text] of rows)
        await to.query(
          `INSERT INTO "${table}" OVERRIDING SYSTEM VALUE SELECT * FROM json_populate_recordset(NULL::"${table}", $1::json)`,
          [text],
        );
      await to.query('COMMIT');
    },
  };
}
