/** Undo and redo: every step knows how to be done the other way round, as ordinary operations over what stands there now. */
import type { Correction } from '../../core/contract/http.ts';
import type { Cell, Invoice, Line } from '../../core/contract/invoice.ts';
import { assertNever } from '../../core/assert.ts';
import { cellAt, refOf } from './cells.ts';
import type { CellKey } from './cells.ts';
import type { Command } from './commands.ts';

export interface Edit {
  readonly key: CellKey;
  readonly before: string | null;
  readonly after: string | null;
  /** Where each of the two stands on the page. */
  readonly beforeAt?: Correction['evidence'];
  readonly afterAt?: Correction['evidence'];
  /** Operations that its author saw, where they are not those that the cell has by now. */
  readonly seen?: readonly string[];
}

export type Step = { readonly invoice: string } & (
  | { readonly kind: 'edits'; readonly edits: readonly Edit[] }
  | { readonly kind: 'addLine'; readonly line: Line; readonly edits: readonly Edit[] }
  | { readonly kind: 'deleteLine'; readonly line: Line }
  | { readonly kind: 'transition'; readonly from: string; readonly to: string; readonly reason?: string }
);

export type Direction = 'undo' | 'redo';

/** The commands that take a step back, or make it again. */
export function commandsFor(step: Step, way: Direction, invoice: Invoice, newId: () => string): Command[] {
  switch (step.kind) {
    case 'edits':
      return [corrections(step.edits, way, invoice, newId)];
    case 'addLine':
      return way === 'undo' ? [deleteLine(invoice, step.line, newId)] : [restoreLine(invoice, step.line, newId)];
    case 'deleteLine':
      return way === 'undo' ? [restoreLine(invoice, step.line, newId)] : [deleteLine(invoice, step.line, newId)];
    case 'transition':
      return way === 'undo'
        ? [{ kind: 'transition', opId: newId(), to: step.from }]
        : [
            {
              kind: 'transition',
              opId: newId(),
              to: step.to,
              ...(step.reason === undefined ? {} : { reason: step.reason }),
            },
          ];
    default:
      return assertNever(step);
  }
}

function corrections(edits: readonly Edit[], way: Direction, invoice: Invoice, newId: () => string): Command {
  return {
    kind: 'correct',
    corrections: edits.map((edit) => {
      const evidence = way === 'undo' ? edit.beforeAt : edit.afterAt;
      return {
        ...refOf(edit.key),
        value: way === 'undo' ? edit.before : edit.after,
        parents: [...cellAt(invoice, edit.key).parents],
        source: 'manual',
        opId: newId(),
        ...(evidence === undefined ? {} : { evidence }),
      };
    }),
  };
}

const deleteLine = (invoice: Invoice, line: Line, newId: () => string): Command => ({
  kind: 'deleteLine',
  opId: newId(),
  lineId: line.id,
  parents: lineParents(invoice.lines.find((l) => l.id === line.id) ?? line),
});
const restoreLine = (invoice: Invoice, line: Line, newId: () => string): Command => ({
  kind: 'restoreLine',
  opId: newId(),
  line: invoice.lines.find((l) => l.id === line.id) ?? line,
});

/** Everything of the line that its deleter saw: a later edit not among them is a conflict that is shown, not lost (SYNC.md). */
export function lineParents(line: Line): string[] {
  return [...new Set(Object.values(line.cells).flatMap((cell) => cell.parents))];
}

export const placeOf = (cell: Cell): Correction['evidence'] =>
  cell.box && cell.page !== undefined ? { page: cell.page, box: cell.box } : undefined;
