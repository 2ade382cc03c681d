import { describe, expect, it } from 'vitest';
import type { Cell, Invoice } from '../../core/contract/invoice.ts';
import { EMPTY_CELL } from './cells.ts';
import { share } from './share.ts';

const cell = (value: string, parent = 'r1'): Cell => ({ ...EMPTY_CELL, value, parents: [parent] });
const invoice = (gross: Cell, quantity: Cell) =>
  structuredClone({
    id: 'i',
    header: { grossTotal: gross, netTotal: cell('100') },
    lines: [
      { id: 'a', order: '1', cells: { quantity } },
      { id: 'b', order: '2', cells: { quantity: cell('2') } },
    ],
    taxRows: [],
    findings: [],
    attention: [],
  }) as unknown as Invoice;

describe('share', () => {
  it('keeps the objects of everything that did not change', () => {
    const before = invoice(cell('119'), cell('1'));
    const after = share(before, invoice(cell('120', 'op2'), cell('1')));
    expect(after.header.grossTotal?.value).toBe('120');
    expect(after.header.netTotal).toBe(before.header.netTotal);
    expect(after.lines).toBe(before.lines);
    expect(after.findings).toBe(before.findings);
  });

  it('takes what changed: a value, a head with the same value, a removed line', () => {
    const before = invoice(cell('119'), cell('1'));
    expect(share(before, invoice(cell('119', 'op2'), cell('1'))).header.grossTotal?.parents).toEqual(['op2']);
    const edited = share(before, invoice(cell('119'), cell('3', 'op3')));
    expect(edited.lines[0]).not.toBe(before.lines[0]);
    expect(edited.lines[1]).toBe(before.lines[1]);
    const shorter = invoice(cell('119'), cell('1'));
    shorter.lines.pop();
    expect(share(before, shorter).lines).toHaveLength(1);
  });
});
