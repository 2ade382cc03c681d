/**
 * Saves what is in a damaged database into a new one: every operation that proves itself, from the file, its write-ahead log and the copies in `backups`.
 * The damaged files are moved aside and never changed. Rows that are made of the log are made again by the caller, before the new database takes the place.
 */
import Database from 'better-sqlite3';
import { drizzle } from 'drizzle-orm/better-sqlite3';
import { constants, copyFileSync, existsSync, mkdirSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { AppError } from '../../../core/contract/errors.ts';
import { invoiceCreatedOp } from '../../../core/sync/drafts.ts';
import { uuid4, uuid7 } from '../../../core/sync/ids.ts';
import { DocumentAdded, InvoiceCreated, ReadingRecorded } from '../../../core/sync/op.ts';
import { NO_HASH } from '../../../core/sync/seal.ts';
import { backupFolder } from '../../folders.ts';
import { listCopies } from './backups.ts';
import { carve } from './carve.ts';
import { damageMark, isMarkedDamaged } from './damage.ts';
import { isLogCut } from './log-cut.ts';
import { eraseAgain } from './erase.ts';
import { createHeads } from './heads.ts';
import { createLog } from './log.ts';
import { lock, openForWriting, type Sqlite, syncFile } from './open.ts';
import { openPages } from './pages.ts';
import { createReader, KNOWN_PROBLEMS } from './reader.ts';
import { createFound, type Found } from './salvage-found.ts';
import { openSource, type Self, type Source } from './salvage-source.ts';

export interface SalvageOptions {
  readonly path: string;
  /** ISO instant. */
  readonly now: string;
  readonly random: (bytes: number) => Uint8Array;
  /** Bytes of a document, where they are here. */
  readonly sizeOf: (sha256: string) => number | undefined;
  /** Makes the rows of the new database that are made of the log; it takes the damaged one's place afterwards. */
  readonly rebuild: (database: string) => Promise<void>;
}

export interface SalvageReport {
  /** Operations in the new database, and how many of them SQLite itself still found in the damaged one. */
  readonly ops: number;
  readonly readable: number;
  readonly fromBackups: number;
  /** Numbers of this or another device that no operation was found for, as far as the log tells. */
  readonly lost: number;
  readonly withoutContent: number;
  /** The new device id, where the old chain cannot be continued. */
  readonly newDevice: boolean;
  readonly problems: readonly string[];
  /** Where the damaged files are now. */
  readonly kept: string;
}

/** `finished`: an earlier salvage had made the new database and was interrupted while it put it in its place. */
export type Salvaged =
  | { readonly kind: 'healthy' }
  | { readonly kind: 'finished'; readonly kept: string }
  | ({ readonly kind: 'salvaged' } & SalvageReport);

const PARTS = ['', '-wal', '-shm', '-journal'] as const;

export async function salvageSqlite(options: SalvageOptions): Promise<Salvaged> {
  const { path } = options;
  const ready = `${path}.salvaged`;
  if (!existsSync(path) && !existsSync(ready)) throw new AppError('not_found', `There is no database at ${path}.`);
  const held = lock(path);
  const work = `${path}.salvage`;
  try {
    if (existsSync(ready)) return { kind: 'finished', kept: swap(options, ready) };
    rmSync(work, { recursive: true, force: true });
    mkdirSync(work, { mode: 0o700 });
    const copy = join(work, 'source.db');
    for (const part of PARTS.slice(0, 2))
      if (existsSync(path + part)) copyFileSync(path + part, copy + part, constants.COPYFILE_FICLONE);
    if (await isHealthy(copy)) {
      rmSync(damageMark(path), { force: true });
      return { kind: 'healthy' };
    }
    // From here on a start is refused until the new database is in its place, however this ends.
    if (!isMarkedDamaged(path)) writeFileSync(damageMark(path), `salvage begun ${options.now}\n`);
    const made = await make(options, copy, join(work, 'station.db'));
    await options.rebuild(made.path);
    seal(made.path);
    renameSync(made.path, ready);
    return { kind: 'salvaged', ...made.report, kept: swap(options, ready) };
  } finally {
    rmSync(work, { recursive: true, force: true });
    held.close();
  }
}

/** Neither SQLite nor the log itself finds anything wrong. */
async function isHealthy(copy: string): Promise<boolean> {
  try {
    if (isLogCut(copy)) return false;
    const db = openForWriting(copy, new Date(0).toISOString());
    try {
      if (db.db.pragma('integrity_check(1)', { simple: true }) !== 'ok') return false;
    } finally {
      db.close();
    }
    const reader = createReader(copy);
    try {
      return (await reader.verifyAudit()).problems.length === 0;
    } finally {
      reader.close();
    }
  } catch (error) {
    if (error instanceof AppError && error.details['reason'] === 'newer-database') throw error;
    return false;
  }
}

async function make(options: SalvageOptions, copy: string, path: string) {
  const opened = openForWriting(path, options.now);
  const { db } = opened;
  // Nothing is promised before the file takes its place, and it is synced then.
  db.pragma('synchronous = OFF');
  db.pragma('foreign_keys = OFF');
  const sources: Source[] = [];
  try {
    const found = createFound(db);
    const damaged = openSource(copy);
    if (damaged !== undefined) sources.push(damaged);
    const counts = gather(options.path, found, sources);
    if (found.ops === 0) {
      throw new AppError(
        'storage',
        `No operation could be found in ${options.path} or in a backup. Nothing was changed.`,
      );
    }
    const self = damaged?.self();
    const chain = db.transaction(() => {
      const newDevice = write(db, options, self);
      if (newDevice)
        leave(db, options, self ?? sources.map((source) => source.self()).find((one) => one !== undefined));
      for (const source of sources) source.copyRest(db);
      // A mark that no secrets know: the next start asks a person to connect the new device.
      if (newDevice) db.prepare('UPDATE site_link SET incarnation = ?').run(uuid4(options.random(16)));
      return { newDevice, lost: finish(db, options) };
    })();
    const problems = await audit(path, db);
    const report = { ops: found.ops, ...counts, ...chain, withoutContent: found.missingContents(), problems };
    db.pragma('journal_mode = DELETE');
    return { path, report };
  } finally {
    for (const source of sources) source.close();
    opened.close();
  }
}

const nothing = (): void => undefined;

function gather(path: string, found: Found, sources: Source[]): Pick<SalvageReport, 'readable' | 'fromBackups'> {
  const own = sources[0];
  own?.ops(found);
  const readable = found.ops;
  const pages = openPages(path);
  try {
    carve(pages, { op: (op) => found.op(op), content: nothing });
    found.proveByChain([own?.self()?.headHash ?? '']);
    const here = found.ops;
    const folder = backupFolder(path);
    for (const { name } of existsSync(folder) ? listCopies(folder) : []) {
      const backup = openSource(join(folder, name), true);
      if (backup === undefined) continue;
      sources.push(backup);
      backup.ops(found);
    }
    const fromBackups = found.ops - here;
    found.settle();
    for (const source of sources) source.contents(found);
    if (found.missingContents() > 0)
      carve(pages, { op: nothing, content: (id, content) => found.content(id, content) });
    return { readable, fromBackups };
  } finally {
    pages.close();
  }
}

const LOG = `INSERT INTO op_log (op_id, device, dev_seq, root, kind, body, hash, received_at, seq, verdict, erased_by)
  SELECT op_id, device, dev_seq, root, kind, body, hash, received_at, seq, verdict, erased_by FROM found ORDER BY pos, device, dev_seq`;
const CONTENTS =
  'INSERT INTO op_value SELECT op_id, value, reason, salt FROM found_content WHERE op_id IN (SELECT op_id FROM op_log)';

/** The log, and who goes on writing it: this device where its chain is whole, a new one where it is not. */
function write(db: Sqlite, { random }: SalvageOptions, self: Self | undefined): boolean {
  db.exec(LOG);
  db.exec(CONTENTS);
  const hlc = (db.prepare('SELECT max(hlc) FROM found').pluck().get() as string | null) ?? '';
  const end = db
    .prepare('SELECT count(*) AS n, max(dev_seq) AS last FROM found WHERE device = ?')
    .get(self?.device ?? '') as { n: number; last: number | null };
  const head = db.prepare('SELECT hash FROM found WHERE device = ? AND dev_seq = ?').pluck();
  const whole =
    self !== undefined &&
    end.n === self.devSeq &&
    (end.last ?? 0) === self.devSeq &&
    (self.devSeq === 0 || head.get(self.device, self.devSeq) === self.headHash);
  const row = whole ? [self.device, self.devSeq, self.headHash, hlc] : [uuid4(random(16)), 0, NO_HASH, hlc];
  db.prepare('INSERT INTO device_self (id, device, dev_seq, head_hash, hlc) VALUES (1, ?, ?, ?, ?)').run(...row);
  return !whole;
}

/** What its site has not got of the device that is left is written again by the new one, after the site has shown what it has. */
function leave(db: Sqlite, { now }: SalvageOptions, self: Self | undefined): void {
  const devices = db.prepare('SELECT DISTINCT device FROM found LIMIT 2').pluck().all() as string[];
  // Where nothing says who wrote here, and one device alone did, it was that.
  const device = self?.device ?? (devices.length === 1 ? devices[0] : undefined);
  if (device === undefined) return;
  db.prepare('INSERT INTO device_former (device, replaced_at) VALUES (?, ?)').run(device, now);
}

/** Rows that the log alone gives: documents, heads, and a beginning for invoices that lost theirs. */
function finish(db: Sqlite, options: SalvageOptions): number {
  const gaps = db.prepare(
    'SELECT coalesce(sum(last - n), 0) FROM (SELECT max(dev_seq) AS last, count(*) AS n FROM op_log GROUP BY device)',
  );
  const lost = Number(gaps.pluck().get());
  writeDocuments(db, options);
  restoreBeginnings(db, options);
  createHeads(drizzle({ client: db })).rebuild();
  // What an erasure took away may have stood in a page that nobody had written to since.
  eraseAgain(db);
  return lost;
}

const parsed = (value: unknown): unknown => {
  try {
    return JSON.parse(String(value));
  } catch {
    return undefined;
  }
};

const contentsOf = (db: Sqlite, kind: string) =>
  db
    .prepare(
      'SELECT l.root, l.received_at AS at, v.value FROM op_log l LEFT JOIN op_value v USING (op_id) WHERE l.kind = ? ORDER BY l.local_seq',
    )
    .all(kind) as { root: string; at: string; value: string | null }[];

function writeDocuments(db: Sqlite, { sizeOf }: SalvageOptions): void {
  const insert = db.prepare(
    'INSERT OR IGNORE INTO documents (sha256, name, mime, size, kind, parent, added_at) VALUES (?, ?, ?, ?, ?, ?, ?)',
  );
  for (const { root, at, value } of contentsOf(db, 'document.added')) {
    const { data } = DocumentAdded.safeParse(parsed(value));
    if (data !== undefined)
      insert.run(root, data.name, data.mime, data.size, data.kind ?? null, data.parent ?? null, at);
  }
  for (const { at, value } of [...contentsOf(db, 'invoice.created'), ...contentsOf(db, 'reading.recorded')]) {
    const { data } = InvoiceCreated.safeParse(parsed(value));
    const size = data === undefined ? undefined : sizeOf(data.document);
    // Its name is lost; its bytes are not.
    if (data !== undefined && size !== undefined)
      insert.run(data.document, data.document.slice(0, 12), 'application/octet-stream', size, null, null, at);
  }
}

/** An invoice whose first operation is lost gets one again, by what its reading says it is made of. */
function restoreBeginnings(db: Sqlite, { now, random }: SalvageOptions): void {
  const begun = new Set(
    contentsOf(db, 'invoice.created').flatMap(({ root, value }) =>
      InvoiceCreated.safeParse(parsed(value)).success ? [root] : [],
    ),
  );
  const log = createLog(db, drizzle({ client: db }));
  const nowMs = Date.parse(now);
  for (const { root, at, value } of contentsOf(db, 'reading.recorded')) {
    const { data } = ReadingRecorded.safeParse(parsed(value));
    if (begun.has(root) || data === undefined) continue;
    begun.add(root);
    const author = {
      opId: uuid7(nowMs, random(10)),
      actor: 'service:salvage',
      salt: Buffer.from(random(32)).toString('hex'),
    };
    log.append([invoiceCreatedOp(author, root, { document: data.document })], { at, nowMs });
  }
}

/** What is missing is known from now on: the audit tells it apart from what goes missing later. */
async function audit(path: string, db: Sqlite): Promise<string[]> {
  const reader = createReader(path);
  try {
    const { problems } = await reader.verifyAudit();
    const known = problems.map(({ op, devSeq, what }) => `${op} ${devSeq} ${what}`);
    if (known.length > 0) {
      db.prepare('INSERT OR REPLACE INTO settings (key, value) VALUES (?, ?)').run(
        KNOWN_PROBLEMS,
        JSON.stringify(known),
      );
    }
    return known;
  } finally {
    reader.close();
  }
}

/** One file that needs no other beside it, on the disk. */
function seal(made: string): void {
  const db = new Database(made);
  db.pragma('journal_mode = DELETE');
  db.close();
  syncFile(made);
}

/** The damaged files go aside under their own names, then the new one comes; the mark goes last. Can be done again from any point. */
function swap({ path, now }: SalvageOptions, ready: string): string {
  const kept = join(backupFolder(path), `damaged-${now.slice(0, 19).replaceAll(/[-:]/g, '')}Z`);
  mkdirSync(kept, { recursive: true, mode: 0o700 });
  for (const part of PARTS.toReversed())
    if (existsSync(path + part)) renameSync(path + part, join(kept, basename(path) + part));
  renameSync(ready, path);
  if (process.platform !== 'win32') for (const folder of [kept, dirname(kept), dirname(path)]) syncFile(folder);
  rmSync(damageMark(path), { force: true });
  return kept;
}
