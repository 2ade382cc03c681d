import { describe, expect, it } from 'vitest';
import { csvRows } from './csv-preview.ts';

describe('csvRows', () => {
  it('reads quotes, line ends inside of them, and the separator of the heading', () => {
    const text = '\uFEFFa;b;c\r\n1;"x ""y"";\nz";3\r\n4;;6';
    expect(csvRows(text, 10)).toEqual([
      ['a', 'b', 'c'],
      ['1', 'x "y";\nz', '3'],
      ['4', '', '6'],
    ]);
    expect(csvRows('a,b\n1,2\n', 10)).toEqual([
      ['a', 'b'],
      ['1', '2'],
    ]);
  });

  it('stops at the limit', () => {
    expect(csvRows('a;b\n1;2\n3;4\n', 2)).toHaveLength(2);
  });
});
