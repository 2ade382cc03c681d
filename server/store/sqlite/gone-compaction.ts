/**
 * Gives up the texts of old operations: of invoices that are closed and were not touched for long, where the site has all of them. Heads, counts and what is shown stay. A handful of
 * invoices in a transaction, so that nobody's save waits for it.
 */
import { INVOICE_STATES } from '../../../core/invoice/states.ts';
import { isClosed } from '../../../core/sync/retention.ts';
import type { Compacted, CompactWish } from '../station-sync-store.ts';
import { bytesOfReading } from './content-json.ts';
import type { Gone } from './gone.ts';
import type { Sqlite } from './open.ts';

export interface CompactionParts {
  readonly db: Sqlite;
  readonly gone: Gone;
  readonly device: () => string;
}

const CLOSED = INVOICE_STATES.filter(isClosed)
  .map((state) => `'${state}'`)
  .join(', ');

/** Closed, quiet, agreed, with nothing under way; looked through by the place in the list. */
const OLD = `SELECT row, id, document_sha AS document FROM invoices i WHERE row > @after AND state IN (${CLOSED}) AND updated_at < @before AND conflicts = 0
  AND NOT EXISTS (SELECT 1 FROM gone_root g WHERE g.root = i.id)
  AND NOT EXISTS (SELECT 1 FROM job j WHERE j.root IN (i.id, i.document_sha) AND j.state IN ('waiting', 'running', 'dead'))
  ORDER BY row LIMIT @limit`;
/** Not in the log of today, of a newer version, or its author has not seen that it was refused; this station's own, where no backup of the site has it. */
const NEEDED = `SELECT EXISTS (SELECT 1 FROM op_log l WHERE l.root IN (@id, @document) AND (l.epoch IS NOT @epoch OR l.seq IS NULL
    OR (l.device = @device AND l.seq > @durable)
    OR EXISTS (SELECT 1 FROM op_deferred d WHERE d.op_id = l.op_id)
    OR EXISTS (SELECT 1 FROM sync_refused r WHERE r.op_id = l.op_id AND r.seen = 0)))
  OR EXISTS (SELECT 1 FROM sync_blob b WHERE b.root IN (@id, @document) AND b.state <> 'done')`;
const SHARED = 'SELECT EXISTS (SELECT 1 FROM invoices WHERE document_sha = ? AND id <> ?)';
/** Up to the newest of a device that goes. */
const MARKS = `INSERT INTO gone_chain (device, dev_seq, hash) SELECT device, dev_seq, hash FROM (
    SELECT l.device, l.dev_seq, l.hash, row_number() OVER (PARTITION BY l.device ORDER BY l.dev_seq DESC) AS n FROM op_log l WHERE l.root = ?
  ) WHERE n = 1
  ON CONFLICT (device) DO UPDATE SET dev_seq = excluded.dev_seq, hash = excluded.hash WHERE excluded.dev_seq > gone_chain.dev_seq`;
const BLOBS = `SELECT v.value FROM op_log l JOIN op_value v USING (op_id) WHERE l.root = ? AND l.kind = 'reading.recorded'`;

interface Old {
  readonly row: number;
  readonly id: string;
  readonly document: string;
}

export function createCompaction({ db, device }: CompactionParts) {
  const old = db.prepare(OLD);
  const isNeeded = db.prepare(NEEDED).pluck();
  const isShared = db.prepare(SHARED).pluck();
  const place = db.prepare('SELECT epoch FROM sync_state WHERE site = ?').pluck();
  const durable = db.prepare('SELECT seq FROM site_durable WHERE site = ?').pluck();
  const blobs = db.prepare(BLOBS).pluck();
  const marks = db.prepare(MARKS);
  const note = db.prepare(
    'INSERT INTO gone_root (root, ops, wanted) SELECT @id, count(*), 0 FROM op_log WHERE root = @id',
  );
  const refused = db.prepare(
    "INSERT OR IGNORE INTO gone_refused (op_id) SELECT op_id FROM op_log WHERE root = ? AND verdict <> 'accepted'",
  );
  const drops = [
    'DELETE FROM op_value WHERE op_id IN (SELECT op_id FROM op_log WHERE root = ?)',
    'DELETE FROM sync_head WHERE hash IN (SELECT hash FROM op_log WHERE root = ?)',
    'DELETE FROM sync_refused WHERE op_id IN (SELECT op_id FROM op_log WHERE root = ?)',
    'DELETE FROM sync_blob WHERE root = ?',
    'DELETE FROM op_log WHERE root = ?',
  ].map((sql) => db.prepare(sql));

  function giveUp(root: string): void {
    marks.run(root);
    refused.run(root);
    for (const drop of drops) drop.run(root);
  }

  const run = db.transaction(({ site, before, after, limit }: CompactWish): Compacted => {
    const rows = old.all({ after, before, limit }) as Old[];
    const facts = { epoch: place.get(site) ?? null, durable: durable.get(site) ?? 0, device: device() };
    const bytes: string[] = [];
    let invoices = 0;
    for (const { id, document } of rows) {
      if (isNeeded.get({ ...facts, id, document }) === 1) continue;
      bytes.push(...(blobs.all(id) as (string | null)[]).flatMap((value) => bytesOfReading(value)?.blob ?? []));
      note.run({ id });
      giveUp(id);
      invoices += 1;
      if (isShared.get(document, id) === 1) continue;
      giveUp(document);
      bytes.push(document);
    }
    return { invoices, bytes, after: rows.at(-1)?.row ?? null };
  });
  return (wish: CompactWish): Compacted => run.immediate(wish);
}
