import { expect, test } from 'vitest';
import { certainty, EMPTY_CELL } from './cells.ts';
import { certaintyText } from './certainty-text.ts';

const read = { ...EMPTY_CELL, value: '119', source: 'ocr' as const, confidence: 0.78 };

test('a proof is shown instead of a share, a person before either', () => {
  expect(certainty(read)).toBe('likely');
  expect(certainty(read, 'arithmetic')).toBe('proved');
  expect(certainty({ ...read, actor: 'local:1' }, 'arithmetic')).toBe('human');
  expect(certainty(EMPTY_CELL, 'arithmetic')).toBe('empty');
  expect(certaintyText(read, 'arithmetic')).toBe('proved, the amounts add up; read from the image');
});
