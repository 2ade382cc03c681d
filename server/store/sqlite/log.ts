/** The operation log in tables: seals drafts into this device's chain, reads operations back. */
import { and, asc, eq, sql } from 'drizzle-orm';
import type { BetterSQLite3Database } from 'drizzle-orm/better-sqlite3';
import { hash } from 'node:crypto';
import { tick } from '../../../core/sync/hlc.ts';
import type { OpBody, OpDraft, StoredOp } from '../../../core/sync/op.ts';
import { sealOp } from '../../../core/sync/seal.ts';
import { createErase } from './erase.ts';
import { createGone, needsSite } from './gone.ts';
import { createHeads, isApplied } from './heads.ts';
import { createLessons } from './lessons.ts';
import type { Sqlite } from './open.ts';
import { deviceSelf, opLog, opValue } from './schema.ts';

export const sha256 = (text: string): string => hash('sha256', text, 'hex');

export interface Clock {
  /** Instant that the operations are received at. */
  readonly at: string;
  readonly nowMs: number;
}

export interface Log {
  exists(opId: string): boolean;
  /** Inside a transaction: seals, inserts, moves heads, and moves the end of this device's chain. */
  append(drafts: readonly OpDraft[], clock: Clock): StoredOp[];
  opsOf(root: string): StoredOp[];
}

export function createLog(db: Sqlite, orm: BetterSQLite3Database): Log {
  const erase = createErase(db);
  const gone = createGone(db);
  const heads = createHeads(orm);
  const lessons = createLessons(orm);
  const find = orm
    .select({ opId: opLog.opId })
    .from(opLog)
    .where(eq(opLog.opId, sql.placeholder('opId')))
    .prepare();
  const self = orm.select().from(deviceSelf).prepare();
  const insertOp = orm
    .insert(opLog)
    .values({
      opId: sql.placeholder('opId'),
      device: sql.placeholder('device'),
      devSeq: sql.placeholder('devSeq'),
      root: sql.placeholder('root'),
      kind: sql.placeholder('kind'),
      body: sql.placeholder('body'),
      hash: sql.placeholder('hash'),
      receivedAt: sql.placeholder('receivedAt'),
      verdict: 'accepted',
    })
    .prepare();
  const insertValue = orm
    .insert(opValue)
    .values({
      opId: sql.placeholder('opId'),
      value: sql.placeholder('value'),
      reason: sql.placeholder('reason'),
      salt: sql.placeholder('salt'),
    })
    .prepare();
  const byRoot = orm
    .select({
      body: opLog.body,
      hash: opLog.hash,
      receivedAt: opLog.receivedAt,
      verdict: opLog.verdict,
      value: opValue.value,
      reason: opValue.reason,
      salt: opValue.salt,
    })
    .from(opLog)
    .leftJoin(opValue, eq(opValue.opId, opLog.opId))
    .where(and(eq(opLog.root, sql.placeholder('root')), isApplied))
    // The site's order decides; what it has not numbered yet comes after what it has.
    .orderBy(sql`${opLog.seq} IS NULL`, asc(opLog.seq), asc(opLog.localSeq))
    .prepare();

  return {
    exists: (opId) => find.get({ opId }) !== undefined,
    append(drafts, clock) {
      const start = self.get();
      if (start === undefined) throw new Error('the database has no device');
      const { device } = start;
      let { devSeq, headHash, hlc } = start;
      const stored = drafts.map((draft): StoredOp => {
        devSeq += 1;
        hlc = tick(hlc, clock.nowMs, device);
        const op = sealOp(draft, { device, devSeq, devPrev: headHash, hlc }, sha256);
        headHash = op.hash;
        const { op_id: opId, root, kind } = op.body;
        insertOp.run({ opId, device, devSeq, root, kind, body: op.text, hash: op.hash, receivedAt: clock.at });
        insertValue.run({ opId, ...op.content });
        heads.apply(op.body, op.content.value);
        lessons.apply(op.body, op.content.value);
        erase.accepted(op.body, op.content.value, clock.at);
        erase.late(op.body, op.content.value, clock.at);
        return { body: op.body, hash: op.hash, content: op.content, receivedAt: clock.at, verdict: 'accepted' };
      });
      if (stored.length > 0) orm.update(deviceSelf).set({ devSeq, headHash, hlc }).run();
      return stored;
    },
    opsOf(root) {
      if (gone.ops(root) > 0) throw needsSite(root);
      return byRoot.all({ root }).map((row) => ({
        body: JSON.parse(row.body) as OpBody,
        hash: row.hash,
        content: row.salt === null ? null : { value: row.value, reason: row.reason, salt: row.salt },
        receivedAt: row.receivedAt,
        verdict: row.verdict as StoredOp['verdict'],
      }));
    },
  };
}
