import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Box, Word } from '../../core/contract/reading.ts';
import { inReadingOrder, textOf, wordsIn } from '../../core/region/words.ts';
import { FULL, turnBox, unturnPoint, wordAt } from './geometry.ts';
import type { Turn } from './geometry.ts';

const word = (text: string, x: number, y: number): Word => ({
  text,
  box: [x, y, x + text.length * 80, y + 120],
  confidence: 1,
});
const page = [word('Total', 100, 1000), word('119.00', 900, 1010), word('Net', 100, 800), word('100.00', 900, 790)];

describe('turning', () => {
  it('four quarter turns are none, and a point finds back', () => {
    const n = fc.nat({ max: FULL });
    fc.assert(
      fc.property(n, n, n, n, fc.constantFrom<Turn>(0, 90, 180, 270), (a, b, c, d, turn) => {
        const box: Box = [Math.min(a, c), Math.min(b, d), Math.max(a, c), Math.max(b, d)];
        let turned = box;
        for (let i = 0; i < 4; i++) turned = turnBox(turned, 90);
        expect(turned).toEqual(box);
        const [x, y] = turnBox([a, b, a, b], turn);
        const back = unturnPoint({ x: x / FULL, y: y / FULL }, turn);
        expect(back.x).toBeCloseTo(a, 6);
        expect(back.y).toBeCloseTo(b, 6);
      }),
    );
  });

  it('a quarter turn brings the top left to the top right', () => {
    expect(turnBox([0, 0, 100, 50], 90)).toEqual([FULL - 50, 0, FULL, 100]);
  });
});

describe('words', () => {
  it('finds the word under a point', () => {
    expect(wordAt(page, { x: 950, y: 1050 })?.text).toBe('119.00');
    expect(wordAt(page, { x: 5000, y: 5000 })).toBeUndefined();
  });

  it('reads lines from the top and words from the left', () => {
    expect(inReadingOrder(page).map((w) => w.text)).toEqual(['Net', '100.00', 'Total', '119.00']);
    expect(textOf(page)).toBe('Net 100.00\nTotal 119.00');
    expect(wordsIn(page, [0, 700, FULL, 950]).map((w) => w.text)).toEqual(['Net', '100.00']);
  });
});
