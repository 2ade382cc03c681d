/** What somebody else changed on an invoice while it is open here: told quietly, never in the way of typing. */
import type { Cell, CellRef, Invoice } from '../../core/contract/invoice.ts';
import { eachCell } from '../../core/invoice/status.ts';
import { keyOf } from '../review/cells.ts';

export interface RemoteChange {
  readonly ref: CellRef;
  readonly value: string | null;
  readonly actor: string;
}

/** Cells that another person has set since. What programs read is nobody's change. */
export function remoteChanges(before: Invoice, after: Invoice, self: string): RemoteChange[] {
  const known = new Map([...eachCell(before)].map(({ ref, cell }) => [keyOf(ref), cell]));
  return [...eachCell(after)].flatMap(({ ref, cell }) => {
    const { actor, value } = newest(cell);
    const old = known.get(keyOf(ref));
    const isSame = old !== undefined && old.parents.join(' ') === cell.parents.join(' ');
    if (isSame || actor === undefined || actor === self || actor.startsWith('service:')) return [];
    return [{ ref, value, actor }];
  });
}

/** Of a cell in conflict the one that came last. */
function newest(cell: Cell): { readonly actor: string | undefined; readonly value: string | null } {
  const [first] = (cell.conflict ?? []).toSorted((a, b) => (a.at < b.at ? 1 : -1));
  return first ?? { actor: cell.actor, value: cell.value };
}
