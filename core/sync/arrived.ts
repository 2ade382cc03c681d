/** An operation as it comes over the wire: parsed, hashed and bound to its content before anything else looks at it. */
import { type WireOp, SYNC_LIMITS } from '../contract/sync-http.ts';
import { isCanonical, parseJson } from './canonical.ts';
import { OpBody, type OpContent, type Sha256 } from './op.ts';
import { commitOf } from './seal.ts';

export interface ArrivedOp {
  readonly body: OpBody;
  /** Kept as it came: who prints a text again may print it in another way. */
  readonly text: string;
  readonly hash: string;
  /** null where it was erased, or where its sender no longer has it. */
  readonly content: OpContent | null;
  /** The operation that erased the content, as its sender says: it tells the two apart. Never a reason to give up what is held. */
  readonly erased?: string | undefined;
}

export type Arrival = { readonly kind: 'op'; readonly op: ArrivedOp } | { readonly kind: 'bad'; readonly why: string };

const bad = (why: string): Arrival => ({ kind: 'bad', why });

/** Length as UTF-8, without making the bytes. */
export function utf8Length(text: string): number {
  let bytes = text.length;
  for (let at = 0; at < text.length; at += 1) {
    const unit = text.charCodeAt(at);
    // A pair of surrogates is four bytes: two for each half.
    if (unit > 0x7f) bytes += unit > 0x7ff && (unit < 0xd800 || unit > 0xdfff) ? 2 : 1;
  }
  return bytes;
}

function isCommittedTo(content: OpContent, { commit }: OpBody, sha256: Sha256): boolean {
  try {
    return commitOf(sha256, content) === commit;
  } catch {
    return false; // a lone surrogate: nobody can have committed to it
  }
}

/** Most are so short that nobody has to count: a unit is three bytes at most. */
const isTooLarge = (text: string): boolean =>
  3 * text.length > SYNC_LIMITS.opBytes &&
  (text.length > SYNC_LIMITS.opBytes || utf8Length(text) > SYNC_LIMITS.opBytes);

/** What is not well-formed is nobody's operation and is not kept; whether the rules take it is another question (verdict.ts). */
export function readOp(wire: WireOp, sha256: Sha256): Arrival {
  const { body: text, content, erased } = wire;
  if (isTooLarge(text)) return bad('too large');
  const json = parseJson(text);
  const { data: body } = OpBody.safeParse(json);
  if (body === undefined) return bad('not an operation');
  if (!isCanonical(json, text)) return bad('not in canonical form');
  if (content !== null && !isCommittedTo(content, body, sha256))
    return bad('value, reason or salt is not the one committed to');
  if (content !== null && erased !== undefined) return bad('erased, and with its content');
  return { kind: 'op', op: { body, text, hash: sha256(text), content, erased } };
}
