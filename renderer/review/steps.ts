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

/** A choice between what stood against each other: both stand again when it is taken back. */
interface Settlement {
  readonly kind: 'settle';
  readonly edit: Edit;
  readonly op: string;
  readonly sides: number;
  readonly reason?: string | undefined;
}

export type Step = { readonly invoice: string } & (
  | { readonly kind: 'edits'; readonly edits: readonly Edit[] }
  | Settlement
  | { readonly kind: 'addLine'; readonly line: Line; readonly edits: readonly Edit[] }
  | { readonly kind: 'deleteLine'; readonly line: Line }
  | {
      readonly kind: 'transition';
      readonly from: string;
      readonly to: string;
      readonly reason?: string;
      /** Of the invoice as it stood right after: whatever came later is not taken back with it. */
      readonly digest?: string;
    }
);

export type Direction = 'undo' | 'redo';

/** The commands that take a step back, or make it again; none where somebody else than `self` has changed meanwhile what it would go over. */
export function commandsFor(
  step: Step,
  way: Direction,
  invoice: Invoice,
  newId: () => string,
  self?: string,
): Command[] {
  switch (step.kind) {
    case 'edits':
      return step.edits.every((edit) => isAsLeft(edit, way, invoice, self))
        ? [corrections(step.edits, way, invoice, newId)]
        : [];
    case 'settle':
      return settlement(step, way, invoice, newId);
    case 'addLine': {
      if (way === 'redo') return [restoreLine(invoice, step.line, newId)];
      const there = invoice.lines.find(({ id }) => id === step.line.id);
      const isOwnLine = Object.values(there?.cells ?? {}).every((cell) => isOwn(cell, self));
      return isOwnLine ? [deleteLine(invoice, step.line, newId)] : [];
    }
    case 'deleteLine':
      return way === 'undo' ? [restoreLine(invoice, step.line, newId)] : [deleteLine(invoice, step.line, newId)];
    case 'transition':
      if (step.digest !== undefined && step.digest !== invoice.digest) return [];
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

/** The cell is as the step left it: another value, one that stands against it, or the same said by somebody else, is somebody's later work. */
function isAsLeft(edit: Edit, way: Direction, invoice: Invoice, self: string | undefined): boolean {
  const cell = cellAt(invoice, edit.key);
  return isOwn(cell, self) && cell.value === (way === 'undo' ? edit.after : edit.before);
}

/** Nobody else has a part in it. A second head says the same as the first, on another desk. */
const isOwn = ({ conflict, actor, parents }: Cell, self: string | undefined): boolean =>
  conflict === undefined && (self === undefined || actor === undefined || (actor === self && parents.length < 2));

/** By its own way back: a correction over it would settle the same conflict for the other side. */
function settlement(step: Settlement, way: Direction, invoice: Invoice, newId: () => string): Command[] {
  const { edit, op, sides, reason } = step;
  if (way === 'undo') return [{ kind: 'unsettle', settled: op, opIds: Array.from({ length: sides }, newId) }];
  if (cellAt(invoice, edit.key).conflict === undefined) return [];
  return [corrections([edit], way, invoice, newId, reason)];
}

/** The step as it stands after `commands`: what was settled once more is taken back by the new settlement. */
export function madeBy(step: Step, commands: readonly Command[]): Step {
  const [command] = commands;
  const op = command?.kind === 'correct' ? command.corrections[0]?.opId : undefined;
  return step.kind === 'settle' && op !== undefined ? { ...step, op } : step;
}

function corrections(
  edits: readonly Edit[],
  way: Direction,
  invoice: Invoice,
  newId: () => string,
  reason?: string,
): Command {
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
        ...(reason === undefined ? {} : { reason }),
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
