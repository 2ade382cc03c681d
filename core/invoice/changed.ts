/**
 * What came to an invoice behind a decision that stands: somebody who had not seen the decision, offline or on another desk, corrected it. Nothing of it is refused and nothing is
 * taken back; it is shown until somebody has decided again.
 */
import type { CellRef, Finding } from '../contract/invoice.ts';
import { kindInfo } from '../sync/kinds.ts';
import { stepAfter } from './decided.ts';
import type { EntityType } from './fields.ts';
import type { LogOp } from './log.ts';
import type { InvoiceState } from './states.ts';
import { isOpen } from './transitions.ts';

export const CHANGED = 'CHANGED_AFTER_DECISION';

/** By the field that a row is known by, where all of it was added, deleted or brought back. */
const ROW_FIELD: Readonly<Record<string, string>> = { line: 'description', taxRow: 'rate' };
const isEntity = (type: string): type is EntityType => type === 'invoice' || Object.hasOwn(ROW_FIELD, type);

function cellOf({ body: { kind, entity, field } }: LogOp): CellRef | undefined {
  const { type, id } = entity;
  const merge = kindInfo(kind)?.merge;
  if (!isEntity(type) || (merge !== 'register' && merge !== 'tombstone' && !kind.endsWith('.added'))) return undefined;
  const shown = merge === 'register' ? field : ROW_FIELD[type];
  return shown === undefined ? undefined : { entity: { type, id }, field: shown };
}

/** Each cell once. `ops` in the order of the log. */
export function changedAfterDecision(ops: readonly LogOp[]): CellRef[] {
  let state: InvoiceState = 'received';
  let changed = new Map<string, CellRef>();
  for (const op of ops) {
    const next = stepAfter(state, op);
    if (next !== state) changed = new Map();
    state = next;
    const cell = isOpen(state) || op.verdict !== 'accepted' ? undefined : cellOf(op);
    if (cell !== undefined) changed.set(`${cell.entity.type}:${cell.entity.id}/${cell.field}`, cell);
  }
  return [...changed.values()];
}

export const changedFinding = (cells: readonly CellRef[]): Finding => ({
  code: CHANGED,
  severity: 'warning',
  cells: [...cells],
  params: { count: String(cells.length) },
  clear: 'decide-again',
  version: 1,
});
