/** The workflow's transitions (DOMAIN.md, Workflow): one table, and the decision whether a wished one may happen. */
import type { Cell, CellRef, Invoice } from '../contract/invoice.ts';
import { INVOICE_STATES, type InvoiceState } from './states.ts';

/** Everything goes back to `received` until it is exported; what happened after an export is a matter of its own (a reversal). */
export const TRANSITIONS: Readonly<Record<InvoiceState, readonly InvoiceState[]>> = {
  received: ['confirmed', 'rejected', 'on_hold', 'info_requested', 'duplicate', 'void'],
  confirmed: ['approved', 'received', 'rejected', 'on_hold'],
  approved: ['staged', 'exported', 'received', 'rejected', 'on_hold'],
  staged: ['exported', 'approved', 'received'],
  exported: [],
  rejected: ['received'],
  on_hold: ['received'],
  info_requested: ['received'],
  duplicate: ['received'],
  void: ['received'],
};

export const isState = (text: string): text is InvoiceState => (INVOICE_STATES as readonly string[]).includes(text);

export const mayFollow = (from: InvoiceState, to: InvoiceState): boolean => TRANSITIONS[from].includes(to);

/** States from which a change of a field needs a reopening first: what was confirmed must not change behind its confirmation. */
export const isOpen = (state: InvoiceState): boolean =>
  state === 'received' || state === 'on_hold' || state === 'info_requested';

/** Nobody pays these. */
export const isClosed = (state: string): boolean => state === 'rejected' || state === 'void' || state === 'duplicate';

export interface Step {
  readonly from: InvoiceState;
  readonly to: InvoiceState;
  readonly digest: string;
}

export type TransitionDecision =
  | { readonly kind: 'ok'; readonly transitions: readonly Step[] }
  /** The invoice is not the one its author saw. */
  | { readonly kind: 'stale' }
  | { readonly kind: 'in-conflict'; readonly cells: readonly CellRef[] }
  | {
      readonly kind: 'not-allowed';
      readonly from: InvoiceState;
      readonly to: string;
      readonly why: 'table' | 'reading' | 'reason';
    };

export interface TransitionWish {
  readonly to: string;
  readonly digest: string;
  readonly reason?: string | undefined;
}

/** Nobody wishes for these: an approval follows a confirmation, an export makes the others together with its batch. */
const BY_THE_STATION: readonly InvoiceState[] = ['approved', 'staged', 'exported'];

/** `invoice` with its findings: what a rule calls an error is confirmed with a reason only. */
export function decideTransition(invoice: Invoice, { to, digest, reason }: TransitionWish): TransitionDecision {
  const from = invoice.state;
  if (digest !== invoice.digest) return { kind: 'stale' };
  if (!isState(to) || !mayFollow(from, to) || BY_THE_STATION.includes(to))
    return { kind: 'not-allowed', from, to, why: 'table' };
  // Opening it again decides about no value, and is the way to settle what came in behind a confirmation.
  if (to !== 'received' && isInConflict(invoice)) return { kind: 'in-conflict', cells: conflictCells(invoice) };
  if (to === 'confirmed' && invoice.reading === null) return { kind: 'not-allowed', from, to, why: 'reading' };
  const unexplained = reason === undefined || reason.trim() === '';
  if (to === 'confirmed' && unexplained && invoice.findings.some((finding) => finding.severity === 'error'))
    return { kind: 'not-allowed', from, to, why: 'reason' };
  const first: Step = { from, to, digest };
  // No approval gate exists yet, so that what a person confirmed is approved at once.
  return { kind: 'ok', transitions: to === 'confirmed' ? [first, { from: to, to: 'approved', digest }] : [first] };
}

/** A conflict may stand where this program shows nothing: in a field of a newer version, in a row of a reading that is not here. */
export const isInConflict = (invoice: Pick<Invoice, 'id' | 'header' | 'lines' | 'taxRows' | 'conflicts'>): boolean =>
  (invoice.conflicts ?? 0) > 0 || conflictCells(invoice).length > 0;

/** Cells in conflict: the invoice is neither approved nor exported until a person settled them. */
export function conflictCells(invoice: Pick<Invoice, 'id' | 'header' | 'lines' | 'taxRows'>): CellRef[] {
  const found: CellRef[] = [];
  const look = (entity: CellRef['entity'], cells: Readonly<Record<string, Cell | undefined>>): void => {
    for (const [field, cell] of Object.entries(cells)) if (cell?.conflict !== undefined) found.push({ entity, field });
  };
  look({ type: 'invoice', id: invoice.id }, invoice.header);
  const rows = [
    ...invoice.lines.map((row) => ({ row, type: 'line', field: 'description' }) as const),
    ...invoice.taxRows.map((row) => ({ row, type: 'taxRow', field: 'rate' }) as const),
  ];
  for (const { row, type, field } of rows) {
    const entity = { type, id: row.id };
    if (row.deleteConflict === true) found.push({ entity, field });
    look(entity, row.cells);
  }
  return found;
}
