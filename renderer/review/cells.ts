/** Names of cells as text keys, and the cells of an invoice by them. */
import type { Cell, CellRef, Invoice } from '../../core/contract/invoice.ts';
import { HEADER_FIELDS, LINE_FIELDS, TAX_ROW_FIELDS } from '../../core/invoice/fields.ts';
import type { FieldInfo } from '../../core/invoice/fields.ts';
import type { Proof } from '../../core/invoice/proof.ts';

/** `invoice:<id>:grossTotal`, `line:<id>:quantity`, `taxRow:<id>:base`. */
export type CellKey = string;

export const keyOf = (ref: CellRef): CellKey => `${ref.entity.type}:${ref.entity.id}:${ref.field}`;

export function refOf(key: CellKey): CellRef {
  const [type, id, field] = key.split(':') as [CellRef['entity']['type'], string, string];
  return { entity: { type, id }, field };
}

export const headerKey = (invoice: Pick<Invoice, 'id'>, field: string): CellKey => `invoice:${invoice.id}:${field}`;

/** A cell nobody has read or set yet. */
export const EMPTY_CELL: Cell = {
  value: null,
  text: '',
  source: 'manual',
  confidence: 1,
  reasons: [],
  candidates: [],
  parents: [],
};

type Cells = Partial<Record<string, Cell>>;

export function cellsOf(invoice: Invoice, ref: CellRef): Cells | undefined {
  if (ref.entity.type === 'invoice') return invoice.header;
  const rows = ref.entity.type === 'line' ? invoice.lines : invoice.taxRows;
  return rows.find((row) => row.id === ref.entity.id)?.cells;
}

export function cellAt(invoice: Invoice, key: CellKey): Cell {
  const ref = refOf(key);
  const cells = cellsOf(invoice, ref);
  return cells?.[ref.field] ?? emptyCell(invoice, ref, cells);
}

/** A first value of a cell that the reading left empty names the reading as what its author saw (SYNC.md); a row added by hand was in no reading. */
export function emptyCell(invoice: Invoice, ref: CellRef, cells: Cells | undefined): Cell {
  const { reading } = invoice;
  if (!reading) return EMPTY_CELL;
  const read = ref.entity.type === 'invoice' || Object.values(cells ?? {}).some((c) => c?.text !== '' || c.box);
  return read ? { ...EMPTY_CELL, parents: [reading.op] } : EMPTY_CELL;
}

export function infoOf(ref: Pick<CellRef, 'field'> & { entity: { type: string } }): FieldInfo {
  const table: Record<string, FieldInfo> =
    ref.entity.type === 'invoice' ? HEADER_FIELDS : ref.entity.type === 'line' ? LINE_FIELDS : TAX_ROW_FIELDS;
  return table[ref.field] ?? { type: 'text', group: 'other' };
}

/** Every cell with a place on a page, for the boxes of the viewer. */
export function placedCells(invoice: Invoice): { key: CellKey; cell: Cell }[] {
  const found: { key: CellKey; cell: Cell }[] = [];
  const take = (type: string, id: string, cells: Cells) => {
    for (const [field, cell] of Object.entries(cells))
      if (cell?.box && cell.page !== undefined) found.push({ key: `${type}:${id}:${field}`, cell });
  };
  take('invoice', invoice.id, invoice.header);
  for (const line of invoice.lines) take('line', line.id, line.cells);
  for (const row of invoice.taxRows) take('taxRow', row.id, row.cells);
  return found;
}

/** How sure the reading is, in steps that a person can see by shape, colour and word; proved where something besides the print says it. */
export type Certainty = 'human' | 'proved' | 'sure' | 'likely' | 'doubtful' | 'empty';

export function certainty(cell: Cell, proof?: Proof): Certainty {
  if (cell.actor !== undefined) return 'human';
  if (cell.value === null) return 'empty';
  if (proof !== undefined) return 'proved';
  if (cell.confidence >= 0.9) return 'sure';
  return cell.confidence >= 0.7 ? 'likely' : 'doubtful';
}
