import { expect, test } from 'vitest';
import { type LogOp, pendingOp, readLog } from '../invoice/log.ts';
import { conflictsOf } from './conflicts.ts';
import { type Author, fieldSetOp, rowAddedOp, rowDeletedOp, rowRestoredOp } from './drafts.ts';
import type { OpDraft } from './op.ts';
import { baseOf, originOf, sidesOf, sinceOf, unsettling } from './settling.ts';

const INVOICE = { type: 'invoice', id: 'inv' } as const;
const LINE = { type: 'line', id: 'l' } as const;
const by = (opId: string, actor: string): Author => ({ opId, actor, salt: '' });
const set = (id: string, value: string, parents: string[], actor = 'user:a') =>
  fieldSetOp(by(id, actor), 'inv', { entity: INVOICE, field: 'poNumber', value, parents, source: 'manual' });

/** In the order in which they came, a second apart. */
const logOf = (drafts: readonly OpDraft[]) =>
  readLog(drafts.map((draft, i): LogOp => pendingOp(draft, `2026-01-01T00:00:0${i}.000Z`)));
const only = (drafts: readonly OpDraft[]) => {
  const log = logOf(drafts);
  const [conflict, ...more] = conflictsOf(log);
  if (conflict === undefined || more.length > 0) throw new Error('not one conflict');
  return { log, heads: conflict.heads };
};

const START = set('start', 'P-1', []);
const TORN = [START, set('x', 'P-2', ['start'], 'user:a'), set('y', 'P-3', ['start'], 'user:b')];

const isApart = (seen: readonly { value: string | null }[]) => new Set(seen.map((h) => h.value)).size > 1;

test('sides are values, in the order in which they came', () => {
  const { heads } = only([...TORN, set('z', 'P-2', ['start'], 'user:c')]);
  const shape = sidesOf(heads).map(
    ({ value, heads: said }) => `${value}: ${said.map((h) => h.op.body.op_id).join(' ')}`,
  );
  expect(shape).toEqual(['P-2: x z', 'P-3: y']);
  expect(sinceOf(heads, isApart)).toBe('2026-01-01T00:00:02.000Z');
});

test('the base is the newest that all of them had seen', () => {
  const { log, heads } = only(TORN);
  expect(baseOf(log, heads)?.body.op_id).toBe('start');
  const deep = only([START, set('x', 'P-2', ['start']), set('y', 'P-3', ['start']), set('z', 'P-4', ['x', 'start'])]);
  expect(baseOf(deep.log, deep.heads)?.body.op_id).toBe('start');
  const none = only([set('x', 'P-2', []), set('y', 'P-3', [])]);
  expect(baseOf(none.log, none.heads)).toBeUndefined();
});

test('a settlement is taken back by saying every side again, and those who said it first are found behind that', () => {
  const settled = [...TORN, set('s', 'P-2', ['x', 'y'], 'user:c')];
  const found = unsettling(logOf(settled), 's');
  expect(found.kind === 'ok' && found.sides.map((op) => op.body.op_id)).toEqual(['x', 'y']);
  const again = only([...settled, set('x2', 'P-2', ['s'], 'user:c'), set('y2', 'P-3', ['s'], 'user:c')]);
  const origins = sidesOf(again.heads).map(({ heads: [head] }) => head && originOf(again.log, head.op).body.op_id);
  expect(origins).toEqual(['x', 'y']);
  // Settled and taken back once more: still theirs.
  const twice = [
    ...again.log.ops.map((op) => ({ ...op.body, content: op.content! })),
    set('s2', 'P-3', ['x2', 'y2'], 'user:d'),
  ];
  const third = only([...twice, set('x3', 'P-2', ['s2'], 'user:d'), set('y3', 'P-3', ['s2'], 'user:d')] as OpDraft[]);
  expect(third.heads.map((head) => originOf(third.log, head.op).body.op_id).toSorted()).toEqual(['x', 'y']);
});

test('who later says the same as one of two that were settled says it in the own name', () => {
  const settled = [...TORN, set('s', 'P-2', ['x', 'y'], 'user:c')];
  const { log, heads } = only([...settled, set('p', 'P-3', ['s'], 'user:d'), set('q', 'P-4', ['s'], 'user:e')]);
  expect(heads.map((head) => originOf(log, head.op).body.actor).toSorted()).toEqual(['user:d', 'user:e']);
});

test('what somebody set since, or what was no settlement, is not taken back', () => {
  const settled = [...TORN, set('s', 'P-2', ['x', 'y'])];
  expect(unsettling(logOf([...settled, set('n', 'P-9', ['s'])]), 's').kind).toBe('moved');
  // A third one who had seen none of it: a conflict again, and not the settlement's any more.
  expect(unsettling(logOf([...settled, set('n', 'P-9', ['start'])]), 's').kind).toBe('moved');
  expect(unsettling(logOf(TORN), 'start').kind).toBe('none');
  expect(unsettling(logOf([START, set('x', 'P-2', ['start'])]), 'x').kind).toBe('none');
  expect(unsettling(logOf(TORN), 'nothing').kind).toBe('none');
});

test('a row that was kept or deleted is disputed again', () => {
  const row = { ...LINE };
  const edited = fieldSetOp(by('e', 'user:b'), 'inv', {
    entity: LINE,
    field: 'description',
    value: 'B',
    parents: [],
    source: 'manual',
  });
  const torn = [
    rowAddedOp(by('added', 'user:a'), 'inv', { ...row, order: 'V' }),
    rowDeletedOp(by('d', 'user:a'), 'inv', { ...row, parents: [] }),
    edited,
  ];
  for (const settle of [rowDeletedOp, rowRestoredOp]) {
    const settled = [...torn, settle(by('s', 'user:c'), 'inv', { ...row, parents: ['d', 'e'] })];
    expect(conflictsOf(logOf(settled))).toEqual([]);
    expect(unsettling(logOf(settled), 's').kind).toBe('ok');
    const { log, heads } = only([
      ...settled,
      rowDeletedOp(by('d2', 'user:c'), 'inv', { ...row, parents: ['s'] }),
      rowRestoredOp(by('r2', 'user:c'), 'inv', { ...row, parents: ['s'] }),
    ]);
    const deletion = heads.find((head) => head.value !== null);
    expect(deletion && originOf(log, deletion.op).body.op_id).toBe('d');
  }
  expect(unsettling(logOf(torn), 'd').kind).toBe('none');
});
