import { createHash } from 'node:crypto';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { Finding } from '../contract/invoice.ts';
import { Invoice } from '../contract/invoice.ts';
import { Reading } from '../contract/reading.ts';
import {
  type Author,
  fieldSetOp,
  invoiceCreatedOp,
  readingRecordedOp,
  rowAddedOp,
  rowDeletedOp,
  rowRestoredOp,
  transitionOp,
} from '../sync/drafts.ts';
import { rowId } from '../sync/ids.ts';
import type { OpDraft } from '../sync/op.ts';
import { orderBetween } from '../sync/order.ts';
import { type LogOp, pendingOp } from './log.ts';
import { project, readingsNeeded, tombstoneHeads } from './project.ts';
import { rowParents } from './rows.ts';
import { attentionOf, withFindings } from './status.ts';
import { duplicateKeys, searchText, summaryOf } from './summary.ts';

const sha256 = (text: string): string => createHash('sha256').update(text).digest('hex');
const ID = '019aaaaa-0000-7000-8000-000000000001';
const DOCUMENT = { sha256: sha256('pdf'), name: 'Rechnung 17.pdf', mime: 'application/pdf', size: 3 };

let counter = 0;
const author = (actor = 'local:a'): Author => {
  counter += 1;
  const opId = `019aaaaa-0000-7000-8000-${String(counter).padStart(12, '0')}`;
  return { opId, actor, salt: '00'.repeat(32) };
};
const at = (ops: readonly OpDraft[]): LogOp[] =>
  ops.map((op, i) => {
    const time = String(i).padStart(2, '0');
    const pending = pendingOp(op, `2026-01-01T00:00:${time}.000Z`);
    return { ...pending, body: { ...pending.body, hlc: time } };
  });

const cell = (value: string, confidence = 0.9) => ({
  value,
  text: `${value} as read`,
  page: 1,
  box: [1, 2, 3, 4],
  source: 'text',
  confidence,
});
const reading = (gross: string, lines: readonly string[]) =>
  Reading.parse({
    v: 1,
    engineVersion: '1',
    document: DOCUMENT.sha256,
    source: 'text',
    pages: [{ page: 1, width: 595, height: 842, source: 'text', words: [] }],
    header: { grossTotal: cell(gross), vendorName: cell('Müller & Söhne GmbH', 0.5) },
    lines: lines.map((description, row) => ({ row, cells: { description: cell(description), lineTotal: cell('10') } })),
    taxRows: [{ row: 0, cells: { rate: cell('19') } }],
    notes: [],
  });

const recorded = (blob: string): OpDraft =>
  readingRecordedOp(author('service:read'), ID, { document: DOCUMENT.sha256, engineVersion: '1', pages: 1, blob });
const created = invoiceCreatedOp(author(), ID, { document: DOCUMENT.sha256 });
const first = recorded('a');
const FIRST = reading('119', ['one', 'two', 'three']);
const readings = new Map([[first.op_id, FIRST]]);
const lineId = (row: number): string => rowId(sha256, first.op_id, 'line', row);

const show = (ops: readonly OpDraft[], known: ReadonlyMap<string, Reading> = readings): Invoice =>
  Invoice.parse(project({ id: ID, ops: at(ops), readings: known, document: DOCUMENT }, sha256));
const set = (
  field: string,
  value: string | null,
  parents: string[],
  extra: Partial<Parameters<typeof fieldSetOp>[2]> = {},
) =>
  fieldSetOp(author(), ID, { entity: { type: 'invoice', id: ID }, field, value, parents, source: 'manual', ...extra });

