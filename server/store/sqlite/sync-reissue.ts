/** Work of a device that this database was before, and that no site has numbered: written once more under the id of today. One transaction. */
import { randomBytes } from 'node:crypto';
import { uuid7 } from '../../../core/sync/ids.ts';
import type { OpBody } from '../../../core/sync/op.ts';
import { reissue, type UnnumberedOp } from '../../../core/sync/reissue.ts';
import type { Heads } from './heads.ts';
import type { Lessons } from './lessons.ts';
import type { Clock, Log } from './log.ts';
import type { Sqlite } from './open.ts';
import { isProjected } from './sync-verdicts.ts';

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

const UNNUMBERED = `SELECT l.body, v.value, v.reason, v.salt FROM op_log l JOIN device_former f USING (device)
  LEFT JOIN op_value v USING (op_id) WHERE l.epoch IS NULL ORDER BY f.replaced_at, l.device, l.dev_seq`;

const opOf = ({ body, value, reason, salt }: Row): UnnumberedOp => ({
  body: JSON.parse(body) as OpBody,
  content: salt === null ? null : { value, reason, salt },
});

export function createReissue({ db, log, heads, lessons, touch }: ReissueParts) {
  const unnumbered = db.prepare(UNNUMBERED);
  const drops = ['op_value', 'op_deferred', 'sync_refused', 'op_log'].map((table) =>
    db.prepare(`DELETE FROM ${table} WHERE op_id = ?`),
  );
  const run = db.transaction((clock: Clock): number => {
    const ops = (unnumbered.all() as Row[]).map(opOf);
    if (ops.length === 0) return 0;
    const ids = new Map(ops.map(({ body }) => [body.op_id, uuid7(clock.nowMs, randomBytes(10))]));
    for (const { body } of ops) for (const drop of drops) drop.run(body.op_id);
    log.append(reissue(ops, ids), clock);
    // Heads and lessons named the old ids.
    heads.rebuild();
    lessons.rebuild();
    touch(new Set(ops.flatMap(({ body }) => (isProjected(body) ? [body.root] : []))), clock);
    return ops.length;
  });
  return (clock: Clock): number => run.immediate(clock);
}
