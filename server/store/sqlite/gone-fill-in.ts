/** Operations of an old invoice that come back from the site, because somebody looks at it or something new came to it: all of them in one transaction. */
import type { OpBody } from '../../../core/sync/op.ts';
import type { CheckedOp, GoneOps } from '../station-sync-store.ts';
import { createErase } from './erase.ts';
import type { Gone } from './gone.ts';
import type { Heads } from './heads.ts';
import type { Clock } from './log.ts';
import type { Sqlite } from './open.ts';
import type { SyncBlobs } from './sync-blobs.ts';
import { isUnderstood, type Verdicts } from './sync-verdicts.ts';

export interface FillInParts {
  readonly db: Sqlite;
  readonly device: () => string;
  readonly gone: Gone;
  readonly heads: Heads;
  readonly blobs: SyncBlobs;
  readonly verdicts: Verdicts;
  readonly touch: (roots: Iterable<string>, clock: Clock) => void;
}

type Come = CheckedOp & { readonly at: string };
/** False where what it tells of was erased: nothing of it was kept. */
type Insert = (op: Come, body: OpBody, epoch: number) => boolean;

/** Rows of the log alone: nothing is made of it. */
function bare(db: Sqlite): Insert {
  const log = db.prepare(
    `INSERT INTO op_log (op_id, device, dev_seq, root, kind, body, hash, received_at, seq, verdict, epoch, erased_by)
     VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
  );
  const value = db.prepare('INSERT INTO op_value (op_id, value, reason, salt) VALUES (?, ?, ?, ?)');
  const defer = db.prepare('INSERT INTO op_deferred (op_id, body, received_at) VALUES (?, ?, ?)');
  const forget = db.prepare('DELETE FROM gone_refused WHERE op_id = ?');
  const erase = createErase(db);
  return (op, body, epoch) => {
    const { op_id: id, device, dev_seq: devSeq, root, kind } = body;
    const { text, hash, at, seq, verdict, content } = op;
    const eraser = content === null ? (op.erased ?? id) : null;
    log.run(id, device, devSeq, root, kind, text, hash, at, seq, verdict, epoch, eraser);
    if (content !== null) value.run(id, content.value, content.reason, content.salt);
    if (!isUnderstood(body)) defer.run(id, text, at);
    forget.run(id);
    return !erase.late(body, content?.value ?? null, at);
  };
}

/** One whose verdict is another one than it was: it is here again, and its invoice is to be made again. */
export function goneAgain(db: Sqlite, gone: Gone): Insert {
  const insert = bare(db);
  const less = db.prepare('UPDATE gone_root SET ops = max(1, ops - 1) WHERE root = ?');
  return (op, body, epoch) => {
    const isKept = insert(op, body, epoch);
    less.run(body.root);
    gone.want(body.root);
    return isKept;
  };
}

/** Heads of a root whose operations are here, as their order in the log makes them. */
function remaker(db: Sqlite, heads: Heads): (root: string) => void {
  const drops = ['cell_head', 'superseded', 'gone_head'].map((table) =>
    db.prepare(`DELETE FROM ${table} WHERE root = ?`),
  );
  const ops = db.prepare(
    `SELECT l.body, v.value FROM op_log l LEFT JOIN op_value v USING (op_id) WHERE l.root = ? AND l.verdict = 'accepted'
     AND NOT EXISTS (SELECT 1 FROM op_deferred d WHERE d.op_id = l.op_id) ORDER BY l.seq IS NULL, l.seq, l.local_seq`,
  );
  return (root) => {
    for (const drop of drops) drop.run(root);
    for (const { body, value } of ops.all(root) as { body: string; value: string | null }[])
      heads.apply(JSON.parse(body) as OpBody, value);
  };
}

export function createFillIn({ db, device, gone, heads, blobs, verdicts, touch }: FillInParts) {
  const insert = bare(db);
  const remake = remaker(db, heads);
  const whole = db.prepare('DELETE FROM gone_root WHERE root = ?');
  const run = db.transaction(({ root, epoch, ops }: GoneOps, clock: Clock): boolean => {
    const missing = gone.ops(root);
    if (missing === 0) return false;
    let come = 0;
    for (const op of ops) {
      const body = JSON.parse(op.text) as OpBody;
      // Of another invoice, or not the one that is here: nothing of it is taken.
      const held = verdicts.held(body.op_id);
      if (body.root !== root || (held !== undefined && held.hash !== op.hash)) throw new Error('not of this invoice');
      if (held !== undefined) continue;
      const isKept = insert(op, body, epoch);
      come += 1;
      if (isKept && body.device !== device()) blobs.note('down', body, op.content?.value ?? null);
    }
    if (come < missing) throw new Error('not all operations of this invoice');
    whole.run(root);
    remake(root);
    touch([root], clock);
    return true;
  });
  return (ops: GoneOps, clock: Clock): boolean => run.immediate(ops, clock);
}
