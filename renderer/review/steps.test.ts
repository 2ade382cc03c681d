import { describe, expect, it } from 'vitest';
import type { Invoice, Line } from '../../core/contract/invoice.ts';
import { EMPTY_CELL } from './cells.ts';
import { apply } from './commands.ts';
import { commandsFor, lineParents } from './steps.ts';

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
    expect(commandsFor(step, 'redo', invoice, newId)).toMatchObject([{ corrections: [{ value: '120' }] }]);
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
  });

  it('names everything of a line that its deleter saw, once', () => {
    expect(lineParents(line('a', '1'))).toEqual(['r', 'x']);
  });
});
