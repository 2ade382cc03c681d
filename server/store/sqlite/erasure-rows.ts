/** What the database knows of erasures, and how it makes good that nothing of them is left in its files. */
import type { OpBody, StoredOp } from '../../../core/sync/op.ts';
import { namedSql } from './erase.ts';
import type { Sqlite } from './open.ts';

interface Row {
  readonly body: string;
  readonly hash: string;
  readonly receivedAt: string;
  readonly verdict: string;
  readonly value: string | null;
  readonly reason: string | null;
  readonly salt: string | null;
}

const ERASURES = `SELECT l.body, l.hash, l.received_at AS receivedAt, l.verdict, v.value, v.reason, v.salt
  FROM op_log l LEFT JOIN op_value v USING (op_id)
  WHERE l.kind IN ('erase.asked', 'erase.confirmed', 'erase.withdrawn') AND NOT EXISTS (SELECT 1 FROM op_deferred d WHERE d.op_id = l.op_id)
  ORDER BY l.seq IS NULL, l.seq, l.local_seq`;

/** Since then every deleted byte is overwritten (`secure_delete`): what an older program deleted may still stand in free places of the file. */
const CLEAN = 1;

const storedOp = ({ body, hash, receivedAt, verdict, value, reason, salt }: Row): StoredOp => ({
  body: JSON.parse(body) as OpBody,
  hash,
  receivedAt,
  verdict: verdict as StoredOp['verdict'],
  content: salt === null ? null : { value, reason, salt },
});

export function createErasureRows(db: Sqlite) {
  const all = db.prepare(ERASURES);
  const among = db.prepare('SELECT target FROM erased WHERE target IN (SELECT value FROM json_each(?))').pluck();
  const doomed = db
    .prepare(
      `SELECT b.sha256 FROM erased_blob b WHERE CASE WHEN ? = 'all' THEN 1 ELSE b.state = 'waiting' AND NOT ${namedSql('b.sha256')} END`,
    )
    .pluck();
  const dropped = db.prepare("UPDATE erased_blob SET state = 'gone' WHERE sha256 IN (SELECT value FROM json_each(?))");
  return {
    erasures: (): StoredOp[] => (all.all() as Row[]).map(storedOp),
    erased: (targets: readonly string[]): string[] => among.all(JSON.stringify(targets)) as string[],
    doomedBlobs: (which: 'waiting' | 'all'): string[] => doomed.all(which) as string[],
    droppedBlobs: (sha256s: readonly string[]): void => {
      dropped.run(JSON.stringify(sha256s));
    },
    /** The index of the search keeps deleted words until its parts are merged. False where the write-ahead log could not be emptied: somebody reads. */
    scrub(): boolean {
      db.exec("INSERT INTO invoice_search (invoice_search) VALUES ('optimize')");
      if (db.pragma('user_version', { simple: true }) !== CLEAN) {
        db.exec('VACUUM');
        db.pragma(`user_version = ${CLEAN}`);
      }
      const [done] = db.pragma('wal_checkpoint(TRUNCATE)') as { busy: number }[];
      return done?.busy === 0;
    },
  };
}
