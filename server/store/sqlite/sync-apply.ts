/** What is made of an accepted operation besides projections: heads, lessons, documents. And of a content that comes after its operation. */
import { headValue } from '../../../core/sync/kinds.ts';
import { DocumentAdded, type OpBody, type OpContent } from '../../../core/sync/op.ts';
import { parsedContent } from './content-json.ts';
import { createErase } from './erase.ts';
import type { Heads } from './heads.ts';
import type { Lessons } from './lessons.ts';
import type { Sqlite } from './open.ts';

export interface ApplyParts {
  readonly db: Sqlite;
  readonly heads: Heads;
  readonly lessons: Lessons;
}

export type Apply = (body: OpBody, value: string | null, at: string) => void;

function documentKeeper(db: Sqlite): Apply {
  const insert = db.prepare(
    'INSERT INTO documents (sha256, name, mime, size, kind, parent, added_at) VALUES (?, ?, ?, ?, ?, ?, ?) ON CONFLICT DO NOTHING',
  );
  return (body, value, at) => {
    if (body.kind !== 'document.added') return;
    const { data } = DocumentAdded.safeParse(parsedContent(value));
    if (data === undefined) return;
    insert.run(body.root, data.name, data.mime, data.size, data.kind ?? null, data.parent ?? null, at);
  };
}

/** Of an accepted operation that is in the log; once. */
export function applier({ db, heads, lessons }: ApplyParts): Apply {
  const document = documentKeeper(db);
  const erase = createErase(db);
  return (body, value, at) => {
    heads.apply(body, value);
    lessons.apply(body, value);
    document(body, value, at);
    erase.accepted(body, value, at);
  };
}

/** Content of an operation that was held without it: kept; `heal` then makes of it what `applier` could not, where the operation is accepted. */
export function filler({ db, lessons }: ApplyParts) {
  const value = db.prepare('INSERT INTO op_value (op_id, value, reason, salt) VALUES (?, ?, ?, ?)');
  // It stood for its own erasure: it was none.
  const there = db.prepare('UPDATE op_log SET erased_by = NULL WHERE op_id = ? AND erased_by = op_id');
  const head = db.prepare('UPDATE cell_head SET value = ? WHERE op_id = ?');
  const document = documentKeeper(db);
  const erase = createErase(db);
  return {
    keep(opId: string, content: OpContent): void {
      value.run(opId, content.value, content.reason, content.salt);
      there.run(opId);
    },
    heal(body: OpBody, content: OpContent, at: string): void {
      head.run(headValue(body.kind, content.value), body.op_id);
      lessons.apply(body, content.value);
      document(body, content.value, at);
      erase.accepted(body, content.value, at);
    },
    /** Whatever became of it, and behind all that is made of it. True where what it tells of had been erased before. */
    late: (body: OpBody, content: OpContent, at: string): boolean => erase.late(body, content.value, at),
  };
}
