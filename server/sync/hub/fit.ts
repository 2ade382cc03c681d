/** What tables and their indexes can hold of an operation. No station writes anything else, and what does not fit must not come as far as the database. */
import type { ArrivedOp } from '../../../core/sync/arrived.ts';
import { tellsOf } from '../../../core/sync/erase.ts';
import { isDecision, kindInfo } from '../../../core/sync/kinds.ts';
import type { OpBody } from '../../../core/sync/op.ts';
import type { ReadBatch } from '../../../core/sync/push.ts';
import { rootsToRead } from '../../../core/sync/verdict.ts';
import { isForeignLesson } from '../../store/lesson-op.ts';

/** An index takes about 2,700 bytes a row. */
const LONGEST_NAME = 200;
/** In canonical JSON; no text of the database can hold it, and no name has it. */
const NUL = '\\u0000';

/** A person's sentence, and more. */
const LONGEST_REASON = 16 * 1024;
/** Six times what a form takes: lists carry the values of many invoices, and what their documents are called. What was learned may be longer. */
const LONGEST_VALUE = 64 * 1024;
/** 32 bytes; what was written again without its content has none. */
const SALT = /^(?:[0-9a-f]{64})?$/;

const fits = (text: string): boolean => text.length <= LONGEST_NAME;

/** SQLite reads no JSON that is deeper than a thousand; a station looks into bodies by it. What a station writes is three deep. */
const DEEPEST = 32;

/** Nothing is deeper than it opens lists and objects: of most operations that is all there is to see. */
function opensMany(json: string): boolean {
  let count = 0;
  for (const sign of ['[', '{'])
    for (let at = json.indexOf(sign); at >= 0 && count <= DEEPEST; at = json.indexOf(sign, at + 1)) count += 1;
  return count > DEEPEST;
}

function isDeep(json: string): boolean {
  if (!opensMany(json)) return false;
  let depth = 0;
  let isText = false;
  for (let at = 0; at < json.length; at += 1) {
    const sign = json[at];
    if (isText && sign === '\\') at += 1;
    else if (sign === '"') isText = !isText;
    else if (!isText && (sign === '{' || sign === '[')) depth += 1;
    else if (!isText && (sign === '}' || sign === ']')) depth -= 1;
    if (depth > DEEPEST) return true;
  }
  return false;
}

const NAMES = {
  invoice: /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/,
  document: /^[0-9a-f]{64}$/,
  vendor: /^/,
  erasure: /^/,
};

/** By another name nobody could open the invoice, take it along, or have it erased. */
const isNamedWell = ({ kind, root }: OpBody): boolean => NAMES[kindInfo(kind)?.root ?? 'vendor'].test(root);

function misfit({ body, text, content }: ArrivedOp): string | undefined {
  const { op_id: id, root, kind, entity, field = '', parents } = body;
  if (text.includes(NUL)) return 'a NUL';
  if (isDeep(text)) return 'lists in lists';
  if (!isNamedWell(body)) return 'the name of its root';
  if (content !== null && !SALT.test(content.salt)) return 'the salt';
  if ((content?.reason?.length ?? 0) > LONGEST_REASON) return 'a reason that is too long';
  const mayBeLong = (kindInfo(kind)?.root ?? 'vendor') === 'vendor';
  if (!mayBeLong && (content?.value?.length ?? 0) > LONGEST_VALUE) return 'a value that is too long';
  if (content !== null && isForeignLesson(body, content.value)) return 'a lesson of another vendor';
  return [id, root, kind, entity.type, entity.id, field, ...parents, ...tellsOf({ body, content })].every(fits)
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
