import { expect, test } from 'vitest';
import type { DuplicateCandidate } from '../rule.ts';
import { CONTEXT, GOOD, invoiceOf, judged, said } from '../testing.ts';
import { distance } from '../duplicate-evidence.ts';
import { duplicateInvoice } from './duplicate-invoice.ts';
import { duplicateSuspect } from './duplicate-suspect.ts';

const twin: DuplicateCandidate = {
  id: '00000000-0000-4000-8000-000000000002',
  documentSha: 'b'.repeat(64),
  documentName: 'scan-7.pdf',
  status: 'exported',
  vendorName: GOOD.vendorName,
  vendorTaxId: GOOD.vendorTaxId,
  invoiceNumber: GOOD.invoiceNumber,
  issueDate: GOOD.issueDate,
  currency: 'EUR',
  grossTotal: '119',
};
const other = (more: Partial<DuplicateCandidate>) => ({ duplicateCandidates: [{ ...twin, ...more }] });
const exact = (more: Partial<DuplicateCandidate> = {}) => said(duplicateInvoice, { header: GOOD }, other(more));
const suspect = (more: Partial<DuplicateCandidate> = {}) => said(duplicateSuspect, { header: GOOD }, other(more));

test('same vendor and number: says which one', () => {
  expect(exact()).toEqual([
    'error: Invoice RE-2024-017 of Nordlicht Papier GmbH is here already: scan-7.pdf (exported).',
  ]);
  expect(judged(duplicateInvoice, { header: GOOD }, other({}))[0]?.params['other']).toBe(twin.id);
  expect(suspect()).toEqual([]);
});

test('the vendor is the same by tax id or by name', () => {
  expect(exact({ vendorName: 'NORDLICHT PAPIER', vendorTaxId: null })).toHaveLength(1);
  expect(exact({ vendorName: 'Scanned badly' })).toHaveLength(1);
  expect(exact({ vendorName: 'Südwind Papier GmbH', vendorTaxId: 'DE999999999' })).toEqual([]);
});

test('another number is no duplicate; a rejected one is nobody’s twin', () => {
  expect(exact({ invoiceNumber: 'RE-2024-018' })).toEqual([]);
  expect(exact({ status: 'rejected' })).toEqual([]);
  expect(exact({ status: 'duplicate' })).toEqual([]);
});

test('the same file from another station is the same invoice, whatever was corrected since; parts of one file are not', () => {
  const sameFile = { documentSha: 'a'.repeat(64), invoiceNumber: 'corrected', vendorName: null, vendorTaxId: null };
  expect(exact(sameFile)).toEqual([
    'error: The same file is here already, from another station: scan-7.pdf (exported).',
  ]);
  expect(suspect(sameFile)).toEqual([]);
  expect(exact({ ...sameFile, status: 'ready', createdAt: '2024-05-03T00:00:00.000Z' })[0]).toMatch(
    /^info: .*second time/,
  );
  expect(exact({ ...sameFile, part: 2 })).toEqual([]);
});

test('nobody is asked again about what a person called two', () => {
  const link = { other: twin.id, kind: 'not' as const, actor: 'user:a', at: '', reason: 'a second delivery' };
  const invoice = (kind: 'not' | 'suspected') => ({ ...invoiceOf({ header: GOOD }), duplicates: [{ ...link, kind }] });
  const context = { ...CONTEXT, ...other({}) };
  expect(duplicateInvoice.judge(invoice('not'), context)).toEqual([]);
  expect(duplicateInvoice.judge(invoice('suspected'), context)).toHaveLength(1);
});

test('the doubt belongs to the one that came later', () => {
  const later = { createdAt: '2024-05-03T00:00:00.000Z', status: 'exception' };
  expect(exact(later)[0]).toMatch(/^info: .*a second time: scan-7.pdf/);
  const together = { ...later, createdAt: '2024-05-02T08:00:00.000Z' };
  expect(exact(together)[0]).toMatch(/^info/);
  expect(exact({ ...together, id: '00000000-0000-4000-8000-000000000000' })[0]).toMatch(/^error/);
  expect(exact({ ...later, status: 'confirmed' })[0]).toMatch(/^error/);
  expect(exact({ createdAt: '2024-05-01T00:00:00.000Z', status: 'ready' })[0]).toMatch(/^error/);
});

test('a number that differs in signs and zeros only is suspected', () => {
  expect(suspect({ invoiceNumber: 'RE 2024/00017', grossTotal: '5', issueDate: null })).toEqual([
    'warning: Number RE-2024-017 looks like RE 2024/00017 of Nordlicht Papier GmbH (scan-7.pdf, exported): only signs, zeros or one character differ.',
  ]);
});

test('one character misread is suspected with the same amount and date only', () => {
  expect(suspect({ invoiceNumber: 'RE-2024-011' })).toHaveLength(1);
  expect(suspect({ invoiceNumber: 'RE-2024-011', grossTotal: '118' })).toEqual([]);
  expect(suspect({ invoiceNumber: 'RE-2024-011', issueDate: '2024-04-01' })).toEqual([]);
});

test('same amount: on the same day, or within days where a number is unknown', () => {
  expect(suspect({ invoiceNumber: '4711' })).toEqual([
    'warning: Looks like 4711 of Nordlicht Papier GmbH: same amount EUR\u00a0119.00, issued on 1 May 2024 (scan-7.pdf, exported).',
  ]);
  expect(suspect({ invoiceNumber: '4711', issueDate: '2024-05-03' })).toEqual([]);
  expect(suspect({ invoiceNumber: null, issueDate: '2024-05-03' })).toHaveLength(1);
  expect(suspect({ invoiceNumber: null, issueDate: '2024-04-01' })).toEqual([]);
  expect(suspect({ invoiceNumber: '4711', currency: 'USD' })).toEqual([]);
});

test('same number and amount under another vendor name', () => {
  const renamed = { vendorName: 'Druckhaus Elbe', vendorTaxId: null };
  expect(suspect(renamed)).toEqual([
    'warning: Same number RE-2024-017 and same amount EUR\u00a0119.00 as scan-7.pdf (exported), but the vendor reads “Druckhaus Elbe” there.',
  ]);
  expect(suspect({ ...renamed, grossTotal: '120' })).toEqual([]);
  const short = { header: { ...GOOD, invoiceNumber: '17' } };
  expect(said(duplicateSuspect, short, other({ ...renamed, invoiceNumber: '17' }))).toEqual([]);
});

test('edit distance', () => {
  expect([distance('', 'ab'), distance('abc', 'acb'), distance('kitten', 'sitting')]).toEqual([2, 1, 3]);
});
