/** What people are shown of conflicts: the list of all, and everything about those of one invoice. Settling them is review.ts. */
import type { Invoice, Line, TaxRow } from '../core/contract/invoice.ts';
import type { ReadCell } from '../core/contract/reading.ts';
import type { ConflictDetail, ConflictRow, ConflictSide, Saying } from '../core/contract/settling-http.ts';
import { type HeadOp, type Log, readLog } from '../core/invoice/log.ts';
import { rowParents } from '../core/invoice/rows.ts';
import { type Conflict, conflictsOf } from '../core/sync/conflicts.ts';
import { hlcMs } from '../core/sync/hlc.ts';
import { inConflict } from '../core/sync/reducer.ts';
import { baseOf, originOf, sidesOf, sinceOf } from '../core/sync/settling.ts';
import type { OpBody } from '../core/sync/op.ts';
import type { Base } from './context.ts';
import { cellAsRead } from './history.ts';
import type { Loaded, Model } from './model.ts';
import type { InvoiceConflicts } from './store/open-conflicts.ts';

/** Clocks of others are not believed to be further ahead than this (SYNC.md). */
const CLOCK_AHEAD_MS = 5 * 60_000;

export interface ConflictPage {
  readonly items: ConflictRow[];
  readonly next: string | null;
  readonly totals: { readonly cells: number; readonly invoices: number };
}

export interface Conflicts {
  list(query: { after?: string | undefined; limit: number }): Promise<ConflictPage>;
  /** Of one invoice, with the revision that they are told of: who has seen a lower one has not seen all of them. Rejects with AppError not_found. */
  of(invoice: string): Promise<{ readonly items: ConflictDetail[]; readonly revision: number }>;
}

export function createConflicts(base: Pick<Base, 'store'>, model: Pick<Model, 'loadArrived' | 'invoice'>): Conflicts {
  return {
    async list({ after, limit }) {
      const [page, totals] = await Promise.all([
        base.store.conflicts({ limit, ...(after === undefined ? {} : { after }) }),
        base.store.conflictTotals(),
      ]);
      return { items: page.items.flatMap(rowsOf), next: page.next, totals };
    },
    async of(id) {
      const [loaded, invoice] = await Promise.all([model.loadArrived(id), model.invoice(id)]);
      const log = readLog(loaded.ops);
      const places = { loaded, log, invoice };
      const items = conflictsOf(log).map((conflict) => detailOf(conflict, places));
      return { items, revision: loaded.ops.length };
    },
  };
}

const rowsOf = ({ summary, conflicts }: InvoiceConflicts): ConflictRow[] =>
  conflicts.map((conflict) => ({
    invoice: summary.id,
    kind: conflict.kind,
    entity: conflict.entity,
    field: conflict.kind === 'values' ? conflict.field : null,
    since: sinceOf(conflict.heads, apart(conflict.kind)),
    vendorName: summary.vendorName,
    invoiceNumber: summary.invoiceNumber,
    documentName: summary.documentName,
    currency: summary.currency,
  }));

/** Of a row both sides are there when a deletion and something else are. */
const apart =
  (kind: Conflict['kind']) =>
  (heads: readonly HeadOp[]): boolean =>
    kind === 'values'
      ? inConflict(heads.map(({ value }) => value))
      : heads.some(isDeletion) && heads.some((head) => !isDeletion(head));

const isDeletion = ({ op, value }: HeadOp): boolean => op.body.kind.endsWith('.deleted') && value !== null;

interface Places {
  readonly loaded: Pick<Loaded, 'ops' | 'readings'>;
  readonly log: Log;
  readonly invoice: Invoice;
}

function detailOf(conflict: Conflict, places: Places): ConflictDetail {
  const { kind, entity, heads } = conflict;
  const field = conflict.kind === 'values' ? conflict.field : null;
  const row = rowOf(places.invoice, entity);
  const read = field === null ? undefined : readingOf(places, entity, field);
  const own = heads.map(({ op }) => op.body.op_id);
  return {
    kind,
    entity,
    field,
    since: sinceOf(heads, apart(kind)),
    sides: kind === 'values' ? valueSides(places.log, heads) : rowSides(places.log, heads),
    // Who deletes or keeps a row has seen all of it.
    parents: [...new Set([...own, ...(kind === 'deleted' && row !== undefined ? rowParents(row.row) : [])])],
    base: kind === 'values' ? baseView(conflict, places) : null,
    read: read === undefined ? null : pick(read),
    place: placeOf(heads, read, row?.row),
    row: row === undefined ? null : { number: row.number, cells: valuesOf(row.row) },
  };
}

