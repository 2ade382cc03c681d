/**
 * Every reply brings the whole invoice anew. What did not change keeps its object, so that only the fields that did are drawn again: a correction on an
 * invoice of 50 lines redraws one cell instead of 400.
 */
import type { Cell, Invoice } from '../../core/contract/invoice.ts';

type Cells = Partial<Record<string, Cell>>;

/** Heads or the reading stand in `parents`, and neither ever changes: cells with the same parents and value are the same cell. */
function sameCell(a: Cell, b: Cell): boolean {
  return (
    a.value === b.value &&
    a.at === b.at &&
    a.source === b.source &&
    a.confidence === b.confidence &&
    a.text === b.text &&
    a.page === b.page &&
    a.box?.[0] === b.box?.[0] &&
    a.box?.[1] === b.box?.[1] &&
    a.candidates.length === b.candidates.length &&
    (a.conflict?.length ?? 0) === (b.conflict?.length ?? 0) &&
    a.parents.length === b.parents.length &&
    a.parents.every((parent, i) => parent === b.parents[i])
  );
}

function shareCells<T extends Cells>(before: T, after: T): T {
  const cells: Cells = {};
  const names = Object.keys(after);
  let changed = names.length !== Object.keys(before).length;
  for (const name of names) {
    const [old, next] = [before[name], after[name]!];
    const same = old !== undefined && sameCell(old, next);
    cells[name] = same ? old : next;
    changed ||= !same;
  }
  return changed ? (cells as T) : before;
}

function shareRows<R extends { readonly id: string; readonly order: string; readonly cells: Cells }>(
  before: readonly R[],
  after: R[],
): R[] {
  const old = new Map(before.map((row) => [row.id, row]));
  const rows = after.map((row) => {
    const was = old.get(row.id);
    if (!was) return row;
    const cells = shareCells(was.cells, row.cells);
    const { deleteConflict: a } = was as { deleteConflict?: boolean };
    const { deleteConflict: b } = row as { deleteConflict?: boolean };
    return cells === was.cells && was.order === row.order && a === b ? was : { ...row, cells };
  });
  const same = rows.length === before.length && rows.every((row, i) => row === before[i]);
  return same ? (before as R[]) : rows;
}

const shareList = <T>(before: T[], after: T[]): T[] =>
  JSON.stringify(before) === JSON.stringify(after) ? before : after;

export function share(before: Invoice | undefined, after: Invoice): Invoice {
  if (!before || before.id !== after.id || before === after) return after;
  return {
    ...after,
    header: shareCells(before.header, after.header),
    lines: shareRows(before.lines, after.lines),
    taxRows: shareRows(before.taxRows, after.taxRows),
    findings: shareList(before.findings, after.findings),
    attention: shareList(before.attention, after.attention),
  };
}
