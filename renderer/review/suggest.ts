/** Type-ahead over the page's own words: what was typed finds the phrases that are printed, with their places. */
import type { Box, Word } from '../../core/contract/reading.ts';
import type { FieldType } from '../../core/invoice/fields.ts';
import { inReadingOrder } from '../../core/region/words.ts';
import { union } from '../viewer/geometry.ts';

export interface Phrase {
  readonly text: string;
  readonly page: number;
  readonly box: Box;
  /** Folded, for the search. */
  readonly key: string;
  readonly words: number;
}

const MAX_WORDS = 6;
/** A page of a price list must not make typing slow. */
const MAX_PHRASES = 40_000;

export const fold = (text: string): string =>
  text.normalize('NFKD').replaceAll(/\p{M}/gu, '').toLowerCase().replaceAll(/\s+/g, ' ').trim();

/** Runs of up to six neighbouring words on one line. */
export function phrasesOf(page: number, words: readonly Word[]): Phrase[] {
  const ordered = inReadingOrder(words);
  const phrases: Phrase[] = [];
  for (let i = 0; i < ordered.length; i++) {
    const run: Word[] = [];
    for (let j = i; j < ordered.length && run.length < MAX_WORDS; j++) {
      const last = run.at(-1);
      if (last && !neighbours(last, ordered[j]!)) break;
      run.push(ordered[j]!);
      const text = run.map((w) => w.text).join(' ');
      phrases.push({ text, page, box: union(run.map((w) => w.box)), key: fold(text), words: run.length });
      if (phrases.length >= MAX_PHRASES) return phrases;
    }
  }
  return phrases;
}

/** Same line, and no wider apart than about three letters. */
function neighbours(a: Word, b: Word): boolean {
  const height = a.box[3] - a.box[1];
  const middle = (b.box[1] + b.box[3]) / 2;
  return middle > a.box[1] && middle < a.box[3] && b.box[0] - a.box[2] < height * 1.5 && b.box[0] >= a.box[0];
}

const DIGITS: readonly FieldType[] = ['amount', 'decimal', 'percent', 'date'];
const letters = (text: string): number => text.replaceAll(/[^\p{L}]/gu, '').length;

/** Up to `limit` phrases, best first: beginning of the phrase before inside, fewer words before more, top of the page before bottom. */
export function suggestions(phrases: readonly Phrase[], typed: string, type: FieldType, limit = 10): Phrase[] {
  const query = fold(typed);
  const numeric = DIGITS.includes(type);
  const found: { phrase: Phrase; rank: number }[] = [];
  const seen = new Set<string>();
  const digits = query.replaceAll(/\D/g, '');
  for (const phrase of phrases) {
    // An amount may carry its currency, a date its month; no other word.
    if (numeric && (!/\d/.test(phrase.key) || letters(phrase.key) > (type === 'date' ? 12 : 3))) continue;
    if (type !== 'multiline' && type !== 'text' && phrase.words > 3) continue;
    const rank = rankOf(phrase, query, numeric ? digits : '');
    if (rank === undefined || seen.has(phrase.key)) continue;
    seen.add(phrase.key);
    found.push({ phrase, rank: rank + phrase.words });
  }
  return found
    .toSorted((a, b) => a.rank - b.rank)
    .slice(0, limit)
    .map(({ phrase }) => phrase);
}

function rankOf(phrase: Phrase, query: string, digits: string): number | undefined {
  if (query === '') return phrase.words === 1 ? 50 : undefined;
  if (phrase.key === query) return 0;
  if (phrase.key.startsWith(query)) return 10;
  // "1234" finds "1.234,00": signs between the digits do not matter.
  if (digits.length >= 2 && phrase.key.replaceAll(/\D/g, '').startsWith(digits)) return 20;
  if (phrase.words <= 2 && phrase.key.includes(query)) return 30;
  return undefined;
}

/** The printed place of a value that was typed: learning and the snippet need it. */
export function placeOfValue(phrases: readonly Phrase[], typed: string): Phrase | undefined {
  const query = fold(typed);
  return query.length < 2 ? undefined : phrases.find((phrase) => phrase.key === query);
}
