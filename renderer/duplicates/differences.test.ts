import { expect, test } from 'vitest';
import type { Cell, Invoice } from '../../core/contract/invoice.ts';
import { EMPTY_CELL } from '../review/cells.ts';
import { comparedFields } from './differences.ts';

const cell = (value: string): Cell => ({ ...EMPTY_CELL, value });
const invoice = (header: Record<string, string>, lines: readonly Record<string, string>[]): Invoice =>
  ({
    id: 'i',
    header: Object.fromEntries(Object.entries(header).map(([name, value]) => [name, cell(value)])),
    lines: lines.map((cells) => ({
      cells: Object.fromEntries(Object.entries(cells).map(([name, value]) => [name, cell(value)])),
    })),
  }) as unknown as Invoice;

test('fields and lines that one of the two has, and whether they are the same', () => {
  const one = invoice({ invoiceNumber: 'A-1', grossTotal: '10' }, [{ description: 'Paper' }]);
  const two = invoice({ invoiceNumber: 'A-1', grossTotal: '11', poNumber: 'P' }, [
    { description: 'Paper' },
    { description: 'Ink' },
  ]);
  const told = comparedFields(one, two).map(
    ({ ref, line, left, right, same }) => `${line ?? ''}${ref.field} ${left} ${right} ${same}`,
  );
  expect(told).toEqual([
    'invoiceNumber A-1 A-1 true',
    'poNumber null P false',
    'grossTotal 10 11 false',
    '1description Paper Paper true',
    '2description null Ink false',
  ]);
});
