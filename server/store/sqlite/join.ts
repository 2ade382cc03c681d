/**
 * A station that begins with a site's snapshot: the file becomes its database, and what it had of its own goes over into it. On the thread that writes, in one go: nothing is
 * saved in between, and it takes as long as copying little does.
 *
 * [Note: A snapshot becomes the database] Only a database that has nothing of the site does this; what it has is its own, so nothing of it can be in the file already. It is kept
 * beside as a copy. Until the new file has the name of the old one nothing has happened, and that is one step of the file system.
 */
import Database from 'better-sqlite3';
import { eraseOwn } from './erase.ts';
import type { Sqlite } from './open.ts';

export interface JoinWish {
  /** Beside the database; whole, and of this program's version. */
  readonly file: string;
  readonly site: string;
  readonly epoch: number;
  readonly seq: number;
  readonly siteHash: string;
}

/** `unfit`: this database has something of the site, or too much of its own. `busy`: somebody else reads it just now. */
export type Joined = 'joined' | 'unfit' | 'busy';

/** More than that is sent, and what comes is read, as ever. */
const MOST_OPS = 5_000;

/** This station's own: nothing of the site's stands in their place. */
const OWN = [
  'device_self',
  'device_former',
  'site_link',
  'settings',
  'export_batch',
  'idempotency',
  'webhook',
  'webhook_delivery',
  'sync_refused',
  'person',
  'parcel',
] as const;
/** Of both; what the file has already stays. Without the number that only says in which order they came. */
const BOTH = [
  ['op_log', 'local_seq'],
  ['op_value', null],
  ['op_deferred', null],
  ['cell_head', null],
  ['superseded', null],
  ['documents', null],
  ['lesson', null],
  ['lesson_key', null],
  ['lesson_use', null],
  ['sync_head', null],
  ['sync_receipt', null],
  ['sync_blob', 'row'],
  ['erased', null],
  ['erased_blob', null],
  ['job', null],
  ['invoices', 'row'],
] as const;
/** Rows of invoices, which have other numbers there; and what the file says of itself. */
const OTHERS = [
  'invoice_data',
  'lines',
  'invoice_search',
  'sync_state',
  'schema_version',
  'gone_chain',
  'gone_root',
  'gone_head',
  'gone_refused',
  'site_durable',
] as const;

/** Every table has its place in one of them; a test holds that. */
export const JOINED_TABLES: readonly string[] = [...OWN, ...BOTH.map(([name]) => name), ...OTHERS];

const LINES = ['id', 'ord', 'article_number', 'description', 'quantity', 'unit_price', 'line_total'] as const;

const columnsOf = (db: Sqlite, table: string, without: string | null): string =>
  (db.pragma(`main.table_info(${table})`) as { name: string }[])
    .map(({ name }) => name)
    .filter((name) => name !== without)
    .join(', ');

const hasTable = (db: Sqlite, table: string): boolean =>
  db.prepare('SELECT count(*) FROM main.sqlite_schema WHERE name = ?').pluck().get(table) === 1;

/** Little of its own, and nothing of a site. */
export function mayJoin(db: Sqlite, site: string): boolean {
  const one = (sql: string, ...values: unknown[]): number =>
    Number(
      db
        .prepare(sql)
        .pluck()
        .get(...values),
    );
  if (one('SELECT count(*) FROM sync_state WHERE site <> ? OR cursor > 0', site) > 0) return false;
  if (one('SELECT EXISTS (SELECT 1 FROM op_log WHERE epoch IS NOT NULL OR seq IS NOT NULL)') === 1) return false;
  return one('SELECT count(*) FROM (SELECT 1 FROM op_log LIMIT ?)', MOST_OPS + 1) <= MOST_OPS;
}

/** The site knows this device, or one that the database was before: something of it may be in the file. */
const isKnownThere = (db: Sqlite): boolean =>
  db
    .prepare('SELECT EXISTS (SELECT 1 FROM main.op_log l JOIN snap.gone_chain c ON c.device = l.device)')
    .pluck()
    .get() === 1;

function carryOver(db: Sqlite, { site, epoch, seq, siteHash }: JoinWish): void {
  for (const table of OWN) {
    db.exec(`DELETE FROM snap.${table}`);
    const columns = columnsOf(db, table, null);
    db.exec(`INSERT INTO snap.${table} (${columns}) SELECT ${columns} FROM main.${table}`);
  }
  for (const [table, number] of BOTH) {
    if (!hasTable(db, table)) continue;
    const columns = columnsOf(db, table, number);
    const order = number === null ? '' : ` ORDER BY ${number}`;
    db.exec(`INSERT OR IGNORE INTO snap.${table} (${columns}) SELECT ${columns} FROM main.${table}${order}`);
  }
  const numbered = 'main.invoices m JOIN snap.invoices s ON s.id = m.id';
  db.exec(
    `INSERT INTO snap.invoice_data (row, data) SELECT s.row, d.data FROM ${numbered} JOIN main.invoice_data d ON d.row = m.row`,
  );
  db.exec(
    `INSERT INTO snap.lines (invoice, ${LINES.join(', ')}) SELECT s.row, ${LINES.map((name) => `l.${name}`).join(', ')}
     FROM ${numbered} JOIN main.lines l ON l.invoice = m.row`,
  );
  db.exec(`INSERT INTO snap.invoice_search (rowid, text) SELECT s.row, m.search FROM ${numbered}`);
  db.exec('DELETE FROM snap.sync_state');
  db.prepare('INSERT INTO snap.sync_state (site, epoch, cursor, site_hash) VALUES (?, ?, ?, ?)').run(
    site,
    epoch,
    seq,
    siteHash,
  );
}

/** What the site erased before this station's own came to it. The file is nobody's yet: it is done with it or without a trace. */
function eraseCarried(file: string): void {
  const snap = new Database(file);
  try {
    snap.pragma('secure_delete = ON');
    snap.pragma('synchronous = FULL');
    snap.transaction(() => eraseOwn(snap)).immediate();
  } finally {
    snap.close();
  }
}

/** Nobody else has it open: its log is folded in and gone, so that nothing of it is left beside the file that takes its place. */
function isAlone(db: Sqlite): boolean {
  db.pragma('busy_timeout = 0');
  try {
    return db.pragma('journal_mode = DELETE', { simple: true }) === 'delete';
  } catch {
    return false;
  }
}

function asBefore(db: Sqlite): void {
  db.pragma('busy_timeout = 5000');
  db.pragma('journal_mode = WAL');
}

/** `replace`: closes this database, puts the file in its place and opens that. Where it throws, this one is open, or another one in its place. */
export function join(db: Sqlite, wish: JoinWish, replace: (file: string) => void): Joined {
  if (!mayJoin(db, wish.site)) return 'unfit';
  if (!isAlone(db)) {
    asBefore(db);
    return 'busy';
  }
  try {
    db.prepare('ATTACH ? AS snap').run(wish.file);
    try {
      if (isKnownThere(db)) return 'unfit';
      db.transaction(() => carryOver(db, wish)).immediate();
    } finally {
      db.exec('DETACH snap');
    }
    eraseCarried(wish.file);
    replace(wish.file);
    return 'joined';
  } finally {
    // Where it was not replaced it goes on as it was.
    if (db.open) asBefore(db);
  }
}
