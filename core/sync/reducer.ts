/**
 * The reducer of multi-value registers: commutative and idempotent, so that every device that holds the same operations holds the same heads, whatever the
 * order they came in. A conflict is decided by what an author had seen (parents), never by a clock.
 *
 * [Note: Superseded per cell] An operation supersedes its parents within its own cell only. A deletion names as parents the heads of every cell of its line
 * (what its author saw), yet those cells keep their heads: undoing the deletion brings the line back as it was, and "edited / deleted" is told by
 * comparing the cells' heads with what the deletion saw.
 */
import { type CellKey, cellOf } from './kinds.ts';
import type { OpBody } from './op.ts';

export type ReducerOp = Pick<OpBody, 'op_id' | 'kind' | 'root' | 'entity' | 'parents'> & {
  readonly field?: string | undefined;
};

export interface Registers {
  /** Every operation applied, with the cell it writes to. */
  readonly seen: Map<string, { readonly cell: string | undefined; readonly parents: readonly string[] }>;
  readonly refused: Set<string>;
  /** By cell, then by operation: how many accepted operations of that cell name it as parent. */
  readonly superseded: Map<string, Map<string, number>>;
  /** By cell: operations that nobody superseded. */
  readonly heads: Map<string, Set<string>>;
}

export const emptyRegisters = (): Registers => ({
  seen: new Map(),
  refused: new Set(),
  superseded: new Map(),
  heads: new Map(),
});

export const cellKey = ({ root, entity, field }: CellKey): string => `${rowStart(root, entity)}${field}`;
const rowStart = (root: string, entity: string): string => `${root} ${entity}/`;

function keyOf(op: ReducerOp): string | undefined {
  const cell = cellOf(op);
  return cell === undefined ? undefined : cellKey(cell);
}

function at<K, V>(map: Map<K, V>, key: K, make: () => V): V {
  const found = map.get(key);
  if (found !== undefined) return found;
  const made = make();
  map.set(key, made);
  return made;
}

function count(registers: Registers, cell: string, op: string, by: 1 | -1): number {
  const counts = at(registers.superseded, cell, () => new Map<string, number>());
  const next = (counts.get(op) ?? 0) + by;
  if (next === 0) counts.delete(op);
  else counts.set(op, next);
  return next;
}

export function apply(registers: Registers, op: ReducerOp): void {
  if (registers.seen.has(op.op_id)) return;
  const cell = keyOf(op);
  const parents = [...new Set(op.parents)];
  registers.seen.set(op.op_id, { cell, parents });
  if (cell === undefined || registers.refused.has(op.op_id)) return;
  const heads = at(registers.heads, cell, () => new Set<string>());
  for (const parent of parents) {
    count(registers, cell, parent, 1);
    heads.delete(parent);
  }
  if ((registers.superseded.get(cell)?.get(op.op_id) ?? 0) === 0) heads.add(op.op_id);
}

/** Takes an operation out: it is no head any more and gives back the parents it superseded. It may be told before the operation itself arrives. */
export function refuse(registers: Registers, opId: string): void {
  if (registers.refused.has(opId)) return;
  registers.refused.add(opId);
  const op = registers.seen.get(opId);
  if (op?.cell === undefined) return;
  const heads = at(registers.heads, op.cell, () => new Set<string>());
  heads.delete(opId);
  for (const parent of op.parents) {
    const returns = count(registers, op.cell, parent, -1) === 0 && !registers.refused.has(parent);
    // A reading, or an operation of another cell, is no head of this one.
    if (returns && registers.seen.get(parent)?.cell === op.cell) heads.add(parent);
  }
}

/** The opposite of `refuse`: a site that went back to an older copy of itself judged again, and otherwise. */
export function reinstate(registers: Registers, opId: string): void {
  if (!registers.refused.delete(opId)) return;
  const op = registers.seen.get(opId);
  if (op?.cell === undefined) return;
  const heads = at(registers.heads, op.cell, () => new Set<string>());
  for (const parent of op.parents) {
    count(registers, op.cell, parent, 1);
    heads.delete(parent);
  }
  if ((registers.superseded.get(op.cell)?.get(opId) ?? 0) === 0) heads.add(opId);
}

export function reduce(ops: Iterable<{ readonly body: ReducerOp; readonly verdict: string }>): Registers {
  const registers = emptyRegisters();
  for (const op of ops) {
    apply(registers, op.body);
    if (op.verdict !== 'accepted') refuse(registers, op.body.op_id);
  }
  return registers;
}

export const headsOf = (registers: Registers, cell: CellKey): readonly string[] =>
  [...(registers.heads.get(cellKey(cell)) ?? [])].toSorted();

/** Fields of an entity that anybody wrote to. */
export function fieldsOf(registers: Registers, root: string, entity: string): string[] {
  const start = rowStart(root, entity);
  return [...registers.heads.keys()].flatMap((key) => (key.startsWith(start) ? [key.slice(start.length)] : []));
}

/** Equal canonical values are agreed; a cell is in conflict where its heads differ. */
export const inConflict = (values: Iterable<string | null>): boolean => new Set(values).size > 1;

/** Everything the given operations had seen: themselves, their parents, the parents' parents ... */
export function ancestry(registers: Registers, from: readonly string[]): ReadonlySet<string> {
  const found = new Set<string>();
  const open = [...from];
  for (let op = open.pop(); op !== undefined; op = open.pop()) {
    if (found.has(op)) continue;
    found.add(op);
    open.push(...(registers.seen.get(op)?.parents ?? []));
  }
  return found;
}
