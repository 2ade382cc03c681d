import { describe, expect, it } from 'vitest';
import type { Word } from '../../core/contract/reading.ts';
import { characterErrors, correlation, distance, quantile, recallOf } from './score.ts';

const word = (text: string, x: number, y = 0, wide = 400): Word => ({
  text,
  box: [x, y, x + wide, y + 100],
  confidence: 1,
});

describe('the scores of the OCR bench', () => {
  it('count each true word once, whatever stands round it', () => {
    const truth = [word('Total:', 0), word('12.50', 500), word('12.50', 1_000), word('—', 1_500)];
    expect(recallOf(truth, [word('Total', 0), word('(12.50)', 500)])).toBeCloseTo(2 / 3);
  });

  it('count wrong characters, not other word breaks or another order', () => {
    const truth = [word('Invoice', 0), word('No.', 500), word('4711', 0, 500)];
    expect(characterErrors(truth, [word('471l', 0, 500), word('InvoiceNo.', 0, 0, 900)])).toEqual({
      errors: 1,
      characters: 14,
    });
    expect(characterErrors(truth, [word('Invoice', 0), word('LOGO', 5_000, 5_000)])).toEqual({
      errors: 7,
      characters: 14,
    });
  });

  it('know their arithmetic', () => {
    expect(distance('kitten', 'sitting')).toBe(3);
    expect(
      correlation([
        [1, 2],
        [2, 4],
        [3, 6],
      ]),
    ).toBeCloseTo(1);
    expect(quantile([5, 1, 3, 2, 4], 0.5)).toBe(3);
    expect(quantile([5, 1, 3, 2, 4], 0.95)).toBe(5);
  });
});
