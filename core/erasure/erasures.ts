/** Erasures as they stand, made of their operations. Pure. */
import type { Erasure } from '../contract/erasure-http.ts';
import { contentJson } from '../invoice/log.ts';
import { EraseAsked, EraseConfirmed } from '../sync/erase.ts';
import type { StoredOp } from '../sync/op.ts';

const actOf = ({ receivedAt: at, body: { actor } }: StoredOp, by: string | undefined) => ({
  at,
  actor,
  by: by ?? null,
});

/** In the order in which they were asked for; an operation that was refused counts for nothing. */
export function erasuresOf(ops: readonly StoredOp[]): Erasure[] {
  const found = new Map<string, Erasure>();
  for (const op of ops) {
    if (op.verdict !== 'accepted') continue;
    const { kind, root } = op.body;
    const known = found.get(root);
    if (kind === 'erase.asked' && known === undefined) {
      const { data } = EraseAsked.safeParse(contentJson(op));
      if (data === undefined) continue;
      const { ground, forced, invoices, documents, by } = data;
      const reason = op.content?.reason ?? '';
      const asked = actOf(op, by);
      const scope = { invoices, documents: documents.length };
      found.set(root, { id: root, state: 'asked', ground, reason, forced, ...scope, asked, ended: null });
    } else if (known?.state === 'asked' && kind === 'erase.withdrawn')
      found.set(root, { ...known, state: 'withdrawn', ended: actOf(op, undefined) });
    else if (known !== undefined && known.state !== 'confirmed' && kind === 'erase.confirmed')
      // Also after a withdrawal that did not see it: what is erased is erased.
      found.set(root, {
        ...known,
        state: 'confirmed',
        ended: actOf(op, EraseConfirmed.safeParse(contentJson(op)).data?.by),
      });
  }
  return [...found.values()];
}
