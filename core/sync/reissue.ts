/**
 * The work of a database that got a new device id (it was copied, brought back from an older copy, or its device was removed): its operations that the site has not
 * numbered are written once more under the new id. The old ones leave the log; should the site have some of them all the same, both stand there with one
 * value and are agreed.
 */
import type { OpBody, OpContent, OpDraft } from './op.ts';

export interface UnnumberedOp {
  readonly body: OpBody;
  readonly content: OpContent | null;
}

/** What an operation was called first, however often it was written again. */
export const firstId = ({ op_id: id, reissued_from: first = id }: Pick<OpBody, 'op_id' | 'reissued_from'>): string =>
  first;

/** What was erased has no content; it goes on without a value, as it stood. */
const NO_CONTENT: OpContent = { value: null, reason: null, salt: '' };

/**
 * In the order of their numbers. `newIds`: one for each. Parents among them take their new ids. A transition names the digest of the old ids and will be refused
 * as stale: nobody decided about the operations as they are now.
 */
export function reissue(ops: readonly UnnumberedOp[], newIds: ReadonlyMap<string, string>): OpDraft[] {
  const renamed = (id: string): string => newIds.get(id) ?? id;
  return ops.map(({ body, content }) => {
    const { v: _v, schema: _schema, device: _d, dev_seq: _n, dev_prev: _p, hlc: _hlc, commit: _c, ...rest } = body;
    return {
      ...rest,
      op_id: renamed(body.op_id),
      parents: body.parents.map(renamed),
      reissued_from: firstId(body),
      content: content ?? NO_CONTENT,
    };
  });
}

/** What somebody saw of an invoice by its ids of today: who looked before it was written again names the ids of then. Others stay as they are. */
export function idsOfToday(
  ops: readonly { readonly body: Pick<OpBody, 'op_id' | 'reissued_from'> }[],
  seen: readonly string[],
): string[] {
  const known = new Set(ops.map(({ body }) => body.op_id));
  if (seen.every((id) => known.has(id))) return [...seen];
  // Of two databases that were one each has written it again.
  const today = (id: string): string[] => ops.flatMap(({ body }) => (firstId(body) === id ? [body.op_id] : []));
  return [...new Set(seen.flatMap((id) => (known.has(id) || today(id).length === 0 ? [id] : today(id))))];
}
