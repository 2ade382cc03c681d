/** Invoices for the tests of rules and exports: as many values as a test names, nothing else. */
import type { Cell, CellMap, Finding, Invoice, Line, TaxRow } from '../contract/invoice.ts';
import { fieldInfo } from '../invoice/fields.ts';
import type { HeaderField, LineField, TaxRowField } from '../invoice/fields.ts';
import { findingText } from '../text/text.ts';
import { validateInvoice } from './engine.ts';
import type { Rule, RuleContext } from './rule.ts';

export type Values<F extends string> = Partial<Record<F, string | Partial<Cell>>>;

export interface Parts {
  readonly header?: Values<HeaderField>;
  readonly lines?: readonly Values<LineField>[];
  readonly taxRows?: readonly Values<TaxRowField>[];
  readonly reading?: Partial<NonNullable<Invoice['reading']>> | null;
  readonly id?: string;
  readonly createdAt?: string;
}

const ID = '00000000-0000-4000-8000-000000000001';

export function cell(value: string, more: Partial<Cell> = {}): Cell {
  return {
    value,
    text: value,
    source: 'text',
    confidence: 0.99,
    reasons: [],
    candidates: [],
    parents: [],
    ...more,
  };
}

const cells = (values: Values<string>): CellMap =>
  Object.fromEntries(
    Object.entries(values).map(([field, given]) => [
      field,
      typeof given === 'string' ? cell(given) : cell(given?.value ?? '', given),
    ]),
  );

const READING: NonNullable<Invoice['reading']> = {
  op: '00000000-0000-4000-8000-0000000000aa',
  at: '2024-05-02T08:00:00.000Z',
  engineVersion: '1',
  source: 'text',
  pages: [{ page: 1, width: 595, height: 842, source: 'text' }],
  notes: [],
};

export function invoiceOf({ header = {}, lines = [], taxRows = [], reading = {}, ...more }: Parts): Invoice {
  for (const field of Object.keys(header)) if (fieldInfo('invoice', field) === undefined) throw new Error(field);
  return {
    id: more.id ?? ID,
    revision: 1,
    state: 'received',
    status: 'exception',
    createdAt: more.createdAt ?? '2024-05-02T08:00:00.000Z',
    updatedAt: '2024-05-02T08:00:00.000Z',
    document: { sha256: 'a'.repeat(64), name: 'invoice.pdf', mime: 'application/pdf', size: 1000, kind: 'pdf' },
    reading: reading === null ? null : { ...READING, ...reading },
    header: cells(header),
    lines: lines.map((line, row): Line => ({
      id: `line-${row + 1}`,
      order: `a${row}`,
      cells: cells(line) as Line['cells'],
    })),
    taxRows: taxRows.map((values, row): TaxRow => ({
      id: `tax-${row + 1}`,
      order: `a${row}`,
      cells: cells(values) as TaxRow['cells'],
    })),
    findings: [],
    judged: null,
    attention: [],
    digest: '',
  };
}

/** An invoice no rule objects to. */
export const GOOD = {
  documentType: 'invoice',
  invoiceNumber: 'RE-2024-017',
  issueDate: '2024-05-01',
  dueDate: '2024-05-31',
  currency: 'EUR',
  vendorName: 'Nordlicht Papier GmbH',
  vendorTaxId: 'DE136695976',
  vendorIban: 'DE89370400440532013000',
  netTotal: '100',
  taxTotal: '19',
  grossTotal: '119',
} as const satisfies Values<HeaderField>;
export const GOOD_LINES: readonly Values<LineField>[] = [
  { description: 'Paper', quantity: '4', unitPrice: '25', taxRate: '19', lineTotal: '100' },
];

export const CONTEXT: RuleContext = {
  today: '2024-05-02',
  duplicateCandidates: [],
  tolerances: { default: '0.01' },
  minimumConfidence: 0.8,
};

/** What one rule says of an invoice. */
export function judged(rule: Rule, parts: Parts, context: Partial<RuleContext> = {}): Finding[] {
  return validateInvoice(invoiceOf(parts), { ...CONTEXT, ...context }, [rule]);
}

/** The same as `severity: sentence`; a hole left in a sentence fails the test. */
export function said(rule: Rule, parts: Parts, context: Partial<RuleContext> = {}): string[] {
  return judged(rule, parts, context).map((finding) => {
    const { sentence, clear } = findingText('en', finding);
    const german = findingText('de', finding);
    if ([sentence, german.sentence].some((text) => /[{}]/.test(text) || text === finding.code) || clear === '')
      throw new Error(`unfinished sentence: ${sentence} | ${german.sentence} | ${finding.clear}`);
    return `${finding.severity}: ${sentence}`;
  });
}
