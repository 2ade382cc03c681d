/** Whether bytes that must not be anywhere are anywhere: in the files of a folder, packed ones opened, and in every row of a database. */
import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import type pg from 'pg';

const GZIP = Buffer.from([0x1f, 0x8b]);

function opened(bytes: Buffer): Buffer {
  if (!bytes.subarray(0, 2).equals(GZIP)) return bytes;
  try {
    return gunzipSync(bytes);
  } catch {
    return bytes; // something else that begins alike
  }
}

const bytesOf = (canaries: readonly string[], bytes: Buffer): number =>
  canaries.filter((canary) => bytes.includes(canary)).length;

/** Where they are; also under the names of these blobs. Database files with their write-ahead logs, copies, blobs, pictures, logs. */
export function canariesIn(folder: string, canaries: readonly string[], blobs: readonly string[]): string[] {
  const found: string[] = [];
  for (const name of readdirSync(folder, { recursive: true }) as string[]) {
    const path = join(folder, name);
    if (!(statSync(path, { throwIfNoEntry: false })?.isFile() ?? false)) continue;
    const isNamed = blobs.some((blob) => name.includes(blob));
    if (isNamed || bytesOf(canaries, opened(readFileSync(path))) > 0) found.push(path);
  }
  return found;
}

const TABLES = "SELECT tablename FROM pg_tables WHERE schemaname = 'public' ORDER BY tablename";

/** As a dump has it: every row of every table as text. */
export async function canariesInTables(client: pg.Client, canaries: readonly string[]): Promise<string[]> {
  const found: string[] = [];
  const { rows: tables } = await client.query<{ tablename: string }>(TABLES);
  for (const { tablename } of tables) {
    const { rows } = await client.query<{ text: string }>(`SELECT t::text AS text FROM "${tablename}" t`);
    const hits = rows.filter(({ text }) => bytesOf(canaries, Buffer.from(text)) > 0);
    if (hits.length > 0) found.push(`${tablename}: ${hits.length} rows`);
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