test('before its reading an invoice is being read, after it the reading is shown', () => {
  expect(show([created])).toMatchObject({ status: 'reading', reading: null, lines: [], revision: 1 });
  const invoice = show([created, first]);
  expect(invoice.header.grossTotal).toMatchObject({ value: '119', text: '119 as read', parents: [first.op_id] });
  expect(invoice.lines.map((line) => line.id)).toEqual([0, 1, 2].map(lineId));
  expect(invoice.header.invoiceNumber).toMatchObject({ value: null, parents: [first.op_id] });
  expect(invoice.header.contractRef).toBeUndefined();
  expect(invoice.taxRows[0]?.cells.rate?.value).toBe('19');
  expect(invoice.createdAt).toBe('2026-01-01T00:00:00.000Z');
});

test('a correction stands over the reading and names who made it', () => {
  const edit = set('grossTotal', '120', [first.op_id]);
  expect(show([created, first, edit]).header.grossTotal).toMatchObject({
    value: '120',
    text: '',
    box: [1, 2, 3, 4],
    confidence: 1,
    source: 'manual',
    actor: 'local:a',
    parents: [edit.op_id],
  });
});

test('edits that did not see each other are a conflict, settled by naming all heads; equal ones are agreed', () => {
  const [a, b] = [set('grossTotal', '120', [first.op_id]), set('grossTotal', '121', [first.op_id])];
  const torn = show([created, first, a, b]);
  expect(torn.header.grossTotal?.conflict?.map((head) => head.value).toSorted()).toEqual(['120', '121']);
  expect(attentionOf(torn, [], { minimumConfidence: 0 })).toEqual([
    { entity: { type: 'invoice', id: ID }, field: 'grossTotal' },
  ]);
  const settled = show([created, first, a, b, set('grossTotal', '121', torn.header.grossTotal?.parents ?? [])]);
  expect(settled.header.grossTotal?.conflict).toBeUndefined();
  const agreed = show([created, first, a, set('grossTotal', '120', [first.op_id])]);
  expect(agreed.header.grossTotal?.conflict).toBeUndefined();
  expect(agreed.header.grossTotal?.parents).toHaveLength(2);
});

test('a later reading fills what nobody touched and leaves what somebody did', () => {
  const second = recorded('b');
  const known = new Map([...readings, [second.op_id, reading('200', ['uno'])]]);
  const untouched = show([created, first, second], known);
  expect(untouched.header.grossTotal?.value).toBe('200');
  expect(untouched.lines.map((line) => line.cells.description?.value)).toEqual(['uno']);
  const touched = show([created, first, set('grossTotal', '120', [first.op_id]), second], known);
  expect(touched.header.grossTotal?.value).toBe('120');
  expect(touched.header.grossTotal?.candidates).toEqual([]);
});

test('rows that somebody worked on survive another reading', () => {
  const second = recorded('b');
  const known = new Map([...readings, [second.op_id, reading('200', ['uno', 'due'])]]);
  const edit = set('description', 'ONE', [first.op_id], { entity: { type: 'line', id: lineId(0) } });
  const ops = [created, first, edit, second];
  expect(readingsNeeded(at(ops)).map((needed) => needed.blob)).toEqual(['b', 'a']);
  expect(readingsNeeded(at([created, first, second])).map((needed) => needed.blob)).toEqual(['b']);
  const invoice = show(ops, known);
  expect(invoice.lines.map((line) => line.cells.description?.value)).toEqual(['ONE', 'two', 'three']);
  expect(invoice.header.grossTotal?.value).toBe('200');
});

test('reading again and failing does not blank the form', () => {
  const failed = readingRecordedOp(author('service:read'), ID, {
    document: DOCUMENT.sha256,
    engineVersion: '1',
    pages: 0,
    unreadable: { reason: 'timeout', detail: 'killed' },
  });
  expect(show([created, failed])).toMatchObject({
    status: 'exception',
    reading: { source: 'none', unreadable: { reason: 'timeout' } },
  });
  expect(show([created, first, failed]).header.grossTotal?.value).toBe('119');
});

