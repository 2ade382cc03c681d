import { expect, test } from 'vitest';
import { GOOD, said } from '../testing.ts';
import { dueBeforeIssue } from './due-before-issue.ts';
import { futureDate } from './future-date.ts';
import { oldInvoice } from './old-invoice.ts';

test('due before issue', () => {
  expect(said(dueBeforeIssue, { header: { issueDate: '2024-05-03', dueDate: '2024-05-02' } })).toEqual([
    'error: Due on 2 May 2024, 1 day before it was issued (3 May 2024).',
  ]);
  expect(said(dueBeforeIssue, { header: { issueDate: '2024-05-03', dueDate: '2024-05-03' } })).toEqual([]);
  expect(said(dueBeforeIssue, { header: { dueDate: '2024-05-03' } })).toEqual([]);
});

test('issued after today', () => {
  expect(said(futureDate, { header: { issueDate: '2024-05-04' } })).toEqual([
    'warning: Invoice date 4 May 2024 lies 2 days after today (2 May 2024).',
  ]);
  expect(said(futureDate, { header: { issueDate: '2024-05-02' } })).toEqual([]);
});

test('older than a year', () => {
  expect(said(oldInvoice, { header: { ...GOOD, issueDate: '2023-05-02' } })).toEqual([
    'warning: Issued on 2 May 2023, 366 days ago (limit 365).',
  ]);
  expect(said(oldInvoice, { header: { ...GOOD, issueDate: '2023-05-03' } })).toEqual([]);
  expect(said(oldInvoice, { header: { ...GOOD, issueDate: '2023-02-30' } })).toEqual([]);
});
