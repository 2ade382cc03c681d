/**
 * Lines and tax rows: those the reading saw (ids derived from it), those added by hand, without those deleted.
 *
 * [Note: Rows and a later reading] Rows of two readings have different ids. As long as nobody touched a row, the newest reading's rows are shown. Once a
 * person touched rows of an earlier reading, that reading's rows stay, so that reading again loses no work and doubles no line. Touched rows of yet
 * another reading (two people offline) are shown too: a person decides.
 */
import type { Cell, Line, TaxRow } from '../contract/invoice.ts';
import type { ReadCell, Reading } from '../contract/reading.ts';
import { rowId } from '../sync/ids.ts';
import { tombstoneState } from '../sync/conflicts.ts';
import { entityKey } from '../sync/kinds.ts';
import { LineAdded, type Sha256 } from '../sync/op.ts';
import { orderOfRow } from '../sync/order.ts';
import { cellKey } from '../sync/reducer.ts';
import { makeCell } from './cells.ts';
import { fieldInfo, LINE_FIELD_NAMES, TAX_ROW_FIELD_NAMES } from './fields.ts';
import { cellHeads, contentJson, type Log } from './log.ts';

export type RowType = 'line' | 'taxRow';
const FIELDS: Record<RowType, readonly string[]> = { line: LINE_FIELD_NAMES, taxRow: TAX_ROW_FIELD_NAMES };

/** A reading whose blob is at hand. */
export interface LoadedReading {
  readonly op: string;
  /** Its rows are called by that one: what people did to them is found again after it was written again under another device (core/sync/reissue.ts). */
  readonly firstOp: string;
  readonly reading: Reading;
}

interface SourceRow {
  readonly id: string;
  readonly order: string;
  /** '' for a row added by hand. */
  readonly readingOp: string;
  readonly page?: number | undefined;
  readonly box?: Line['box'];
  readonly cells: Readonly<Record<string, ReadCell | undefined>>;
}

function rowsOf({ op, firstOp, reading }: LoadedReading, type: RowType, sha256: Sha256): SourceRow[] {
  const rows = type === 'line' ? reading.lines : reading.taxRows;
  return rows.map((row) => ({
    id: rowId(sha256, firstOp, type, row.row),
    order: orderOfRow(row.row),
    readingOp: op,
    cells: row.cells,
    ...('page' in row ? { page: row.page } : {}),
    ...('box' in row ? { box: row.box } : {}),
  }));
}

/** Of the invoice, or of one of its rows as this reading saw it; undefined where it saw no such row. */
export function cellsAsRead(
  loaded: LoadedReading,
  { type, id }: { readonly type: string; readonly id: string },
  sha256: Sha256,
): Readonly<Record<string, ReadCell | undefined>> | undefined {
  if (type === 'invoice') return loaded.reading.header;
  const rows = loaded.reading[type === 'line' ? 'lines' : 'taxRows'];
  return rows.find(({ row }) => rowId(sha256, loaded.firstOp, type === 'line' ? 'line' : 'taxRow', row) === id)?.cells;
}

/** A row once, even where its operation was written again under another device (core/sync/reissue.ts). */
function addedRows(log: Log, type: RowType): SourceRow[] {
  const rows = new Map<string, SourceRow>();
  for (const op of log.ops) {
    const { kind, entity } = op.body;
    if (kind !== `${type}.added` || op.verdict !== 'accepted' || rows.has(entity.id)) continue;
    const added = LineAdded.safeParse(contentJson(op));
    if (added.success) rows.set(entity.id, { id: entity.id, order: added.data.order, readingOp: '', cells: {} });
  }
  return [...rows.values()];
}

/** Ids of rows that a person edited or deleted. */
function touchedRows(log: Log, type: RowType): Set<string> {
  const touched = log.ops.filter(
    ({ body, verdict }) => verdict === 'accepted' && body.entity.type === type && !body.kind.endsWith('.added'),
  );
  return new Set(touched.map((op) => op.body.entity.id));
}

function sourceRows(log: Log, readings: readonly LoadedReading[], type: RowType, sha256: Sha256): SourceRow[] {
  const touched = touchedRows(log, type);
  const perReading = readings.map((reading) => rowsOf(reading, type, sha256));
  const base = perReading.find((rows) => rows.some((row) => touched.has(row.id))) ?? perReading[0] ?? [];
  const strays = perReading
    .filter((rows) => rows !== base)
    .flatMap((rows) => rows.filter((row) => touched.has(row.id)));
  const shown = new Map([...strays, ...base].map((row) => [row.id, row]));
  const rows = [...shown.values(), ...addedRows(log, type)];
  return rows.toSorted((a, b) => compareText(a.order, b.order) || compareText(a.id, b.id));
}

const compareText = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);

function rowCells(log: Log, type: RowType, row: SourceRow): Record<string, Cell> {
  const cells: Record<string, Cell> = {};
  for (const field of FIELDS[type]) {
    const has = log.registers.heads.has(cellKey({ root: log.root, entity: entityKey({ type, id: row.id }), field }));
    const heads = has ? cellHeads(log, { type, id: row.id }, field) : [];
    const cell = makeCell(heads, row.cells[field], row.readingOp, fieldInfo(type, field)?.core === true);
    if (cell !== undefined) cells[field] = cell;
  }
  return cells;
}

export function projectLines(log: Log, readings: readonly LoadedReading[], sha256: Sha256): Line[] {
  return sourceRows(log, readings, 'line', sha256).flatMap((row) => {
    const state = tombstoneState(log, { type: 'line', id: row.id });
    if (state === 'gone') return [];
    return [
      {
        id: row.id,
        order: row.order,
        ...(row.page === undefined ? {} : { page: row.page }),
        ...(row.box === undefined ? {} : { box: row.box }),
        cells: rowCells(log, 'line', row),
        ...(state === 'disputed' ? { deleteConflict: true } : {}),
      },
    ];
  });
}

export function projectTaxRows(log: Log, readings: readonly LoadedReading[], sha256: Sha256): TaxRow[] {
  return sourceRows(log, readings, 'taxRow', sha256).flatMap((row) => {
    const state = tombstoneState(log, { type: 'taxRow', id: row.id });
    if (state === 'gone') return [];
    const cells = rowCells(log, 'taxRow', row);
    return [{ id: row.id, order: row.order, cells, ...(state === 'disputed' ? { deleteConflict: true } : {}) }];
  });
}

/** What a deletion of the row names as parents: everything its author saw of it. */
export const rowParents = (row: Line | TaxRow): string[] =>
  [...new Set(Object.values(row.cells).flatMap((cell) => cell.parents))].toSorted();
