/**
 * What a person has to see of a conflict to settle it: the sides there are, who said each of them first, what stood there before, since when; and how a settlement
 * is taken back.
 *
 * [Note: Taking a settlement back] Operations never go away, so that the sides are said once more: by one operation for each, all of which name the settlement as
 * their only parent. Then every device has the conflict again. Nobody else writes two operations over one parent, which is how the ones who said it first are found
 * again behind them.
 */
import type { HeadOp, Log, LogOp } from '../invoice/log.ts';
import { cellOf, headValue, TOMBSTONE } from './kinds.ts';
import { ancestry, cellKey, inConflict } from './reducer.ts';

/** Which operations say the same; newest first, as the heads come. */
export interface Side {
  readonly value: string | null;
  readonly heads: readonly HeadOp[];
}

/** Sides in the order in which they came here first, so that a number stands for the same one as long as nobody adds another. */
export function sidesOf(heads: readonly HeadOp[]): Side[] {
  const sides = new Map<string | null, HeadOp[]>();
  for (const head of heads.toSorted(byArrival)) sides.set(head.value, [...(sides.get(head.value) ?? []), head]);
  return [...sides].map(([value, of]) => ({ value, heads: of }));
}

const byArrival = ({ op: a }: Pick<HeadOp, 'op'>, { op: b }: Pick<HeadOp, 'op'>): number => {
  const [x, y] = [`${a.receivedAt} ${a.body.op_id}`, `${b.receivedAt} ${b.body.op_id}`];
  return x < y ? -1 : x > y ? 1 : 0;
};

/** When this database first held two that differ. */
export function sinceOf(heads: readonly HeadOp[], isApart: (seen: readonly HeadOp[]) => boolean): string {
  const arrived = heads.toSorted(byArrival);
  const at = arrived.findIndex((_head, i) => isApart(arrived.slice(0, i + 1)));
  return (arrived[at] ?? arrived.at(-1))?.op.receivedAt ?? '';
}

const keyOf = (op: LogOp): string | undefined => {
  const cell = cellOf(op.body);
  return cell === undefined ? undefined : cellKey(cell);
};

const valueOf = (op: LogOp): string | null => headValue(op.body.kind, op.content?.value ?? null);

/** Parents of an operation in its own cell. */
const ownParents = (log: Log, op: LogOp): LogOp[] =>
  op.body.parents.flatMap((id) => {
    const parent = log.byId.get(id);
    return parent !== undefined && keyOf(parent) === keyOf(op) ? [parent] : [];
  });

/** The operation that said it first, where this one only put it back. */
export function originOf(log: Log, op: LogOp): LogOp {
  const [settled, ...more] = ownParents(log, op);
  if (settled === undefined || more.length > 0 || !isPutBack(log, op, settled)) return op;
  const said = ownParents(log, settled).find((one) => valueOf(one) === valueOf(op));
  return said === undefined ? op : originOf(log, said);
}

function isPutBack(log: Log, op: LogOp, settled: LogOp): boolean {
  if (!isRow(settled) && !isSettlement(log, settled)) return false;
  const { op_id: id, actor } = op.body;
  return log.ops.some(
    (one) =>
      one.body.op_id !== id &&
      one.body.actor === actor &&
      one.body.parents.length === 1 &&
      one.body.parents[0] === settled.body.op_id &&
      keyOf(one) === keyOf(op),
  );
}

const isRow = (op: LogOp): boolean => cellOf(op.body)?.field === TOMBSTONE;
const isSettlement = (log: Log, op: LogOp): boolean => inConflict(ownParents(log, op).map(valueOf));

/** Whether its author saw two sides that stood against each other, and said which it is. */
export const settles = (log: Log, op: LogOp): boolean => (isRow(op) ? settlesRow(log, op) : isSettlement(log, op));

/** A deletion, and something in the row or of it that this deletion had not seen. */
function settlesRow(log: Log, { body: { entity, parents } }: LogOp): boolean {
  const seen = parents
    .flatMap((id) => log.byId.get(id) ?? [])
    .filter(({ body }) => body.entity.type === entity.type && body.entity.id === entity.id);
  const deletions = seen.filter((op) => isRow(op) && valueOf(op) !== null);
  const known = ancestry(
    log.registers,
    deletions.flatMap(({ body }) => [body.op_id, ...body.parents]),
  );
  return deletions.length > 0 && seen.some((op) => keyOf(op) !== undefined && !known.has(op.body.op_id));
}

/** What stood there before the two began: the newest of what all of them had seen, nobody's edit or a reading included. */
export function baseOf(log: Log, heads: readonly HeadOp[]): LogOp | undefined {
  const [first, ...others] = heads.map(({ op }) => ancestry(log.registers, op.body.parents));
  if (first === undefined) return undefined;
  const [head] = heads;
  const cell = head === undefined ? undefined : keyOf(head.op);
  const common = [...first]
    .filter((id) => others.every((seen) => seen.has(id)))
    .flatMap((id) => log.byId.get(id) ?? [])
    .filter((op) => op.body.kind === 'reading.recorded' || keyOf(op) === cell);
  const below = ancestry(
    log.registers,
    common.flatMap(({ body }) => body.parents),
  );
  return common.filter(({ body }) => !below.has(body.op_id)).toSorted((a, b) => (a.body.hlc < b.body.hlc ? 1 : -1))[0];
}

export type Unsettling =
  | { readonly kind: 'ok'; readonly settled: LogOp; readonly sides: readonly LogOp[] }
  /** It is no settlement of this invoice. */
  | { readonly kind: 'none' }
  /** Somebody has set it since. */
  | { readonly kind: 'moved' };

/** Whether the settlement can be taken back, and the sides that then stand again. */
export function unsettling(log: Log, settledId: string): Unsettling {
  const settled = log.byId.get(settledId);
  const key = settled === undefined ? undefined : keyOf(settled);
  if (settled === undefined || key === undefined) return { kind: 'none' };
  // Of a row the sides are that it goes and that it stays, whatever edits the one who kept it had seen.
  if (isRow(settled) ? ownParents(log, settled).length === 0 : !isSettlement(log, settled)) return { kind: 'none' };
  const heads = log.registers.heads.get(key);
  if (heads?.size !== 1 || !heads.has(settledId)) return { kind: 'moved' };
  const said = ownParents(log, settled);
  const sides = [
    ...new Map(said.toSorted((a, b) => byArrival({ op: a }, { op: b })).map((op) => [valueOf(op), op])).values(),
  ];
  return { kind: 'ok', settled, sides };
}
