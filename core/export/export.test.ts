import { expect, test } from 'vitest';
import type { ExportBatch } from '../contract/http.ts';
import type { Invoice } from '../contract/invoice.ts';
import { HEADER_FIELDS, HEADER_FIELD_NAMES, LINE_FIELDS, LINE_FIELD_NAMES } from '../invoice/fields.ts';
import type { FieldType } from '../invoice/fields.ts';
import { RULES } from '../validate/rules.ts';
import { GOOD, GOOD_LINES, invoiceOf } from '../validate/testing.ts';
import { FINDING_ALIASES, findingAlias } from './aliases.ts';
import { batchFileName, planBatch } from './batch.ts';
import { CSV_COLUMNS, guarded, toCsv } from './csv.ts';
import { toJson } from './json.ts';
import { toSheets } from './xlsx.ts';

const batch = { number: 17, id: '00000000-0000-4000-8000-0000000000bb' };
const style = { delimiter: ';', decimal: ',' } as const;

const example = (type: FieldType): string =>
  ({ date: '2024-05-01', amount: '1234.5', decimal: '3.25', percent: '19', currency: 'EUR', code: 'invoice' })[
    type as string
  ] ?? 'x; "y"';
const full = (fields: Record<string, { type: FieldType }>, names: readonly string[]) =>
  Object.fromEntries(names.map((name) => [name, example(fields[name]?.type ?? 'text')]));

function everything(): Invoice {
  const invoice = invoiceOf({
    header: full(HEADER_FIELDS, HEADER_FIELD_NAMES),
    lines: [full(LINE_FIELDS, LINE_FIELD_NAMES), full(LINE_FIELDS, LINE_FIELD_NAMES)],
    taxRows: [{ category: 'S', rate: '19', base: '100', amount: '19' }],
  });
  const finding = {
    code: 'OLD_INVOICE',
    severity: 'warning' as const,
    cells: [],
    params: {},
    clear: 'confirm-date',
    version: 1,
  };
  return { ...invoice, findings: [finding] };
}

/** A reader of RFC 4180, written without the writer. */
function parseCsv(text: string, delimiter: string): string[][] {
  const rows: string[][] = [[]];
  const pattern = new RegExp(`(?:"((?:[^"]|"")*)"|([^"${delimiter}\\r\\n]*))(${delimiter}|\\r\\n)`, 'y');
  for (let match = pattern.exec(text); match !== null; match = pattern.exec(text)) {
    rows.at(-1)?.push(match[1] === undefined ? (match[2] ?? '') : match[1].replaceAll('""', '"'));
    if (match[3] === '\r\n') rows.push([]);
  }
  return rows.slice(0, -1);
}

test('an invoice that has everything fills every column of every format', () => {
  const [header, ...rows] = parseCsv(toCsv([everything()], batch, style).slice(1), ';');
  expect(header).toEqual(CSV_COLUMNS);
  expect(rows).toHaveLength(2);
  for (const row of rows) expect(CSV_COLUMNS.filter((_, i) => !row[i])).toEqual([]);
  for (const sheet of toSheets([everything()], batch))
    for (const row of sheet.rows) expect(sheet.columns.filter((_, i) => !row[i]?.value)).toEqual([]);
  expect(new Set(CSV_COLUMNS).size).toBe(CSV_COLUMNS.length);
});

test('importers know the columns by name and place', () => {
  // A change here breaks whoever imports these files: only add, and say so in the change log.
  expect(CSV_COLUMNS.join(' ')).toMatchInlineSnapshot(
    `"batch invoiceId fileName fileSha256 direction documentType typeCode invoiceNumber issueDate deliveryDate dueDate currency vendorName vendorAddress vendorTaxId vendorEmail buyerName buyerTaxId buyerAddress deliveryAddress poNumber buyerReference contractRef precedingInvoice lineTotalSum allowanceTotal chargeTotal netTotal taxTotal grossTotal prepaid rounding amountDue withheldTax vendorIban vendorBic vendorAccount payeeName paymentReference paymentTerms discountTerms servicePeriodStart servicePeriodEnd accountingCurrency accountingTaxTotal exchangeRate exemptionReason taxBreakdown findings lineNumber line.position line.articleNumber line.description line.quantity line.unit line.unitPrice line.priceBase line.discount line.taxRate line.lineTotal line.poLine line.account line.costCentre"`,
  );
});

test('CSV: BOM, CRLF, decimal sign, quotes', () => {
  const csv = toCsv([invoiceOf({ header: { ...GOOD, vendorName: 'A; "B"\nC' }, lines: GOOD_LINES })], batch, style);
  expect(csv.startsWith('\uFEFFbatch;')).toBe(true);
  expect(csv.endsWith('\r\n')).toBe(true);
  const [header = [], row = []] = parseCsv(csv.slice(1), ';');
  const at = (name: string) => row[header.indexOf(name)];
  expect([at('grossTotal'), at('line.quantity'), at('vendorName'), at('issueDate')]).toEqual([
    '119,00',
    '4',
    'A; "B"\nC',
    '2024-05-01',
  ]);
  const comma = toCsv([invoiceOf({ header: GOOD })], batch, { delimiter: ',', decimal: ',' });
  expect(comma).toContain('"119,00"');
});

