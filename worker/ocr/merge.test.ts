import { describe, expect, it } from 'vitest';
import type { OcrWord } from './engine.ts';
import { mergePasses } from './merge.ts';

const word = (text: string, x: number, confidence: number): OcrWord => ({
  text,
  confidence,
  x0: x,
  x1: x + 40,
  y0: 10,
  y1: 30,
});
const pass = (...words: OcrWord[]) => ({ words, confidence: 0 });
const texts = (a: ReturnType<typeof pass>, b: ReturnType<typeof pass>): string[] =>
  mergePasses(a, b).words.map(({ text }) => text);

describe('mergePasses', () => {
  it('takes the better pass and adds what only the other saw', () => {
    const good = pass(word('Invoice', 0, 95), word('Total', 100, 90));
    expect(texts(good, pass(word('lnvoice', 0, 70), word('71.04', 200, 88)))).toEqual(['Invoice', 'Total', '71.04']);
  });

  it('takes the surer reading of the same place', () => {
    expect(texts(pass(word('Invoice', 0, 95), word('7l.O4', 100, 52)), pass(word('71.04', 102, 91)))).toEqual([
      'Invoice',
      '71.04',
    ]);
  });

  it('adds no guesses and does not let one word swallow two', () => {
    const good = pass(word('3', 0, 80), word('pieces', 45, 96));
    const wide = { ...word('3pieces', 0, 99), x1: 85 };
    expect(texts(good, pass(word('~~', 300, 20), wide))).toEqual(['3', 'pieces']);
  });
});
