/** What an invoice's own operations say of others that it may be the same as: suspected, closed into one of them, or called no duplicate. */
import type { DuplicateLink } from '../contract/invoice.ts';
import { DuplicateMerge } from '../sync/op.ts';
import { contentJson, type LogOp } from './log.ts';
import type { InvoiceState } from './states.ts';

/** Of an invoice as one of a pair: entities of two roots never share a name. */
export const duplicateEntity = (root: string, other: string) => ({ type: 'duplicate', id: `${root}+${other}` });

const otherOf = ({ root, entity }: LogOp['body']): string | undefined =>
  entity.type === 'duplicate' && entity.id.startsWith(`${root}+`) ? entity.id.slice(root.length + 1) : undefined;

/** Every invoice that these operations name as one of a pair. */
export const pairedWith = (ops: readonly LogOp[]): string[] => [
  ...new Set(ops.flatMap(({ body }) => otherOf(body) ?? [])),
];

/** Operations that call the pair no duplicate and that nobody took back: what a reopening has to name. */
export function standingNots(ops: readonly LogOp[], other: string): LogOp[] {
  const ofPair = ops.filter(({ body, verdict }) => verdict === 'accepted' && otherOf(body) === other);
  const taken = new Set(ofPair.flatMap(({ body }) => (body.kind === 'duplicate.reopened' ? body.parents : [])));
  return ofPair.filter(({ body }) => body.kind === 'duplicate.not' && !taken.has(body.op_id));
}

/** The merge by which the invoice is closed now; undefined where it is not, or was closed without saying into which. */
function standingMerge(ops: readonly LogOp[], state: InvoiceState): { op: LogOp; kept: string } | undefined {
  if (state !== 'duplicate') return undefined;
  const last = ops.findLast(
    ({ body, verdict, content }) =>
      verdict === 'accepted' &&
      (body.kind === 'duplicate.merge' || (body.kind === 'transition' && toOf({ content }) === 'duplicate')),
  );
  if (last?.body.kind !== 'duplicate.merge') return undefined;
  const { data } = DuplicateMerge.safeParse(contentJson(last));
  return data === undefined ? undefined : { op: last, kept: data.kept };
}

function toOf(op: Pick<LogOp, 'content'>): unknown {
  const step = contentJson(op);
  return typeof step === 'object' && step !== null && 'to' in step ? step.to : undefined;
}

const link = (other: string, kind: DuplicateLink['kind'], op: LogOp): DuplicateLink => ({
  other,
  kind,
  actor: op.body.actor,
  at: op.receivedAt,
  reason: op.content?.reason ?? null,
});

/** One for each other invoice, in the order in which the log first speaks of it. */
export function duplicateLinks(ops: readonly LogOp[], state: InvoiceState): DuplicateLink[] {
  const said = ops.filter(({ body, verdict }) => verdict === 'accepted' && otherOf(body) !== undefined);
  const merge = standingMerge(ops, state);
  return [...new Set(said.flatMap(({ body }) => otherOf(body) ?? []))].flatMap((other) => {
    const not = standingNots(ops, other).at(-1);
    if (merge?.kept === other) return [link(other, not === undefined ? 'merged' : 'disputed', merge.op)];
    if (not !== undefined) return [link(other, 'not', not)];
    const suspected = said.find(({ body }) => body.kind === 'duplicate.suspected' && otherOf(body) === other);
    return suspected === undefined ? [] : [link(other, 'suspected', suspected)];
  });
}
