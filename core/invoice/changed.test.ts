import { expect, test } from 'vitest';
import { fieldSetOp, invoiceCreatedOp, rowDeletedOp, transitionOp } from '../sync/drafts.ts';
import type { OpDraft } from '../sync/op.ts';
import { changedAfterDecision } from './changed.ts';
import { type LogOp, pendingOp } from './log.ts';

let ids = 0;
const by = () => ({ opId: `op${(ids += 1)}`, actor: 'user:a', salt: '' });
const created = invoiceCreatedOp(by(), 'i', { document: 'd' });
const step = (from: string, to: string): OpDraft => transitionOp(by(), 'i', { from, to, digest: '' });
const set = (field: string, entity: { type: 'invoice' | 'line'; id: string } = { type: 'invoice', id: 'i' }): OpDraft =>
  fieldSetOp(by(), 'i', { entity, field, value: '1', parents: [], source: 'manual' });
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
