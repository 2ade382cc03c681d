/**
 * CSV (RFC 4180) that opens in a spreadsheet: BOM, CRLF, chosen delimiter and decimal sign. One row per line item, the invoice's own columns repeated on
 * each; an invoice without lines has one row with its line columns empty. Amounts of the invoice are therefore repeated too: sum them by `invoiceId`.
 */
import type { Invoice } from '../contract/invoice.ts';
import { INVOICE_COLUMNS, LINE_COLUMNS } from './columns.ts';
import type { Batch, Column, ExportCell } from './columns.ts';

export interface CsvStyle {
  readonly delimiter: ',' | ';' | '\t';
  readonly decimal: '.' | ',';
}

const BOM = '\uFEFF';

export const CSV_COLUMNS: readonly string[] = [...INVOICE_COLUMNS, ...LINE_COLUMNS].map(({ name }) => name);

export function toCsv(invoices: readonly Invoice[], batch: Batch, style: CsvStyle): string {
  const rows = invoices.flatMap((invoice) => rowsOf(invoice, batch));
  const written = rows.map((cells) => cells.map((cell) => field(cell, style)).join(style.delimiter));
  return `${BOM}${[CSV_COLUMNS.join(style.delimiter), ...written].join('\r\n')}\r\n`;
}

function rowsOf(invoice: Invoice, batch: Batch): (ExportCell | null)[][] {
  const own = read(INVOICE_COLUMNS, { invoice, batch });
  if (invoice.lines.length === 0) return [[...own, ...LINE_COLUMNS.map(() => null)]];
  return invoice.lines.map((line) => [...own, ...read(LINE_COLUMNS, { invoice, batch, line })]);
}

const read = <T>(columns: readonly Column<T>[], from: T): (ExportCell | null)[] => columns.map(({ of }) => of(from));

function field(cell: ExportCell | null, style: CsvStyle): string {
  if (cell === null) return '';
  if (cell.kind === 'text') return quoted(guarded(cell.value), style);
  return quoted(cell.kind === 'number' ? cell.value.replace('.', style.decimal) : cell.value, style);
}

/**
 * A spreadsheet runs text that starts like a formula (OWASP, CSV injection); an apostrophe makes it text. Typed numbers need none. The full-width
 * signs are taken for the plain ones by East Asian spreadsheets, and blanks before the sign are skipped by some.
 */
export const guarded = (text: string): string => (/^[\t\r\n]|^\s*[=+\-@＝＋－＠]/u.test(text) ? `'${text}` : text);

function quoted(text: string, { delimiter }: CsvStyle): string {
  return text.includes(delimiter) || /["\r\n]|^\s|\s$/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}
