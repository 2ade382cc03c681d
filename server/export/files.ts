/** The bytes of an export. What stands in them is decided in core/export; here it becomes a file. */
import { strToU8, Zip, ZipDeflate } from 'fflate';
import { setImmediate as breathe } from 'node:timers/promises';
import { assertNever } from '../../core/assert.ts';
import type { Settings } from '../../core/contract/settings.ts';
import type { Invoice } from '../../core/contract/invoice.ts';
import { batchFileName, type ExportFormat } from '../../core/export/batch.ts';
import type { Batch, ExportCell } from '../../core/export/columns.ts';
import { toCsv } from '../../core/export/csv.ts';
import { toJson } from '../../core/export/json.ts';
import { toUbl } from '../../core/export/ubl.ts';
import { type Sheet, toSheets } from '../../core/export/xlsx.ts';

export interface ExportFile {
  readonly name: string;
  readonly bytes: Uint8Array;
}

export interface ExportInput {
  readonly format: ExportFormat;
  readonly invoices: readonly Invoice[];
  readonly batch: Batch;
  readonly settings: Settings;
  /** ISO date. */
  readonly today: string;
}

const MAX_PREVIEW = 200_000;

export async function exportFile(input: ExportInput): Promise<ExportFile> {
  const { format, invoices, batch, today } = input;
  const name = batchFileName(batch.number, today, format);
  switch (format) {
    case 'csv':
    case 'json':
      return { name, bytes: strToU8(textOf(input)) };
    case 'xlsx':
      return { name, bytes: await workbook(toSheets(invoices, batch)) };
    case 'ubl': {
      const [first, ...others] = invoices.map((invoice) => ({ name: xmlName(invoice), xml: ublOf(invoice) }));
      if (first !== undefined && others.length === 0)
        return { name: name.replace(/\.zip$/, '.xml'), bytes: strToU8(first.xml) };
      return { name, bytes: await zipped(first === undefined ? [] : [first, ...others]) };
    }
    default:
      return assertNever(format);
  }
}

/** What a dry run shows: the file itself where it is text, else the same rows as CSV, or the first XML. */
export function previewOf(input: ExportInput): string {
  const [first] = input.invoices;
  if (input.format === 'ubl') return first === undefined ? '' : ublOf(first).slice(0, MAX_PREVIEW);
  return textOf(input).slice(0, MAX_PREVIEW);
}

function textOf({ format, invoices, batch, settings }: ExportInput): string {
  if (format === 'json') return toJson(invoices, batch);
  return toCsv(invoices, batch, { delimiter: settings.csvDelimiter, decimal: settings.csvDecimal });
}

/** Invoices without which UBL cannot be written were left out before. */
function ublOf(invoice: Invoice): string {
  const made = toUbl(invoice);
  if ('xml' in made) return made.xml;
  throw new Error('an invoice that cannot be written as UBL was not left out');
}

export function ublProblems(invoice: Invoice): readonly string[] {
  const made = toUbl(invoice);
  return 'xml' in made ? [] : made.problems;
}

/** The id makes it unique; the number lets a person find it. */
function xmlName(invoice: Invoice): string {
  const number = (invoice.header.invoiceNumber?.value ?? '').replace(/[^A-Za-z0-9._-]+/g, '_').slice(0, 60);
  return `${number === '' ? 'invoice' : number}-${invoice.id}.xml`;
}

/** One file after the other, so that a large batch does not hold up the server. */
async function zipped(files: readonly { name: string; xml: string }[]): Promise<Uint8Array> {
  const chunks: Uint8Array[] = [];
  const done = new Promise<void>((resolve, reject) => {
    const zip = new Zip((error, chunk, final) => {
      if (error) return reject(error);
      chunks.push(chunk);
      if (final) resolve();
    });
    const add = async (): Promise<void> => {
      for (const file of files) {
        const entry = new ZipDeflate(file.name, { level: 6 });
        // The same invoices give the same bytes: no clock in the archive.
        entry.mtime = new Date(1980, 0, 1);
        zip.add(entry);
        entry.push(strToU8(file.xml), true);
        await breathe();
      }
      zip.end();
    };
    add().catch(reject);
  });
  await done;
  return Buffer.concat(chunks);
}

async function workbook(sheets: readonly Sheet[]): Promise<Uint8Array> {
  const made = sheets.map((sheet) => ({
    sheet: sheet.name,
    stickyRowsCount: 1,
    data: [
      sheet.columns.map((name) => ({ value: name, type: String, fontWeight: 'bold' as const })),
      ...sheet.rows.map((row) => row.map(cellOf)),
    ],
  }));
  // Loaded when the first workbook is made: most starts never make one.
  const { default: writeExcelFile } = await import('write-excel-file/node');
  return writeExcelFile(made).toBuffer();
}

/** Typed cells: text is text, whatever it begins with; a spreadsheet never runs it. */
function cellOf(cell: ExportCell | null) {
  if (cell === null) return null;
  switch (cell.kind) {
    case 'number': {
      const digits = cell.digits ?? 0;
      const format = digits === 0 ? undefined : `0.${'0'.repeat(digits)}`;
      return { value: Number(cell.value), type: Number, ...(format === undefined ? {} : { format }) };
    }
    case 'date':
      return { value: new Date(`${cell.value}T00:00:00Z`), type: Date, format: 'yyyy-mm-dd' };
    case 'text':
      return { value: cell.value, type: String };
    default:
      return assertNever(cell.kind);
  }
}