const pick = ({ value, text, confidence, source }: ReadCell) => ({ value, text, confidence, source });

const valueSides = (log: Log, heads: readonly HeadOp[]): ConflictSide[] =>
  sidesOf(heads).map((side) => ({
    value: side.value,
    keeps: null,
    said: side.heads.map((head) => sayingOf(log, head)),
  }));

function rowSides(log: Log, heads: readonly HeadOp[]): ConflictSide[] {
  const side = (keeps: boolean): ConflictSide => ({
    value: null,
    keeps,
    said: heads.filter((head) => isDeletion(head) !== keeps).map((head) => sayingOf(log, head)),
  });
  return [side(false), side(true)];
}

type Written = HeadOp['op'] & { readonly body: Pick<OpBody, 'device'> };

function sayingOf(log: Log, head: HeadOp): Saying {
  const { op } = head;
  const first = originOf(log, op) as Written;
  const claimed = hlcMs(first.body.hlc);
  const latest = Date.parse(first.receivedAt) + CLOCK_AHEAD_MS;
  return {
    op: op.body.op_id,
    actor: first.body.actor,
    device: first.body.device,
    putBackBy: first === op ? null : op.body.actor,
    claimedAt: claimed === undefined ? null : new Date(Math.min(claimed, latest)).toISOString(),
    receivedAt: first.receivedAt,
    reason: first.content?.reason ?? null,
    source: first.body.source,
    field: op.body.field ?? null,
    value: head.value,
  };
}

function baseView(conflict: Extract<Conflict, { kind: 'values' }>, { loaded, log }: Places): ConflictDetail['base'] {
  const base = baseOf(log, conflict.heads);
  if (base === undefined) return null;
  const { op_id: id, actor, kind } = base.body;
  if (kind !== 'reading.recorded')
    return { value: base.content?.value ?? null, actor, at: base.receivedAt, read: false };
  const cell = cellAsRead(base, loaded.readings.get(id), conflict.entity, conflict.field);
  return { value: cell?.value ?? null, actor: null, at: base.receivedAt, read: true };
}

/** Of the newest reading that has the cell. */
function readingOf({ loaded, log }: Places, entity: OpBody['entity'], field: string): ReadCell | undefined {
  for (const { op } of log.readings) {
    const cell = cellAsRead(op, loaded.readings.get(op.body.op_id), entity, field);
    if (cell !== undefined) return cell;
  }
  return undefined;
}

function placeOf(
  heads: readonly HeadOp[],
  read: ReadCell | undefined,
  row: Line | TaxRow | undefined,
): ConflictDetail['place'] {
  const clicked = heads.flatMap(({ op }) => op.body.evidence ?? []);
  const ofRow = row === undefined ? [] : ['box' in row ? row : {}, ...Object.values(row.cells)];
  for (const { page, box } of [...(read === undefined ? [] : [read]), ...clicked, ...ofRow] as Partial<
    NonNullable<ConflictDetail['place']>
  >[])
    if (page !== undefined && box !== undefined) return { page, box };
  return null;
}

interface FoundRow {
  readonly number: number;
  readonly row: Line | TaxRow;
}

function rowOf({ lines, taxRows }: Invoice, { type, id }: OpBody['entity']): FoundRow | undefined {
  const rows: readonly (Line | TaxRow)[] = type === 'line' ? lines : type === 'taxRow' ? taxRows : [];
  const at = rows.findIndex((row) => row.id === id);
  const row = rows[at];
  return row === undefined ? undefined : { number: at + 1, row };
}

const valuesOf = ({ cells }: Line | TaxRow): Record<string, string | null> =>
  Object.fromEntries(Object.entries(cells).map(([field, cell]) => [field, cell?.value ?? null]));
