/** Work that stands under a device id under which nobody can offer it any more: written once more under that of today. */
import { randomBytes } from 'node:crypto';
import { canonicalJson } from '../../../core/sync/canonical.ts';
import { uuid7 } from '../../../core/sync/ids.ts';
import { kindInfo } from '../../../core/sync/kinds.ts';
import type { OpBody, OpDraft } from '../../../core/sync/op.ts';
import { reissue, type UnnumberedOp } from '../../../core/sync/reissue.ts';
import type { Heads } from './heads.ts';
import type { Lessons } from './lessons.ts';
import type { Clock, Log } from './log.ts';
import type { Sqlite } from './open.ts';
import { isProjected, isUnderstood } from './sync-verdicts.ts';

export interface ReissueParts {
  readonly db: Sqlite;
  readonly log: Log;
  readonly heads: Heads;
  readonly lessons: Lessons;
  readonly touch: (roots: Iterable<string>, clock: Clock) => void;
}

interface Row {
  readonly body: string;
  readonly value: string | null;
  readonly reason: string | null;
  readonly salt: string | null;
}

const COLUMNS = 'l.body, v.value, v.reason, v.salt FROM op_log l';
const UNNUMBERED = `SELECT ${COLUMNS} JOIN device_former f USING (device) LEFT JOIN op_value v USING (op_id)
  WHERE l.epoch IS NULL ORDER BY f.replaced_at, l.device, l.dev_seq`;
const FROM = `SELECT ${COLUMNS} LEFT JOIN op_value v USING (op_id) WHERE l.device = ? AND l.dev_seq >= ? ORDER BY l.dev_seq`;

/** Of what another device wrote: nobody can say any more that it did, and this one does not write in the name of its people. */
const BY_SYNC = 'service:sync';

const opOf = ({ body, value, reason, salt }: Row): UnnumberedOp => ({
  body: JSON.parse(body) as OpBody,
  content: salt === null ? null : { value, reason, salt },
});

export interface Reissue {
  /** Of devices that this database was before: what no site has numbered. Number of operations. */
  readonly own: (clock: Clock) => number;
  /** Inside a transaction of the caller's: another device's operations from this number on, whose numbers the log gives to others ([Note: Displaced] in core/sync/pull.ts). */
  readonly displaced: (device: string, devSeq: number, clock: Clock) => number;
}

export function createReissue({ db, log, heads, lessons, touch }: ReissueParts): Reissue {
  const unnumbered = db.prepare(UNNUMBERED);
  const from = db.prepare(FROM);
  const former = db.prepare('SELECT 1 FROM device_former WHERE device = ?').pluck();
  const dropHeads = db.prepare('DELETE FROM sync_head WHERE device = ? AND dev_seq >= ?');
  const defer = db.prepare('INSERT INTO op_deferred (op_id, body, received_at) VALUES (?, ?, ?)');
  const drops = ['op_value', 'op_deferred', 'sync_refused', 'op_log'].map((table) =>
    db.prepare(`DELETE FROM ${table} WHERE op_id = ?`),
  );
  const renames = ['op_log SET erased_by', 'erased SET op_id', 'erased_blob SET op_id'].map((column) =>
    db.prepare(`UPDATE ${column} = ?1 WHERE ${column.split(' ').at(-1)} = ?2`),
  );

  function writeAgain(ops: readonly UnnumberedOp[], clock: Clock, renamed: (draft: OpDraft) => OpDraft): number {
    if (ops.length === 0) return 0;
    const ids = new Map(ops.map(({ body }) => [body.op_id, uuid7(clock.nowMs, randomBytes(10))]));
    // What nothing was made of has nothing to take back.
    for (const { body } of ops.toReversed()) if (isUnderstood(body)) heads.refuse(body.op_id, 'reissued');
    for (const { body } of ops) for (const drop of drops) drop.run(body.op_id);
    for (const { body } of log.append(reissue(ops, ids).map(renamed), clock))
      if (!isUnderstood(body)) defer.run(body.op_id, canonicalJson(body), clock.at);
    // What an erasure erased says by which one: that has another id now.
    for (const { body } of ops)
      if (body.kind === 'erase.confirmed') for (const rename of renames) rename.run(ids.get(body.op_id), body.op_id);
    // Lessons named the old ids.
    if (ops.some(({ body }) => kindInfo(body.kind)?.root === 'vendor')) lessons.rebuild();
    touch(new Set(ops.flatMap(({ body }) => (isProjected(body) ? [body.root] : []))), clock);
    return ops.length;
  }
  const own = db.transaction((clock: Clock): number =>
    writeAgain((unnumbered.all() as Row[]).map(opOf), clock, (draft) => draft),
  );
  return {
    own: (clock) => own.immediate(clock),
    displaced(device, devSeq, clock) {
      const ops = (from.all(device, devSeq) as Row[]).map(opOf);
      dropHeads.run(device, devSeq);
      const wasOwn = former.get(device) !== undefined;
      return writeAgain(ops, clock, (draft) => (wasOwn ? draft : { ...draft, actor: BY_SYNC }));
    },
  };
}
