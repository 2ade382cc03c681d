/** What the site said of operations that are here: their place in its log and its verdict. One way in, whether it came as an answer or in a page. */
import type { Verdict } from '../../../core/contract/sync-http.ts';
import { OP_SCHEMA } from '../../../core/contract/version.ts';
import { kindInfo } from '../../../core/sync/kinds.ts';
import type { OpBody } from '../../../core/sync/op.ts';
import { LESSON_KINDS } from '../lesson-op.ts';
import type { Heads } from './heads.ts';
import type { Lessons } from './lessons.ts';
import type { Sqlite } from './open.ts';
import { applier } from './sync-apply.ts';

export interface Held {
  readonly device: string;
  readonly hash: string;
  readonly seq: number | null;
  /** History that `seq` was heard in. */
  readonly epoch: number | null;
  readonly verdict: Verdict;
  readonly body: string;
  readonly value: string | null;
  /** Null where the content is not here. */
  readonly salt: string | null;
  /** The operation that erased the content; its own id where a page came without it. */
  readonly erasedBy: string | null;
  /** ISO instant at which it came here. */
  readonly at: string;
}

/** In the site's log. */
export interface Place {
  readonly epoch: number;
  readonly seq: number;
}

/** What changed by it. */
export interface Told {
  /** The verdict is another one than was held. */
  readonly changed: boolean;
  readonly op: OpBody;
}

export interface Verdicts {
  held(opId: string): Held | undefined;
  tell(opId: string, held: Held, place: Place, verdict: Verdict): Told;
  /** Lessons are made again where one was taken back; once, at the end of a transaction. */
  settle(): void;
}

interface Parts {
  readonly db: Sqlite;
  readonly heads: Heads;
  readonly lessons: Lessons;
  readonly device: () => string;
}

const codeOf = (verdict: Verdict): string => verdict.slice('refused:'.length);

const isLesson = (kind: string): boolean => (LESSON_KINDS as readonly string[]).includes(kind);

export function createVerdicts({ db, heads, lessons, device }: Parts): Verdicts {
  const find = db.prepare(
    `SELECT l.device, l.hash, l.seq, l.epoch, l.verdict, l.body, v.value, v.salt, l.erased_by AS erasedBy, l.received_at AS at
     FROM op_log l LEFT JOIN op_value v USING (op_id) WHERE l.op_id = ?`,
  );
  const place = db.prepare('UPDATE op_log SET epoch = ?, seq = ? WHERE op_id = ?');
  const rule = db.prepare('UPDATE op_log SET verdict = ? WHERE op_id = ?');
  const note = db.prepare(
    'INSERT INTO sync_refused (op_id, code, seen) VALUES (?, ?, 0) ON CONFLICT (op_id) DO UPDATE SET code = excluded.code WHERE code <> excluded.code',
  );
  const forget = db.prepare('DELETE FROM sync_refused WHERE op_id = ?');
  const apply = applier({ db, heads, lessons });
  let isLessonChanged = false;

  function change(opId: string, op: OpBody, held: Held, verdict: Verdict): void {
    if (!isUnderstood(op)) return void rule.run(verdict, opId);
    if (isLesson(op.kind)) isLessonChanged = true;
    if (verdict === 'accepted') {
      rule.run(verdict, opId);
      apply(op, held.value, held.at);
      forget.run(opId);
      return;
    }
    if (held.verdict === 'accepted') heads.refuse(opId, codeOf(verdict));
    else rule.run(verdict, opId);
    if (held.device === device()) note.run(opId, codeOf(verdict));
  }

  return {
    held: (opId) => find.get(opId) as Held | undefined,
    tell(opId, held, { epoch, seq }, verdict) {
      if (held.seq !== seq || held.epoch !== epoch) place.run(epoch, seq, opId);
      const op = JSON.parse(held.body) as OpBody;
      const changed = held.verdict !== verdict;
      if (changed) change(opId, op, held, verdict);
      return { changed, op };
    },
    settle() {
      if (isLessonChanged) lessons.rebuild();
      isLessonChanged = false;
    },
  };
}

/** Of a newer version: it is kept in its chain, and applied after an update. */
export const isUnderstood = (op: Pick<OpBody, 'schema' | 'kind'>): boolean =>
  op.schema <= OP_SCHEMA && kindInfo(op.kind) !== undefined;

/** Invoices are projected; what hangs on a document or a vendor is read where it is asked for. */
export const isProjected = (op: Pick<OpBody, 'kind'>): boolean => kindInfo(op.kind)?.root === 'invoice';