test('lines are added between others, deleted and brought back as they were', () => {
  const before = show([created, first]);
  const order = orderBetween(before.lines[0]?.order ?? null, before.lines[1]?.order ?? null);
  const added = rowAddedOp(author(), ID, { type: 'line', id: 'added', order });
  const typed = set('description', 'between', [], { entity: { type: 'line', id: 'added' } });
  const edited = set('description', 'TWO', [first.op_id], { entity: { type: 'line', id: lineId(1) } });
  const ops = [created, first, added, typed, edited];
  const names = (list: readonly OpDraft[]) => show(list).lines.map((line) => line.cells.description?.value);
  expect(names(ops)).toEqual(['one', 'between', 'TWO', 'three']);
  const target = show(ops).lines[2];
  if (target === undefined) throw new Error('the line is missing');
  const gone = rowDeletedOp(author(), ID, { type: 'line', id: target.id, parents: rowParents(target) });
  expect(names([...ops, gone])).toEqual(['one', 'between', 'three']);
  const heads = tombstoneHeads(at([...ops, gone]), 'line', target.id);
  expect(heads).toEqual([gone.op_id]);
  const back = rowRestoredOp(author(), ID, { type: 'line', id: target.id, parents: heads });
  expect(names([...ops, gone, back])).toEqual(['one', 'between', 'TWO', 'three']);
});

test('a line whose operation was written again under another device is there once', () => {
  const line = { type: 'line', id: 'added', order: 'V' } as const;
  const again = [rowAddedOp(author(), ID, line), rowAddedOp(author(), ID, line)];
  expect(show([created, first, ...again]).lines.filter(({ id }) => id === 'added')).toHaveLength(1);
});

test('a line that one deletes while another edits it unseen stays and says so', () => {
  const edited = set('description', 'TWO', [first.op_id], { entity: { type: 'line', id: lineId(1) } });
  const gone = rowDeletedOp(author('local:b'), ID, { type: 'line', id: lineId(1), parents: [first.op_id] });
  for (const ops of [
    [created, first, edited, gone],
    [created, first, gone, edited],
  ]) {
    const line = show(ops).lines[1];
    expect(line).toMatchObject({ id: lineId(1), deleteConflict: true });
    const again = rowDeletedOp(author(), ID, {
      type: 'line',
      id: lineId(1),
      parents: [gone.op_id, ...(line === undefined ? [] : rowParents(line))],
    });
    expect(show([...ops, again]).lines.map((one) => one.id)).not.toContain(lineId(1));
  }
});

test('the projection does not depend on the order in which concurrent operations came in', () => {
  const edits = [
    set('grossTotal', '120', [first.op_id]),
    set('grossTotal', '121', [first.op_id]),
    set('vendorName', 'Other', [first.op_id]),
    set('description', 'TWO', [first.op_id], { entity: { type: 'line', id: lineId(1) } }),
    rowDeletedOp(author(), ID, { type: 'line', id: lineId(1), parents: [first.op_id] }),
    rowAddedOp(author(), ID, { type: 'line', id: 'x', order: 'V' }),
  ];
  const log = at([created, first, ...edits]);
  const reference = project({ id: ID, ops: log, readings, document: DOCUMENT }, sha256);
  fc.assert(
    fc.property(fc.shuffledSubarray(log, { minLength: log.length, maxLength: log.length }), (ops) => {
      expect(project({ id: ID, ops, readings, document: DOCUMENT }, sha256)).toEqual(reference);
    }),
  );
});

test('every operation changes the digest', () => {
  const ops = [created, first, set('grossTotal', '120', [first.op_id])];
  const digests = [1, 2, 3].map((n) => show(ops.slice(0, n)).digest);
  expect(new Set(digests).size).toBe(3);
});

test('a refused operation is not shown', () => {
  const ops = at([created, first, set('grossTotal', '120', [first.op_id])]).map((op, i) =>
    i === 2 ? { ...op, verdict: 'refused:rule' } : op,
  );
  expect(project({ id: ID, ops, readings, document: DOCUMENT }, sha256).header.grossTotal?.value).toBe('119');
});

