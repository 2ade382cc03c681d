import { expect, test } from 'vitest';
import { wholeRows } from '../extract/figures.ts';
import { amountOf, dayOf, isRight } from './rules.ts';
import { f1, scoreLines } from './lines.ts';
import { accepted, allFieldsShare, atConfidence, coreShare, lineF1, scoreAll, table } from './score.ts';
import type { PredictionLine, TruthLine } from './score.ts';

test.each([
  ['1234.56', 1234.56],
  ['1.234,56 €', 1234.56],
  ['1 234,56', 1234.56],
  ["1'234.56", 1234.56],
  ['(12.00)', -12],
  ['-3,5', -3.5],
  ['1.234', 1234],
  ['0.125', 0.125],
  ['1.234.567', 1_234_567],
  [7.5, 7.5],
  ['none', Number.NaN],
])('the amount %s is %d', (text, amount) => {
  expect(amountOf(text)).toBe(amount);
});

test.each([
  ['2024-3-5', '2024-03-05'],
  ['2024-03-05T10:00', '2024-03-05'],
  ['5.3.2024', '2024-03-05'],
  ['25/3/2024', '2024-03-25'],
  ['3-25-2024', '2024-03-25'],
  ['3/5/2024', '3/5/2024'],
  ['soon', 'soon'],
])('the day %s is %s', (text, day) => {
  expect(dayOf(text)).toBe(day);
});

test.each([
  ['invoiceNumber', 'RE-2024/01', 're 2024 01', true],
  ['invoiceNumber', 'RE-2024/01', 'RE-2024/011', false],
  ['vendorName', 'Müller & Söhne GmbH', 'MULLER SOHNE GMBH', true],
  ['vendorName', 'Blue Heron', 'Blue Heron Trading Ltd', true],
  ['vendorName', 'Blue Heron', 'Blue Heron Trading Company Ltd', false],
  ['vendorName', 'Acme', 'Apex', false],
  ['vendorName', ['WXYZ', 'Northern Radio Inc'], 'Northern Radio', true],
  ['currency', 'EUR', '€', true],
  ['grossTotal', 100, 100.005, true],
  ['grossTotal', 100, 100.01, false],
  ['grossTotal', 100, '100,00', true],
  ['issueDate', '2024-03-05', '05.03.2024', true],
] as const)('%s: %s and %s', (field, known, said, right) => {
  expect(isRight(field, known, said)).toBe(right);
});

test('a line is found where its text resembles and its amount agrees, each only once', () => {
  const known = [
    { description: 'Steel screws M8', quantity: 10, unitPrice: 0.5, lineTotal: 5 },
    { description: 'Steel screws M8', quantity: 20, unitPrice: 0.5, lineTotal: 10 },
    { description: 'Freight', quantity: 1, unitPrice: 9 },
  ];
  const said = [
    { description: 'screws M8, steel, zinc plated', quantity: 10, unitPrice: 0.05, lineTotal: 5 },
    { description: 'steel screws', lineTotal: 7 },
    { description: 'Freight and packing', quantity: 1, unitPrice: 9 },
  ];
  const score = scoreLines(known, said, false);
  expect(score).toEqual({ known: 3, said: 3, found: 2, whole: 1 });
  expect(f1(score.found, score.known, score.said)).toBeCloseTo(2 / 3);
});

test('a credit note may print its amounts with a sign or without', () => {
  const known = [{ description: 'Returned pallet', lineTotal: -12 }];
  const said = [{ description: 'Returned pallet', lineTotal: 12 }];
  expect(scoreLines(known, said, true).found).toBe(1);
  expect(scoreLines(known, said, false).found).toBe(0);
});

const truth: TruthLine[] = [
  { file: 'documents/a.pdf', kind: 'digital-pdf', invoiceNumber: '1', issueDate: '2024-01-02', grossTotal: 10 },
  { file: 'documents/b.png', kind: 'scan', invoiceNumber: '2', vendorName: 'Blue Heron', grossTotal: 20 },
  { file: 'documents/c.png', kind: 'scan', synthetic: true, invoiceNumber: '3', docType: 'receipt' },
];
const unseen = (...fields: string[]) => Object.fromEntries(fields.map((field) => [field, ['confidence']]));
const CORE = ['invoiceNumber', 'issueDate', 'vendorName', 'currency', 'grossTotal'];
const said: PredictionLine[] = [
  {
    file: 'a.pdf',
    invoiceNumber: '1',
    issueDate: '2024-01-02',
    vendorName: 'Acme',
    currency: 'EUR',
    grossTotal: 10,
    confidence: { invoiceNumber: 0.97, issueDate: 0.9, vendorName: 0.99, grossTotal: 0.99 },
    accepted: unseen(...CORE),
  },
  {
    file: 'b.png',
    invoiceNumber: '8',
    issueDate: '2024-01-02',
    vendorName: 'Blue Heron',
    currency: 'EUR',
    grossTotal: 20,
    confidence: { invoiceNumber: 0.96, vendorName: 0.5, grossTotal: 0.95 },
    accepted: unseen(...CORE),
  },
];

test('fields, core fields, confidence and acceptance are counted over what is known', () => {
  const row = table(scoreAll(truth, said)).get('all')!;
  expect(allFieldsShare(row)).toBeCloseTo((100 * 5) / 7);
  expect(coreShare(row)).toBeCloseTo(100 / 3);
  expect(row.fields.currency).toEqual({ known: 0, answered: 0, right: 0, extra: 2 });
  expect(atConfidence(row, 0.95)).toEqual({ count: 4, share: (100 * 4) / 7, right: 75 });
  expect(accepted(row)).toEqual({ count: 2, share: (100 * 2) / 3, wrong: 1, wrongShare: 50 });
  expect(lineF1(row)).toBe(0);
});

test('a row is whole only where every document of it was read', () => {
  expect([...wholeRows(truth, truth.slice(0, 1))]).toEqual(['digital-pdf', 'pdf:letter']);
  expect(wholeRows(truth, truth)).toContain('all');
});
