/** Loads an archive through the store's own tables and statements: the same chain, heads, projections and search, in big transactions. */
import { drizzle } from 'drizzle-orm/better-sqlite3';
import { hash } from 'node:crypto';
import { closeSync, existsSync, mkdirSync, openSync, renameSync, writeSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { projectionOf } from '../../core/invoice/summary.ts';
import { NO_HASH } from '../../core/sync/seal.ts';
import { createCommit } from '../../server/store/sqlite/commit.ts';
import { createJobs } from '../../server/store/sqlite/jobs.ts';
import { createLog } from '../../server/store/sqlite/log.ts';
import { openForWriting } from '../../server/store/sqlite/open.ts';
import { projectionWire } from '../../server/store/projection-wire.ts';
import { createProjections } from '../../server/store/sqlite/projections.ts';
import { deviceSelf } from '../../server/store/sqlite/schema.ts';
import { type ArchivedInvoice, createArchive } from './invoices.ts';

export interface BulkLoad {
  readonly database: string;
  /** Folder of the blobs; absent: no originals and readings, for measuring the database alone. */
  readonly blobs?: string | undefined;
  readonly count: number;
  readonly seed: number;
  readonly device: string;
  readonly progress: (done: number) => void;
  /** Sees every invoice that was loaded. */
  readonly loaded?: (item: ArchivedInvoice) => void;
}

const TRANSACTION = 500;

export function bulkLoad({ database, blobs, count, seed, device, progress, loaded }: BulkLoad): void {
  const opened = openForWriting(database, new Date(0).toISOString());
  const { db } = opened;
  const orm = drizzle({ client: db });
  if (db.prepare('SELECT 1 FROM op_log LIMIT 1').get() !== undefined) {
    opened.close();
    throw new Error(`${database} holds invoices already: an archive is loaded into an empty data folder.`);
  }
  // Nothing is acknowledged before the end, where one checkpoint writes everything to the disk.
  db.pragma('synchronous = OFF');
  db.pragma('cache_size = -262144');
  orm.insert(deviceSelf).values({ id: 1, device, devSeq: 0, headHash: NO_HASH, hlc: '' }).onConflictDoNothing().run();
  const parts = { db, orm, log: createLog(db, orm), projections: createProjections(orm), jobs: createJobs(db, orm) };
  const { write } = createCommit(parts);
  const archive = createArchive(seed);
  const load = db.transaction((many: number) => {
    for (let i = 0; i < many; i += 1) {
      const item = archive.next();
      const projections = [projectionWire(0, projectionOf(item.invoice))];
      const change = { ops: item.ops, projections, documents: [item.document], jobs: [] };
      const result = write(change, { at: item.at, nowMs: Date.parse(item.at) });
      if (result.kind !== 'ok') throw new Error(`invoice ${item.invoice.id} was refused: ${result.what}`);
      loaded?.(item);
      if (blobs !== undefined) for (const bytes of [item.original, item.readingBlob]) keepBlob(blobs, bytes);
    }
  });
  for (let done = 0; done < count;) {
    const many = Math.min(TRANSACTION, count - done);
    load(many);
    done += many;
    progress(done);
  }
  db.pragma('synchronous = FULL');
  db.pragma('wal_checkpoint(TRUNCATE)');
  opened.close();
}

/** As server/blobs/disk.ts lays them out, without an fsync per file. */
function keepBlob(folder: string, bytes: Uint8Array): void {
  const name = hash('sha256', bytes, 'hex');
  const path = join(folder, name.slice(0, 2), name.slice(2, 4), name);
  if (existsSync(path)) return;
  mkdirSync(dirname(path), { recursive: true, mode: 0o700 });
  const file = openSync(`${path}.part`, 'w', 0o600);
  writeSync(file, bytes);
  closeSync(file);
  renameSync(`${path}.part`, path);
}
