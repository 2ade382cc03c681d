import { describe, expect, it } from 'vitest';
import type { Word } from '../../core/contract/reading.ts';
import { phrasesOf, placeOfValue, suggestions } from './suggest.ts';

let x = 0;
const line = (y: number, texts: readonly string[], gap = 60): Word[] => {
  x = 500;
  return texts.map((text) => {
    const width = text.length * 80;
    const word: Word = { text, box: [x, y, x + width, y + 140], confidence: 1 };
    x += width + gap;
    return word;
  });
};
const words = [
  ...line(500, ['Müller', '&', 'Söhne', 'GmbH']),
  ...line(1000, ['Rechnung', 'RE-2025-0042']),
  ...line(1500, ['Summe', '1.234,50', 'EUR']),
  ...line(1700, ['Left', 'Right'], 3000),
];
const phrases = phrasesOf(1, words);
const texts = (typed: string, type: Parameters<typeof suggestions>[2]) =>
  suggestions(phrases, typed, type).map((p) => p.text);

describe('type-ahead', () => {
  it('joins neighbours of a line only', () => {
    expect(phrases.map((p) => p.text)).toContain('Müller & Söhne GmbH');
    expect(phrases.map((p) => p.text)).not.toContain('Left Right');
    expect(phrases.some((p) => p.text.includes('GmbH Rechnung'))).toBe(false);
  });

  it('finds without accents and case, shortest first', () => {
    expect(texts('mull', 'text')[0]).toBe('Müller');
    expect(texts('mull', 'text')).toContain('Müller & Söhne GmbH');
  });

  it('finds amounts by their digits and leaves words out', () => {
    expect(texts('1234', 'amount')[0]).toBe('1.234,50');
    expect(texts('s', 'amount')).toEqual([]);
  });

  it('lists at most ten, and knows where a typed value is printed', () => {
    expect(texts('', 'text').length).toBeLessThanOrEqual(10);
    expect(placeOfValue(phrases, 're-2025-0042')?.box[1]).toBe(1000);
    expect(placeOfValue(phrases, 'nowhere')).toBeUndefined();
  });
});