test('text that a spreadsheet would run is made text, numbers are left alone', () => {
  for (const text of ['=1+1', '+49 30 1', '-x', '@SUM(A1)', '\t=1', '\r=1', ' =1', '＝1', '=HYPERLINK("http://x","y")'])
    expect(guarded(text)).toBe(`'${text}`);
  for (const text of ['RE-1', '1=1', 'a@b', '']) expect(guarded(text)).toBe(text);
  const credit = invoiceOf({ header: { ...GOOD, grossTotal: '-119', vendorName: '=cmd|calc' } });
  const csv = toCsv([credit], batch, { delimiter: ',', decimal: '.' });
  expect(csv).toContain(',-119.00,');
  expect(csv).toContain("'=cmd|calc");
  const [sheet] = toSheets([credit], batch);
  const cells = new Map(sheet?.columns.map((name, i) => [name, sheet.rows[0]?.[i]]));
  expect(cells.get('vendorName')).toEqual({ kind: 'text', value: '=cmd|calc' });
  expect(cells.get('grossTotal')).toEqual({ kind: 'number', value: '-119.00', digits: 2 });
});

test('an invoice without lines has one row', () => {
  expect(parseCsv(toCsv([invoiceOf({ header: GOOD })], batch, style).slice(1), ';')).toHaveLength(2);
});

test('a number too long for a spreadsheet stays exact as text', () => {
  const [sheet] = toSheets([invoiceOf({ header: { ...GOOD, grossTotal: '12345678901234.56' } })], batch);
  const cell = sheet?.rows[0]?.[sheet.columns.indexOf('grossTotal')];
  expect(cell).toEqual({ kind: 'text', value: '12345678901234.56' });
});

test('JSON keeps decimals as strings and says where a value stands', () => {
  const text = toJson([{ ...everything(), judged: { rules: '1', today: '2024-05-02' } }], batch);
  const { invoices, version } = JSON.parse(text) as { version: number; invoices: Record<string, unknown>[] };
  expect(version).toBe(1);
  expect(invoices[0]).toMatchObject({
    grossTotal: '1234.5',
    direction: 1,
    lines: [{ quantity: '3.25' }, {}],
    taxBreakdown: [{ rate: '19', amount: '19' }],
    evidence: { grossTotal: { source: 'text', text: '1234.5' } },
    findings: [{ code: 'OLD_INVOICE', alias: 'date_validation_failed' }],
  });
});

test('every rule has an older name', () => {
  for (const { code } of RULES) expect(Object.hasOwn(FINDING_ALIASES, code)).toBe(true);
  expect(findingAlias('USER_RULE')).toBe('custom_validation_failed');
});

const made = (more: Partial<ExportBatch>): ExportBatch => ({
  id: '00000000-0000-4000-8000-0000000000b1',
  number: 1,
  format: 'csv',
  createdAt: '2024-05-02T00:00:00.000Z',
  actor: 'local:1',
  invoices: [],
  fileName: 'x',
  sha256: 'a'.repeat(64),
  size: 1,
  ...more,
});
const approved = (id: string, more: Partial<Invoice> = {}): Invoice => ({
  ...invoiceOf({ header: GOOD, id }),
  state: 'approved',
  ...more,
});

test('asking twice makes one batch', () => {
  const batches = [made({ number: 4 })];
  const again = planBatch({ batchId: batches[0]!.id, invoices: [approved('1')], batches });
  expect(again).toEqual({ kind: 'repeat', batch: batches[0] });
});

test('only confirmed invoices go out, once, in a fixed order', () => {
  const reminder = { ...invoiceOf({ header: { documentType: 'reminder' }, id: '5' }), state: 'approved' as const };
  const plan = planBatch({
    batchId: 'new',
    requested: ['1', '2', '3', '4', '5', '6', '9'],
    invoices: [
      approved('6'),
      approved('2', { createdAt: '2024-01-01T00:00:00.000Z' }),
      approved('1', { state: 'received' }),
      approved('3', { state: 'exported' }),
      approved('4'),
      reminder,
    ],
    batches: [made({ number: 7, invoices: ['4'] })],
  });
  expect(plan).toMatchObject({ kind: 'new', number: 8 });
  expect(plan.kind === 'new' && plan.include.map(({ id }) => id)).toEqual(['2', '6']);
  expect(plan.kind === 'new' && plan.skipped.toSorted((a, b) => a.id.localeCompare(b.id))).toEqual([
    { id: '1', reason: 'not-confirmed' },
    { id: '3', reason: 'already-exported' },
    { id: '4', reason: 'already-exported' },
    { id: '5', reason: 'not-a-bill' },
    { id: '9', reason: 'not-found' },
  ]);
});

test('what two people disagree about stays', () => {
  const conflict = [{ op: 'a', value: '1', actor: 'x', at: '' }];
  const disputed = invoiceOf({ header: { ...GOOD, grossTotal: { value: '1', conflict } } });
  const plan = planBatch({ batchId: 'new', invoices: [{ ...disputed, state: 'approved' }], batches: [] });
  expect(plan).toMatchObject({ number: 1, include: [], skipped: [{ reason: 'in-conflict' }] });
});

test('what was changed behind its approval stays', () => {
  const changed = [{ entity: { type: 'invoice' as const, id: '1' }, field: 'grossTotal' }];
  const plan = planBatch({ batchId: 'new', invoices: [approved('1', { changed })], batches: [] });
  expect(plan).toMatchObject({ number: 1, include: [], skipped: [{ reason: 'not-confirmed' }] });
});

test('file names sort by number', () => {
  expect(batchFileName(17, '2024-05-02', 'csv')).toBe('bills-000017-2024-05-02.csv');
});
