/** A confirmed invoice from plain values, for tests and for generators of samples. */
import type { Cell, Invoice } from '../../contract/invoice.ts';
import type { HeaderField, LineField, TaxRowField } from '../../invoice/fields.ts';

export interface InvoiceValues {
  readonly header: Partial<Record<HeaderField, string>>;
  readonly lines: readonly Partial<Record<LineField, string>>[];
  readonly taxRows?: readonly Partial<Record<TaxRowField, string>>[];
}

const cell = (value: string): Cell => ({
  value,
  text: value,
  source: 'manual',
  confidence: 1,
  reasons: [],
  candidates: [],
  parents: [],
});

const cells = (values: Record<string, string | undefined>): Record<string, Cell> =>
  Object.fromEntries(
    Object.entries(values).flatMap(([name, value]) => (value === undefined ? [] : [[name, cell(value)]])),
  );

export const makeInvoice = ({ header, lines, taxRows = [] }: InvoiceValues): Invoice => ({
  id: 'invoice',
  revision: 1,
  state: 'confirmed',
  status: 'confirmed',
  createdAt: '2024-01-01T00:00:00.000Z',
  updatedAt: '2024-01-01T00:00:00.000Z',
  document: { sha256: '0'.repeat(64), name: 'invoice.pdf', mime: 'application/pdf', size: 1 },
  reading: null,
  header: cells(header),
  lines: lines.map((line, index) => ({
    id: `line-${index}`,
    order: String(index).padStart(6, '0'),
    cells: cells(line),
  })),
  taxRows: taxRows.map((row, index) => ({
    id: `tax-${index}`,
    order: String(index).padStart(6, '0'),
    cells: cells(row),
  })),
  findings: [],
  judged: null,
  attention: [],
  digest: '',
});
