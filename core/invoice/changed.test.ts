import { expect, test } from 'vitest';
import { fieldSetOp, invoiceCreatedOp, rowAddedOp, rowDeletedOp, rowRestoredOp, transitionOp } from '../sync/drafts.ts';
import type { OpDraft } from '../sync/op.ts';
import { changedAfterDecision, changedFinding } from './changed.ts';
import { type LogOp, pendingOp } from './log.ts';

let ids = 0;
const by = () => ({ opId: `op${(ids += 1)}`, actor: 'user:a', salt: '' });
const created = invoiceCreatedOp(by(), 'i', { document: 'd' });
const step = (from: string, to: string): OpDraft => transitionOp(by(), 'i', { from, to, digest: '' });
const set = (
  field: string,
  entity: { type: 'invoice' | 'line'; id: string } = { type: 'invoice', id: 'i' },
  { value = '1', parents = [] }: { value?: string; parents?: readonly OpDraft[] } = {},
): OpDraft => fieldSetOp(by(), 'i', { entity, field, value, parents: parents.map((op) => op.op_id), source: 'manual' });
const gross = (value: string, ...parents: OpDraft[]): OpDraft => set('grossTotal', undefined, { value, parents });
const LINE = { type: 'line', id: 'l' } as const;
const log = (...drafts: OpDraft[]): LogOp[] => drafts.map((draft) => pendingOp(draft, ''));
const changed = (...drafts: OpDraft[]): string[] =>
  changedAfterDecision(log(created, ...drafts)).map(({ entity, field }) => `${entity.type} ${field}`);

const CONFIRMED = [step('received', 'confirmed'), step('confirmed', 'approved')];

test('a correction behind a decision is told until somebody decided again', () => {
  expect(changed(set('grossTotal'))).toEqual([]);
  expect(changed(set('grossTotal'), ...CONFIRMED)).toEqual([]);
  const late = [...CONFIRMED, set('grossTotal'), set('grossTotal'), set('description', { type: 'line', id: 'l' })];
  expect(changed(...late)).toEqual(['invoice grossTotal', 'line description']);
  const gone = rowDeletedOp(by(), 'i', { type: 'taxRow', id: 't', parents: [] });
  expect(changed(...CONFIRMED, gone)).toEqual(['taxRow rate']);
  expect(changed(...late, step('approved', 'received'))).toEqual([]);
  expect(changed(...late, step('approved', 'received'), ...CONFIRMED)).toEqual([]);
  // A step that has no effect decides nothing.
  expect(changed(...late, step('received', 'confirmed'))).toHaveLength(2);
});

test('what was put aside is still worked on, and what was refused changes nothing', () => {
  expect(changed(step('received', 'on_hold'), set('grossTotal'))).toEqual([]);
  expect(changed(step('received', 'rejected'), set('grossTotal'))).toEqual(['invoice grossTotal']);
  const [first, second, ...rest] = log(created, ...CONFIRMED, set('grossTotal'));
  const refused = rest.map((op) => (op.body.kind === 'field.set' ? { ...op, verdict: 'refused:role' } : op));
  expect(changedAfterDecision([first as LogOp, second as LogOp, ...refused])).toEqual([]);
});

test('what stands there again as it was decided is not told', () => {
  const first = gross('1');
  const late = gross('2', first);
  expect(changed(first, ...CONFIRMED, late)).toEqual(['invoice grossTotal']);
  expect(changed(first, ...CONFIRMED, late, gross('1', late))).toEqual([]);
  // Two say it, and one of them says otherwise.
  expect(changed(first, ...CONFIRMED, gross('1', first), late)).toEqual(['invoice grossTotal']);
  // As it was read; where that is not known it is told.
  const read = (value: string | null | undefined) =>
    changedAfterDecision(log(created, ...CONFIRMED, late, gross('1', late)), () => value);
  expect(read('1')).toEqual([]);
  expect(read(null)).toHaveLength(1);
  expect(read(undefined)).toHaveLength(1);
});

test('a row that came and went behind a decision, or went and came, is as it was', () => {
  const added = rowAddedOp(by(), 'i', { type: 'line', id: 'l', order: 'a0' });
  const edit = set('description', LINE);
  const gone = rowDeletedOp(by(), 'i', { ...LINE, parents: [edit.op_id] });
  const back = rowRestoredOp(by(), 'i', { ...LINE, parents: [gone.op_id] });
  expect(changed(...CONFIRMED, added, edit)).toEqual(['line description']);
  expect(changed(...CONFIRMED, added, edit, gone)).toEqual([]);
  expect(changed(added, edit, ...CONFIRMED, gone)).toEqual(['line description']);
  expect(changed(added, edit, ...CONFIRMED, gone, back)).toEqual([]);
});

test('of what was exported a settlement of what came in behind it ends it', () => {
  const first = gross('1');
  const exported = [first, ...CONFIRMED, step('approved', 'exported')];
  const [x, y] = [gross('2', first), gross('3', first)];
  const settled = gross('3', x, y);
  expect(changed(...exported, x)).toEqual(['invoice grossTotal']);
  expect(changed(...exported, x, y)).toEqual(['invoice grossTotal']);
  expect(changed(...exported, x, y, settled)).toEqual([]);
  // Before the export it settles nothing of that; nor does it what comes after it.
  expect(changed(first, ...CONFIRMED, x, y, settled)).toEqual(['invoice grossTotal']);
  expect(changed(...exported, x, y, settled, gross('4', settled))).toEqual(['invoice grossTotal']);
  expect(changed(...exported, x, y, settled, gross('4', first))).toEqual(['invoice grossTotal']);
  // Taken back.
  expect(changed(...exported, x, y, settled, gross('2', settled), gross('3', settled))).toHaveLength(1);

  const added = rowAddedOp(by(), 'i', { type: 'line', id: 'l', order: 'a0' });
  const was = set('description', LINE);
  const edit = set('description', LINE, { value: '2', parents: [was] });
  const gone = rowDeletedOp(by(), 'i', { ...LINE, parents: [was.op_id] });
  const torn = [added, was, ...CONFIRMED, step('approved', 'exported'), gone, edit];
  expect(changed(...torn)).toEqual(['line description']);
  for (const settle of [rowRestoredOp, rowDeletedOp])
    expect(changed(...torn, settle(by(), 'i', { ...LINE, parents: [gone.op_id, edit.op_id] }))).toEqual([]);
  // Whoever deletes it having seen no deletion settles nothing.
  const plain = [added, was, ...CONFIRMED, step('approved', 'exported'), edit];
  expect(changed(...plain, rowDeletedOp(by(), 'i', { ...LINE, parents: [edit.op_id] }))).toHaveLength(1);
  expect(changedFinding([], 'exported')).toMatchObject({ variant: 'exported', clear: 'after-export' });
});
