/** Sheets of typed cells: numbers are numbers and dates dates, everything else is text that a spreadsheet never runs. The server writes the bytes. */
import type { Invoice } from '../contract/invoice.ts';
import { INVOICE_COLUMNS, LINE_COLUMNS } from './columns.ts';
import type { Batch, Column, ExportCell } from './columns.ts';

export interface Sheet {
  readonly name: string;
  readonly columns: readonly string[];
  readonly rows: readonly (readonly (ExportCell | null)[])[];
}

/** A spreadsheet keeps 15 significant digits of a number: what has more stays exact as text. */
const SIGNIFICANT = 15;

/** `Invoices`: one row each. `Lines`: one row per line item, found again by `invoiceId`. */
export function toSheets(invoices: readonly Invoice[], batch: Batch): Sheet[] {
  const keys = INVOICE_COLUMNS.filter(({ name }) =>
    ['batch', 'invoiceId', 'invoiceNumber', 'vendorName', 'currency'].includes(name),
  );
  const lines = invoices.flatMap((invoice) => invoice.lines.map((line) => ({ invoice, batch, line })));
  return [
    sheet(
      'Invoices',
      INVOICE_COLUMNS,
      invoices.map((invoice) => ({ invoice, batch })),
    ),
    sheet('Lines', [...keys, ...LINE_COLUMNS], lines),
  ];
}

function sheet<T>(name: string, columns: readonly Column<T>[], from: readonly T[]): Sheet {
  return {
    name,
    columns: columns.map((column) => column.name),
    rows: from.map((row) => columns.map(({ of }) => exact(of(row)))),
  };
}

function exact(cell: ExportCell | null): ExportCell | null {
  if (cell?.kind !== 'number') return cell;
  const digits = cell.value.replaceAll(/\D/g, '').replace(/^0+/, '').length;
  return digits > SIGNIFICANT ? { kind: 'text', value: cell.value } : cell;
}
