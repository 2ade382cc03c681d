import { expect, test } from 'vitest';
import { type LogOp, pendingOp, readLog } from '../invoice/log.ts';
import { conflictsOf, tombstoneState } from './conflicts.ts';
import { fieldSetOp, rowAddedOp, rowDeletedOp, rowRestoredOp } from './drafts.ts';
import type { OpDraft } from './op.ts';
import { reissue } from './reissue.ts';
import { createPen } from './testing-pen.ts';

const LINE = { type: 'line', id: 'l' } as const;
const by = (opId: string) => ({ opId, actor: 'user:a', salt: '' });
const set = (
  id: string,
  value: string,
  parents: string[] = [],
  entity: { type: 'line' | 'invoice'; id: string } = LINE,
) => fieldSetOp(by(id), 'inv', { entity, field: 'description', value, parents, source: 'manual' });
const added = rowAddedOp(by('added'), 'inv', { ...LINE, order: 'V' });
const deleted = (id: string, parents: string[]) => rowDeletedOp(by(id), 'inv', { ...LINE, parents });
const restored = (id: string, parents: string[]) => rowRestoredOp(by(id), 'inv', { ...LINE, parents });

const logOf = (drafts: readonly OpDraft[]) => readLog(drafts.map((draft): LogOp => pendingOp(draft, '')));
const listed = (drafts: readonly OpDraft[]) =>
  conflictsOf(logOf(drafts)).map(
    (one) =>
      `${one.kind} ${one.entity.id} ${one.heads
        .map((head) => head.op.body.op_id)
        .toSorted()
        .join(' ')}`,
  );

test('cells with differing values are listed, agreed and settled ones are not', () => {
  const base = [added, set('a', '1')];
  expect(listed([...base, set('b', '2')])).toEqual(['values l a b']);
  expect(listed([...base, set('b', '1')])).toEqual([]);
  expect(listed([...base, set('b', '2'), set('c', '3', ['a', 'b'])])).toEqual([]);
  expect(listed([...base, set('b', '2'), set('c', '3', ['a'])])).toEqual(['values l b c']);
  const header = { type: 'invoice', id: 'inv' } as const;
  expect(listed([...base, set('h', '1', [], header), set('i', '2', [], header), set('b', '2')])).toEqual([
    'values l a b',
    'values inv h i',
  ]);
});

test('a row that one deleted and another edited is listed once, with both sides', () => {
  const edited = [added, set('a', '1')];
  expect(listed([...edited, deleted('d', ['a'])])).toEqual([]);
  expect(tombstoneState(logOf([...edited, deleted('d', ['a'])]), LINE)).toBe('gone');
  const disputed = [...edited, deleted('d', ['a']), set('b', '2', ['a'])];
  expect(listed(disputed)).toEqual(['deleted l b d']);
  // Settled by one who saw both, either way.
  expect(listed([...disputed, deleted('e', ['d', 'b'])])).toEqual([]);
  expect(listed([...disputed, restored('e', ['d'])])).toEqual([]);
  // Deleted by one, restored by another who had not seen that deletion.
  expect(listed([...edited, deleted('d', ['a']), deleted('e', ['a']), restored('r', ['d'])])).toEqual([
    'deleted l e r',
  ]);
});

test('a row that is gone has no conflicts any more', () => {
  const both = [added, set('a', '1'), set('b', '2')];
  expect(listed([...both, deleted('d', ['a', 'b'])])).toEqual([]);
  expect(listed([...both, deleted('d', ['a'])])).toEqual(['deleted l b d', 'values l a b']);
});

test('work that is written again under another device says the same of itself', () => {
  const pen = createPen('old', (text) => `#${text.length}`);
  const ops = [added, set('a', '1'), deleted('d', ['a', 'elsewhere'])].map((draft) => pen.write(draft));
  const again = reissue(
    ops,
    new Map([
      ['added', 'n1'],
      ['a', 'n2'],
      ['d', 'n3'],
    ]),
  );
  expect(again.map((op) => [op.op_id, op.reissued_from, op.kind, op.parents])).toEqual([
    ['n1', 'added', 'line.added', []],
    ['n2', 'a', 'field.set', []],
    ['n3', 'd', 'line.deleted', ['n2', 'elsewhere']],
  ]);
  const next = createPen('new', (text) => `#${text.length}`);
  expect(again.map((draft) => next.write(draft).body)).toMatchObject(
    ops.map(({ body }, at) => ({ actor: body.actor, entity: body.entity, device: 'new', dev_seq: at + 1 })),
  );
  expect(reissue([{ body: ops[1]?.body ?? never(), content: null }], new Map())[0]?.content.value).toBeNull();
});

const never = (): never => {
  throw new Error('there is one');
};
