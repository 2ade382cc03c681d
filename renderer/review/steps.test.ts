import { describe, expect, it } from 'vitest';
import type { Cell, Invoice, Line } from '../../core/contract/invoice.ts';
import { EMPTY_CELL } from './cells.ts';
import { apply } from './commands.ts';
import { commandsFor, lineParents, madeBy } from './steps.ts';

const line = (id: string, order: string): Line => ({
  id,
  order,
  cells: {
    quantity: { ...EMPTY_CELL, value: '1', parents: ['r'] },
    unit: { ...EMPTY_CELL, value: 'h', parents: ['r', 'x'] },
  },
});
const invoice = {
  id: 'i',
  reading: null,
  header: { grossTotal: { ...EMPTY_CELL, value: '120', parents: ['op-9'] } },
  lines: [line('a', '1'), line('b', '3')],
  taxRows: [],
  findings: [],
  attention: [],
} as unknown as Invoice;
const newId = () => 'new';
const by = { actor: 'me', at: 'now' };

const now = (cell: Partial<Cell>): Invoice => ({
  ...invoice,
  header: { grossTotal: { ...EMPTY_CELL, value: '120', ...cell } },
});

describe('commandsFor', () => {
  it('writes the value of before over what stands there now', () => {
    const step = {
      invoice: 'i',
      kind: 'edits',
      edits: [{ key: 'invoice:i:grossTotal', before: '100', after: '120' }],
    } as const;
    expect(commandsFor(step, 'undo', invoice, newId)).toMatchObject([
      { kind: 'correct', corrections: [{ value: '100', parents: ['op-9'], opId: 'new' }] },
    ]);
    const back = { ...invoice, header: { grossTotal: { ...EMPTY_CELL, value: '100', parents: ['op-10'] } } };
    expect(commandsFor(step, 'redo', back, newId)).toMatchObject([{ corrections: [{ value: '120' }] }]);
  });

  it('takes nothing back that somebody has written over, or that something stands against', () => {
    const edits = [{ key: 'invoice:i:grossTotal', before: '100', after: '120' }];
    const step = { invoice: 'i', kind: 'edits', edits } as const;
    expect(commandsFor(step, 'undo', now({ value: '130' }), newId)).toEqual([]);
    expect(commandsFor(step, 'undo', now({ conflict: [] }), newId)).toEqual([]);
    expect(commandsFor(step, 'redo', now({}), newId)).toEqual([]);
  });

  it('takes nothing back that somebody else said, too, or said again', () => {
    const edits = [{ key: 'invoice:i:grossTotal', before: '100', after: '120' }];
    const step = { invoice: 'i', kind: 'edits', edits } as const;
    const undo = (cell: Partial<Cell>) => commandsFor(step, 'undo', now(cell), newId, 'me');
    expect(undo({ actor: 'me', parents: ['mine'] })).toHaveLength(1);
    expect(undo({ actor: 'me', parents: ['mine', 'theirs'] })).toEqual([]);
    expect(undo({ actor: 'user:b', parents: ['theirs'] })).toEqual([]);
    const theirs = { ...line('b', '3'), cells: { unit: { ...EMPTY_CELL, value: 'h', actor: 'user:b' } } };
    const added = { invoice: 'i', kind: 'addLine', line: line('b', '3'), edits: [] } as const;
    expect(commandsFor(added, 'undo', { ...invoice, lines: [theirs] }, newId, 'me')).toEqual([]);
  });

  it('takes a settlement back as one: both sides stand again, and it can be made once more', () => {
    const edit = { key: 'invoice:i:grossTotal', before: '100', after: '120' };
    const step = { invoice: 'i', kind: 'settle', edit, op: 'op-9', sides: 2, reason: 'looked' } as const;
    expect(commandsFor(step, 'undo', invoice, newId)).toEqual([
      { kind: 'unsettle', settled: 'op-9', opIds: ['new', 'new'] },
    ]);
    expect(commandsFor(step, 'redo', invoice, newId)).toEqual([]);
    const cell = { ...EMPTY_CELL, value: '100', parents: ['a', 'b'], conflict: [] };
    const again = commandsFor(step, 'redo', { ...invoice, header: { grossTotal: cell } }, newId);
    expect(again).toMatchObject([{ corrections: [{ value: '120', parents: ['a', 'b'], reason: 'looked' }] }]);
    expect(madeBy(step, again)).toMatchObject({ kind: 'settle', op: 'new' });
  });

  it('puts a deleted line back in its place, and takes an added one away', () => {
    const [gone] = commandsFor({ invoice: 'i', kind: 'deleteLine', line: line('a', '1') }, 'redo', invoice, newId);
    const without = apply(invoice, gone!, by);
    expect(without.lines.map((l) => l.id)).toEqual(['b']);
    const [back] = commandsFor({ invoice: 'i', kind: 'deleteLine', line: line('a', '1') }, 'undo', without, newId);
    expect(apply(without, back!, by).lines.map((l) => l.id)).toEqual(['a', 'b']);
    const added = { invoice: 'i', kind: 'addLine', line: line('b', '3'), edits: [] } as const;
    expect(apply(invoice, commandsFor(added, 'undo', invoice, newId)[0]!, by).lines.map((l) => l.id)).toEqual(['a']);
  });

  it('goes back to the state of before, and forward with the same reason', () => {
    const step = { invoice: 'i', kind: 'transition', from: 'received', to: 'confirmed', reason: 'ok' } as const;
    expect(commandsFor(step, 'undo', invoice, newId)).toEqual([{ kind: 'transition', opId: 'new', to: 'received' }]);
    expect(commandsFor(step, 'redo', invoice, newId)).toMatchObject([{ to: 'confirmed', reason: 'ok' }]);
    // Somebody has opened and decided about it since.
    for (const way of ['undo', 'redo'] as const) {
      expect(commandsFor({ ...step, digest: 'then' }, way, { ...invoice, digest: 'then' }, newId)).toHaveLength(1);
      expect(commandsFor({ ...step, digest: 'then' }, way, { ...invoice, digest: 'now' }, newId)).toEqual([]);
    }
  });

  it('names everything of a line that its deleter saw, once', () => {
    expect(lineParents(line('a', '1'))).toEqual(['r', 'x']);
  });
});
