import { expect, test } from 'vitest';
import { qualityOf } from './quality.ts';

const word = (text: string, confidence: number) => ({ text, confidence });

test('the quality of a page counts what was not found and what was not sure', () => {
  const sure = [word('Invoice', 96), word('Total', 93)];
  expect(qualityOf(sure, 1)).toBe(1);
  expect(qualityOf(sure, 0.4)).toBeCloseTo(0.4);
  expect(qualityOf([...sure, word('~lI;:,~_=|.i', 20)], 1)).toBeCloseTo(0.5);
  expect(qualityOf([], 0)).toBe(0);
  expect(qualityOf([], 1)).toBe(1);
});
