import { describe, expect, it, test } from 'vitest';
import { align, compareText, type Strictness } from './compare.ts';

const verdict = (said: string, seen: string, strictness: Strictness, confidence = 92): string =>
  compareText(
    said,
    seen.split(' ').map((text) => ({ text, confidence })),
    strictness,
  ).verdict;

describe('compareText', () => {
  it.each([
    ['DE89 3704 0044 0532 0130 00', 'DE89 3704 0044 0532 0130 00', 'code'],
    ['DE89 3704 0044 0532 0130 00', 'IBAN: DE89370400440532013000', 'code'],
    ['DE08 7009 0100', 'DEO8 7OO9 0l00', 'code'],
    ['DE08 7009 0100', 'DEO08 7009 0100', 'code'],
    ['RE-2026-0417', 'Nr.RE-2026-0417', 'code'],
    ['INV 0001', '1NV0001', 'code'],
    ['1.234,56', '1234,56 EUR', 'amount'],
    ['€1,234.56', '€1,234.56', 'amount'],
    ['1 234,56', '1234.56', 'amount'],
    ['Kälte & Klima Müller GmbH', 'Kalte & Klima Muller GmbH', 'name'],
    ['Harrowfield Instruments', 'HARROWFlELD lNSTRUMENTS', 'name'],
    ['Moderne Dienste', 'Modeme Dienste', 'name'],
  ] as const)('%s, seen as %s, agrees', (said, seen, strictness) => {
    expect(verdict(said, seen, strictness)).toBe('agree');
  });

  it.each([
    ['DE89 3704 0044 0532 0130 00', 'DE89 3704 0044 0523 0130 00', 'code'],
    ['RE-2026-0417', 'RE-2026-0471', 'code'],
    ['RE-2026-041', 'RE-2026-0417', 'code'],
    ['234.00', '1234.00', 'amount'],
    ['1234.00', '1234.09', 'amount'],
    ['1,234.00', '12,340.0', 'amount'],
    ['12.34', '123.4', 'amount'],
    ['7', '1', 'amount'],
    ['Harrowfield Instruments Ltd', 'Calder Valley Trading Ltd', 'name'],
    ['Nordlicht Papier GmbH', 'Nordwind Papier GmbH', 'name'],
  ] as const)('%s, seen as %s, differs', (said, seen, strictness) => {
    expect(verdict(said, seen, strictness)).toBe('differs');
  });

  it('does not contradict on a bad reading, and says where there is nothing', () => {
    expect(verdict('1234.00', '1284.00', 'amount', 40)).toBe('unsure');
    expect(verdict('Harrowfield Instruments', 'Hqvvtld ~~', 'name', 50)).toBe('unsure');
    expect(verdict('RE-2026-0417', '7', 'code')).toBe('unsure');
    expect(verdict('1234.00', '— .', 'amount')).toBe('nothing');
  });
});

test('align finds the nearest part', () => {
  expect(align('abc'.split(''), 'xxabcyy'.split(''))).toEqual({ distance: 0, from: 2, to: 5 });
  expect(align('abc'.split(''), 'xxadcyy'.split(''))).toEqual({ distance: 1, from: 2, to: 5 });
  expect(align('abc'.split(''), [])).toMatchObject({ distance: 3 });
});
