/**
 * The columns of every flat export, once: what CSV and XLSX write and in which order. New columns go to the end of their group; a column never changes
 * its meaning (importers know them by name).
 */
import type { Cell, Invoice, Line } from '../contract/invoice.ts';
import { currencyDigits } from '../invoice/currency.ts';
import { isDecimal, withDigits } from '../invoice/decimal.ts';
import { HEADER_FIELDS, HEADER_FIELD_NAMES, LINE_FIELDS, LINE_FIELD_NAMES } from '../invoice/fields.ts';
import type { FieldType } from '../invoice/fields.ts';
import { direction } from '../invoice/money.ts';

/** One value with its kind: `number` is a plain decimal, `date` an ISO date; all else is text and never anything a spreadsheet may run. */
export interface ExportCell {
  readonly kind: 'text' | 'number' | 'date';
  readonly value: string;
  /** Decimals to show in a spreadsheet. */
  readonly digits?: number;
}

export interface Batch {
  readonly number: number;
  readonly id: string;
}

export interface Column<T> {
  readonly name: string;
  readonly of: (from: T) => ExportCell | null;
}

export interface InvoiceRow {
  readonly invoice: Invoice;
  readonly batch: Batch;
}
export interface LineRow extends InvoiceRow {
  readonly line: Line;
}

const textCell = (value: string): ExportCell => ({ kind: 'text', value });
const numberCell = (value: string, digits = 0): ExportCell => ({
  kind: 'number',
  value: withDigits(value, digits),
  digits,
});

function typed(type: FieldType, cell: Cell | undefined, invoice: Invoice): ExportCell | null {
  if (!cell?.value) return null;
  const digits = currencyDigits(invoice.header.currency?.value ?? '') ?? 2;
  if (type === 'date') return { kind: 'date', value: cell.value };
  if (!['amount', 'decimal', 'percent'].includes(type) || !isDecimal(cell.value)) return textCell(cell.value);
  return numberCell(cell.value, type === 'amount' ? digits : 0);
}

const RECORD_COLUMNS: readonly Column<InvoiceRow>[] = [
  { name: 'batch', of: ({ batch }) => numberCell(String(batch.number)) },
  { name: 'invoiceId', of: ({ invoice }) => textCell(invoice.id) },
  { name: 'fileName', of: ({ invoice }) => textCell(invoice.document.name) },
  { name: 'fileSha256', of: ({ invoice }) => textCell(invoice.document.sha256) },
  /** -1 for a credit note: amounts stand as printed, the ledger multiplies by it. */
  { name: 'direction', of: ({ invoice }) => numberCell(String(directionOf(invoice))) },
];

export const directionOf = ({ header }: Invoice): 1 | -1 =>
  direction(header.typeCode?.value, header.documentType?.value);

const HEADER_COLUMNS: readonly Column<InvoiceRow>[] = HEADER_FIELD_NAMES.map((name) => ({
  name,
  of: ({ invoice }) => typed(HEADER_FIELDS[name].type, invoice.header[name], invoice),
}));

const TAIL_COLUMNS: readonly Column<InvoiceRow>[] = [
  { name: 'taxBreakdown', of: ({ invoice }) => taxBreakdown(invoice) },
  { name: 'findings', of: ({ invoice }) => listed([...new Set(invoice.findings.map(({ code }) => code))]) },
];

export const INVOICE_COLUMNS: readonly Column<InvoiceRow>[] = [...RECORD_COLUMNS, ...HEADER_COLUMNS, ...TAIL_COLUMNS];

export const LINE_COLUMNS: readonly Column<LineRow>[] = [
  { name: 'lineNumber', of: ({ invoice, line }) => numberCell(String(invoice.lines.indexOf(line) + 1)) },
  ...LINE_FIELD_NAMES.map((name): Column<LineRow> => ({
    // `line.account` beside `account`: header and line have fields of the same name.
    name: `line.${name}`,
    of: ({ invoice, line }) => typed(LINE_FIELDS[name].type, line.cells[name], invoice),
  })),
];

const listed = (parts: readonly string[]): ExportCell | null =>
  parts.length === 0 ? null : textCell(parts.join('; '));

/** "S 19%: 100.00 / 19.00; ..." (category, rate: base / tax), canonical decimals whatever the decimal style of the file. */
function taxBreakdown(invoice: Invoice): ExportCell | null {
  return listed(
    invoice.taxRows.map(({ cells }) => {
      const category = cells.category?.value ? `${cells.category.value} ` : '';
      return `${category}${cells.rate?.value ?? '?'}%: ${cells.base?.value ?? '?'} / ${cells.amount?.value ?? '?'}`;
    }),
  );
}
