import { expect, test } from 'vitest';
import type { Cell, Finding, Invoice } from '../contract/invoice.ts';
import type { HeaderField } from './fields.ts';
import { hardProof, proofsOf } from './proof.ts';

const cell = (value: string | null, confidence = 0.8, more: Partial<Cell> = {}): Cell => ({
  value,
  text: value ?? '',
  source: 'text',
  confidence,
  reasons: [],
  candidates: [],
  parents: [],
  ...more,
});

type Read = Pick<Invoice, 'header' | 'lines' | 'taxRows' | 'findings'>;
const invoice = (header: Invoice['header'], more: Partial<Read> = {}): Read => ({
  header,
  lines: [],
  taxRows: [],
  findings: [],
  ...more,
});
const lines = (...totals: string[]): Invoice['lines'] =>
  totals.map((total, i) => ({ id: `l${i}`, order: String(i), cells: { lineTotal: cell(total) } }));
const finding = (code: string, field: HeaderField, more: Partial<Finding> = {}): Finding => ({
  code,
  severity: 'error',
  cells: [{ entity: { type: 'invoice', id: 'i' }, field }],
  params: {},
  clear: '',
  version: 1,
  ...more,
});

test('a sure reading is accepted, a fair one is not', () => {
  expect(proofsOf(invoice({ vendorName: cell('Acme', 0.95), issueDate: cell('2024-01-02', 0.949) }))).toEqual({
    vendorName: ['confidence'],
  });
});

test('totals that add up are proved, however they were read; with a correction that breaks the sum they are not', () => {
  const header = { netTotal: cell('100'), taxTotal: cell('19'), grossTotal: cell('119') };
  expect(proofsOf(invoice(header))).toEqual({
    netTotal: ['arithmetic'],
    taxTotal: ['arithmetic'],
    grossTotal: ['arithmetic'],
  });
  const corrected = { ...header, grossTotal: cell('191', 1, { actor: 'local:1', source: 'manual' }) };
  expect(proofsOf(invoice(corrected))).toEqual({ grossTotal: ['person'] });
});

test('a net total that is the gross total proves nothing', () => {
  expect(proofsOf(invoice({ netTotal: cell('100'), taxTotal: cell('0'), grossTotal: cell('100') }))).toEqual({});
});

test('a sum with freight in between counts as the reader found it, until a person changes it', () => {
  const read = (value: string): Cell => cell(value, 0.8, { reasons: ['arithmetic', 'adjusted:charge'] });
  const header = { netTotal: read('100'), taxTotal: read('19'), grossTotal: read('124') };
  expect(proofsOf(invoice(header)).grossTotal).toEqual(['arithmetic']);
  const corrected = { ...header, netTotal: cell('101', 1, { actor: 'local:1' }) };
  expect(proofsOf(invoice(corrected)).grossTotal).toBeUndefined();
});

test('a commission below the total proves what is due', () => {
  const header = { grossTotal: cell('2635'), allowanceTotal: cell('395.25'), amountDue: cell('2239.75') };
  expect(proofsOf(invoice(header))).toEqual({ grossTotal: ['arithmetic'], amountDue: ['arithmetic'] });
});

test('lines prove the total they make, one line alone does not', () => {
  const header = { netTotal: cell('30'), grossTotal: cell('36') };
  expect(proofsOf(invoice(header, { lines: lines('10', '20') }))).toEqual({ netTotal: ['sum-of-lines'] });
  expect(proofsOf(invoice(header, { lines: lines('30') }))).toEqual({});
});

test('the VAT breakdown proves net and tax', () => {
  const taxRows = [
    { id: 't', order: '1', cells: { rate: cell('19'), base: cell('100'), amount: cell('19') } },
    { id: 'u', order: '2', cells: { rate: cell('7'), base: cell('10'), amount: cell('0.7') } },
  ];
  const header = { netTotal: cell('110'), taxTotal: cell('19.7') };
  expect(proofsOf(invoice(header, { taxRows }))).toEqual({ netTotal: ['tax-rows'], taxTotal: ['tax-rows'] });
});

test('check digits help what was read fairly well, in fields that have them', () => {
  const checked = { reasons: ['checksum'] };
  const header = {
    vendorIban: cell('DE02120300000000202051', 0.8, checked),
    vendorTaxId: cell('DE136695976', 0.6, checked),
    poNumber: cell('1', 0.8, checked),
  };
  expect(proofsOf(invoice(header))).toEqual({ vendorIban: ['checksum'] });
});

test('a payment code and an XML prove their values', () => {
  const header = { vendorIban: cell('DE02', 0.5, { source: 'code' }), grossTotal: cell('1', 1, { source: 'xml' }) };
  expect(proofsOf(invoice(header))).toEqual({ vendorIban: ['code'], grossTotal: ['xml'] });
});

test('a finding that doubts the value takes every proof away, one that asks what to do with it does not', () => {
  const header = { issueDate: cell('2024-03-04', 0.97), grossTotal: cell('5', 0.97) };
  const findings = [
    finding('LOW_CONFIDENCE', 'issueDate', { variant: 'ambiguous-date', severity: 'warning' }),
    finding('DUPLICATE_SUSPECT', 'grossTotal'),
  ];
  expect(proofsOf(invoice(header, { findings }))).toEqual({ grossTotal: ['confidence'] });
});

test('a value in conflict is never accepted', () => {
  const conflict = [{ op: 'a', value: '1', actor: 'x', at: '' }];
  expect(proofsOf(invoice({ grossTotal: cell('1', 1, { actor: 'local:1', conflict }) }))).toEqual({});
});

test('a hard proof is one besides the look of the value', () => {
  expect(hardProof(['confidence'])).toBeUndefined();
  expect(hardProof(['arithmetic', 'confidence'])).toBe('arithmetic');
});

test('what is no number proves nothing and stops nothing', () => {
  for (const odd of ['', 'abc', '1e5', '1,00', '-']) {
    const header = {
      netTotal: cell(odd),
      taxTotal: cell('19'),
      grossTotal: cell('119'),
      amountDue: cell(odd),
      prepaid: cell(odd),
    };
    const taxRows = [{ id: 't', order: '0', cells: { base: cell(odd), amount: cell(odd) } }];
    expect(proofsOf(invoice(header, { lines: lines('1', odd), taxRows }))).toEqual({});
    expect(proofsOf(invoice({ ...header, taxTotal: cell(odd), grossTotal: cell(odd) }))).toEqual({});
  }
});
