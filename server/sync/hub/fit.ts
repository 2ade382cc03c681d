/** What tables and their indexes can hold of an operation. No station writes anything else, and what does not fit must not come as far as the database. */
import type { ArrivedOp } from '../../../core/sync/arrived.ts';
import { isDecision } from '../../../core/sync/kinds.ts';
import type { ReadBatch } from '../../../core/sync/push.ts';
import { rootsToRead } from '../../../core/sync/verdict.ts';
import { isForeignLesson } from '../../store/lesson-op.ts';

/** An index takes about 2,700 bytes a row. */
const LONGEST_NAME = 200;
/** In canonical JSON; no text of the database can hold it, and no name has it. */
const NUL = '\\u0000';

/** A person's sentence, and more. */
const LONGEST_REASON = 16 * 1024;
/** 32 bytes; what was written again without its content has none. */
const SALT = /^(?:[0-9a-f]{64})?$/;

const fits = (text: string): boolean => text.length <= LONGEST_NAME;

function misfit({ body, text, content }: ArrivedOp): string | undefined {
  const { op_id: id, root, kind, entity, field = '', parents } = body;
  if (text.includes(NUL)) return 'a NUL';
  if (content !== null && !SALT.test(content.salt)) return 'the salt';
  if ((content?.reason?.length ?? 0) > LONGEST_REASON) return 'a reason that is too long';
  if (content !== null && isForeignLesson(body, content.value)) return 'a lesson of another vendor';
  return [id, root, kind, entity.type, entity.id, field, ...parents].every(fits)
    ? undefined
    : 'a name that is too long';
}

/** Why the batch cannot be kept; undefined where it can. */
export function misfitIn({ ops }: ReadBatch): string | undefined {
  for (const op of ops) {
    const why = misfit(op);
    if (why !== undefined) return `operation ${op.body.dev_seq}: ${why}`;
  }
  return undefined;
}

/** Over each of them the site holds its log up a little: of a root that is decided about more often than people do, a part at a time is taken. */
export const MOST_DECISIONS = 100;
/** Whose logs are read for it. More than one erasure can name, since nothing is smaller than one operation. */
export const MOST_ROOTS = 250;

/** Whether the batch has to be sent in parts. */
export function isCrowded({ ops }: ReadBatch): boolean {
  const counts = new Map<string, number>();
  for (const { body } of ops) {
    if (!isDecision(body.kind)) continue;
    const count = (counts.get(body.root) ?? 0) + 1;
    if (count > MOST_DECISIONS) return true;
    counts.set(body.root, count);
  }
  return rootsToRead(ops).length > MOST_ROOTS;
}
