import { expect, test } from 'vitest';
import type { TextRun } from './pdfjs.ts';
import { wordsOf } from './words.ts';

const run = (text: string, more: Partial<TextRun> = {}): TextRun => ({
  text,
  x: 50,
  y: 100,
  dx: 1,
  dy: 0,
  length: 40,
  size: 10,
  mono: false,
  ascent: 0.9,
  descent: -0.2,
  ...more,
});
const shown = (...runs: TextRun[]): string[] => wordsOf({ width: 600, height: 800, runs }).map(({ text }) => text);

test('a word that is nowhere on the page is none, and the others are read', () => {
  const odd = [Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];
  for (const value of odd)
    for (const field of ['x', 'y', 'length', 'size', 'ascent', 'descent'] as const) {
      const words = wordsOf({
        width: 600,
        height: 800,
        runs: [run('odd', { [field]: value }), run('there', { y: 200 })],
      });
      expect(words.flatMap(({ box }) => box).every((side) => Number.isFinite(side))).toBe(true);
      expect(words.map(({ text }) => text)).toContain('there');
    }
  expect(shown(run('left', { x: -100 }), run('there'))).toEqual(['there']);
});