const step = (from: string, to: string) => transitionOp(author(), ID, { from, to, digest: 'd' });
test('a transition that does not start where the invoice stands has no effect', () => {
  expect(show([created, first, step('received', 'exported')]).state).toBe('received');
  expect(show([created, first, step('confirmed', 'approved')]).state).toBe('received');
  const confirmed = [created, first, step('received', 'confirmed'), step('confirmed', 'approved')];
  expect(show(confirmed)).toMatchObject({ state: 'approved', status: 'approved' });
  expect(show([...confirmed, step('approved', 'received')]).state).toBe('received');
});

const finding = (code: string, severity: Finding['severity'], field: string): Finding => ({
  code,
  severity,
  cells: [{ entity: { type: 'invoice', id: ID }, field }],
  params: {},
  clear: 'x',
  version: 1,
});

test('attention: doubts in the order of the form, then findings, errors first', () => {
  const invoice = show([created, first]);
  const findings = [
    finding('OLD_INVOICE', 'warning', 'issueDate'),
    finding('TOTAL_MISMATCH', 'error', 'netTotal'),
    finding('MISSING_REQUIRED_FIELD', 'error', 'invoiceNumber'),
    finding('NOTE', 'info', 'dueDate'),
  ];
  const attention = attentionOf(invoice, findings, { minimumConfidence: 0.8 });
  expect(attention.map((ref) => ref.field)).toEqual(['invoiceNumber', 'vendorName', 'netTotal', 'issueDate']);
  const judged = withFindings(invoice, findings, { rules: '1', today: '2026-01-01' }, attention);
  expect(judged.status).toBe('exception');
  expect(withFindings(invoice, [findings[3] as Finding], null, []).status).toBe('ready');
  expect(summaryOf(judged)).toMatchObject({ errors: 2, warnings: 1, attention: 4, vendorName: 'Müller & Söhne GmbH' });
});

test('what is searched and compared is folded', () => {
  const invoice = show([created, first, set('invoiceNumber', 'RE-0O17', [first.op_id])]);
  expect(searchText(invoice)).toContain('muller & sohne gmbh');
  expect(searchText(invoice)).toContain('rechnung 17.pdf');
  expect(duplicateKeys(invoice)).toMatchObject({ vendorKey: 'muller sohne', numberKey: 'RE17', grossTotal: '119' });
});

test('put back behind an approval to what was read, nothing is changed', () => {
  const line = { entity: { type: 'line', id: lineId(1) } } as const;
  const approved = [created, first, step('received', 'confirmed'), step('confirmed', 'approved')];
  const late = [set('grossTotal', '120', [first.op_id]), set('description', 'zwei', [first.op_id], line)] as const;
  expect(show([...approved, ...late]).changed).toHaveLength(2);
  const back = [set('grossTotal', '119', [late[0].op_id]), set('description', 'two', [late[1].op_id], line)];
  expect(show([...approved, ...late, ...back]).changed).toBeUndefined();
  // Without the reading nobody knows.
  expect(show([...approved, ...late, ...back], new Map()).changed).toHaveLength(2);
});

test('rows of a reading that was written again under another device are those of before, and stand once where both are there', () => {
  const edit = set('description', 'by hand', [first.op_id], { entity: { type: 'line', id: lineId(1) } });
  const again = { ...recorded('a'), reissued_from: first.op_id };
  const edited = { ...edit, parents: [again.op_id] };
  const both = new Map([...readings, [again.op_id, FIRST]]);
  const shown = show([created, first, edit]).lines.map(({ id, cells }) => [id, cells['description']?.value]);
  const lines = (ops: readonly OpDraft[]) =>
    show(ops, both).lines.map(({ id, cells }) => [id, cells['description']?.value]);
  expect(shown.map(([, value]) => value)).toEqual(['one', 'by hand', 'three']);
  expect(lines([created, again, edited])).toEqual(shown);
  // The site had the one of before, too.
  expect(lines([created, first, again, edited])).toEqual(shown);
});
