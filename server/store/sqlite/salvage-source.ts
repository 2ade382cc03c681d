/** Reads what SQLite still finds in a database: from both ends of every table until a damaged page stops it. */
import Database from 'better-sqlite3';
import { ExportBatch } from '../../../core/contract/http.ts';
import { Settings } from '../../../core/contract/settings.ts';
import type { Found } from './salvage-found.ts';
import type { Sqlite } from './open.ts';

type Row = Readonly<Record<string, unknown>>;

/** Rows of a table in both directions; a row may come twice. */
function eachRow(db: Sqlite, table: string, order: string, seen: (row: Row) => void): void {
  for (const direction of ['ASC', 'DESC']) {
    try {
      for (const row of db.prepare(`SELECT * FROM ${table} ORDER BY ${order} ${direction}`).iterate()) seen(row as Row);
      return;
    } catch (error) {
      if (!(error instanceof Database.SqliteError)) throw error; // damage stops here; the other end may be whole
    }
  }
}

const text = (value: unknown): string | null => (typeof value === 'string' ? value : null);

export interface Self {
  readonly device: string;
  readonly devSeq: number;
  readonly headHash: string;
  readonly hlc: string;
}

export interface Source {
  ops(found: Found): void;
  contents(found: Found): void;
  self(): Self | undefined;
  /** Settings, batches, answers and documents go over where they can still be parsed: they are under no hash. */
  copyRest(target: Sqlite): void;
  close(): void;
}

export function openSource(path: string, readonly = false): Source | undefined {
  let db: Sqlite;
  try {
    db = new Database(path, { timeout: 1_000, readonly });
    db.prepare('SELECT count(*) FROM sqlite_schema').get();
  } catch {
    return undefined; // not a database any more: its bytes are all there is
  }
  return {
    ops: (found) =>
      eachRow(db, 'op_log', 'local_seq', (row) => {
        const body = text(row['body']);
        if (body === null) return;
        const { local_seq: localSeq, seq } = row;
        found.op({
          body,
          hash: text(row['hash']),
          receivedAt: text(row['received_at']),
          verdict: text(row['verdict']),
          erasedBy: text(row['erased_by']),
          seq: typeof seq === 'number' ? seq : null,
          ...(typeof localSeq === 'number' ? { localSeq } : {}),
        });
      }),
    contents: (found) =>
      eachRow(db, 'op_value', 'op_id', (row) => {
        const [id, salt] = [text(row['op_id']), text(row['salt'])];
        if (id !== null && salt !== null)
          found.content(id, { value: text(row['value']), reason: text(row['reason']), salt });
      }),
    self() {
      try {
        const row = db.prepare('SELECT device, dev_seq AS devSeq, head_hash AS headHash, hlc FROM device_self').get();
        return row as Self | undefined;
      } catch {
        return undefined;
      }
    },
    copyRest: (target) => copyRest(db, target),
    close: () => db.close(),
  };
}

const parses = (schema: typeof ExportBatch | typeof Settings, value: unknown): boolean => {
  try {
    return schema.safeParse(JSON.parse(text(value) ?? '')).success;
  } catch {
    return false;
  }
};
const texts =
  (...names: string[]) =>
  (row: Row): boolean =>
    names.every((name) => text(row[name]) !== null);

const isBatch = (row: Row): boolean => {
  if (!parses(ExportBatch, row['data'])) return false;
  const batch = ExportBatch.parse(JSON.parse(text(row['data']) ?? ''));
  return batch.id === row['id'] && batch.number === row['number'];
};

function copyRest(db: Sqlite, target: Sqlite): void {
  const into = (table: string, columns: readonly string[], good: (row: Row) => boolean): ((row: Row) => void) => {
    const insert = target.prepare(
      `INSERT OR IGNORE INTO ${table} (${columns.join(', ')}) VALUES (${columns.map(() => '?').join(', ')})`,
    );
    return (row) => {
      if (good(row)) insert.run(...columns.map((column) => row[column] as string));
    };
  };
  const settings = into(
    'settings',
    ['key', 'value'],
    (row) => parses(Settings, row['value']) && row['key'] === 'station',
  );
  eachRow(db, 'settings', 'key', settings);
  eachRow(db, 'export_batch', 'id', into('export_batch', ['id', 'number', 'created_at', 'data'], isBatch));
  const answer = ['key', 'request_hash', 'reply', 'created_at'];
  eachRow(db, 'idempotency', 'key', into('idempotency', answer, texts(...answer)));
  const document = ['sha256', 'name', 'mime', 'size', 'kind', 'parent', 'added_at'];
  const isDocument = (row: Row): boolean =>
    texts('name', 'mime', 'added_at')(row) &&
    Number.isInteger(row['size']) &&
    /^[0-9a-f]{64}$/.test(text(row['sha256']) ?? '');
  eachRow(db, 'documents', 'sha256', into('documents', document, isDocument));
  // Where it is that of an older copy, or of a device that goes on as another one, the next start sees it (server/enrol/incarnation.ts).
  const former = ['device', 'replaced_at'];
  eachRow(db, 'device_former', 'device', into('device_former', former, texts(...former)));
  eachRow(db, 'site_link', 'id', into('site_link', ['id', 'body', 'incarnation'], texts('body', 'incarnation')));
}
