import { expect, test } from 'vitest';
import { GOOD, judged, said } from '../testing.ts';
import { lowConfidence } from './low-confidence.ts';

test('a doubtful field is named with its confidence', () => {
  const header = { ...GOOD, grossTotal: { value: '119', confidence: 0.62 } };
  expect(said(lowConfidence, { header })).toEqual(['warning: Total “119.00” was read with 62% confidence only.']);
});

test('doubtful lines are one finding with all their cells', () => {
  const doubt = { value: '1', confidence: 0.4 };
  const lines = [{ quantity: doubt, unitPrice: doubt }, { quantity: '1' }, { lineTotal: doubt, description: doubt }];
  const found = judged(lowConfidence, { header: GOOD, lines });
  expect(found.map(({ cells }) => cells.map(({ field }) => field))).toEqual([['quantity', 'unitPrice', 'lineTotal']]);
  expect(said(lowConfidence, { header: GOOD, lines })).toEqual([
    'warning: 3 values in lines 1, 3 were read with low confidence.',
  ]);
});

test('what a person set or confirmed is not doubted, nor what is sure enough', () => {
  const header = {
    ...GOOD,
    grossTotal: { value: '119', confidence: 0.62, actor: 'local:1' },
    netTotal: { value: '100', confidence: 0.8 },
  };
  expect(said(lowConfidence, { header })).toEqual([]);
  expect(said(lowConfidence, { header: { ...GOOD, contractRef: { value: 'x', confidence: 0.1 } } })).toEqual([]);
});

const doubtful = (value: string) => ({ value, confidence: 0.76 });

test('what the amounts prove is not doubted, however it was read', () => {
  const header = { ...GOOD, netTotal: doubtful('100'), taxTotal: doubtful('19'), grossTotal: doubtful('119') };
  expect(said(lowConfidence, { header })).toEqual([]);
  expect(said(lowConfidence, { header: { ...header, grossTotal: doubtful('191') } })).toHaveLength(3);
});

test('a date whose day and month could be swapped is said until a person has set it', () => {
  const params = { field: 'issueDate', text: '03/04/2024', value: '2024-04-03', other: '2024-03-04' };
  const reading = { notes: [{ code: 'DATE_AMBIGUOUS', params }] };
  const issueDate = { value: '2024-04-03' };
  expect(said(lowConfidence, { header: { ...GOOD, issueDate }, reading })).toEqual([
    'warning: Invoice date “03/04/2024” can be 3 Apr 2024 or 4 Mar 2024; nothing on the document decides it.',
  ]);
  expect(said(lowConfidence, { header: { ...GOOD, issueDate: { ...issueDate, actor: 'local:1' } }, reading })).toEqual(
    [],
  );
});
