import { describe, expect, it } from 'vitest';
import type { Word } from '../../core/contract/reading.ts';
import { locate } from './locate.ts';
import { phrasesOf } from './suggest.ts';
import { habitsOf } from '../../core/invoice/typed-value.ts';

const words: Word[] = ['Total:', '1.234,50', '€', '31.03.2025', 'DE89', '3704', '0044'].map((text, i) => ({
  text,
  box: [i * 700, 500, i * 700 + text.length * 80, 640],
  confidence: 1,
}));
const phrases = phrasesOf(1, words);
const de = habitsOf('de');

describe('locate', () => {
  it('finds amounts, dates and grouped ids however they are printed', () => {
    expect(locate(phrases, { type: 'amount', name: 'grossTotal' }, '1234.5', de)?.box[0]).toBe(700);
    expect(locate(phrases, { type: 'date', name: 'dueDate' }, '2025-03-31', de)?.text).toBe('31.03.2025');
    const iban = phrasesOf(
      1,
      words.map((w, i) => ({ ...w, box: [i * 300, 500, i * 300 + 250, 640] })),
    );
    expect(locate(iban, { type: 'iban', name: 'vendorIban' }, 'DE8937040044', de)?.text).toBe('DE89 3704 0044');
  });

  it('finds nothing where nothing stands', () => {
    expect(locate(phrases, { type: 'amount', name: 'netTotal' }, '99', de)).toBeUndefined();
    expect(locate(phrases, { type: 'code', name: 'typeCode' }, '380', de)).toBeUndefined();
  });
});
