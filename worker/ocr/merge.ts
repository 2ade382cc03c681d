/** Two passes over the same bitmap -> one: the better pass, with what only the other saw and what the other read more surely. */
import type { Rect } from '../image/geometry.ts';
import type { OcrPass, OcrWord } from './engine.ts';

/** Below it a word that the better pass did not see is more likely noise than text. */
const ADDED = 50;
const SURER = 5;

/** Characters the engine is sure of: long, confident words count, guesses count against. */
export const worth = (pass: OcrPass): number =>
  pass.words.reduce((sum, word) => sum + (word.confidence - 50) * word.text.length, 0);

export function mergePasses(a: OcrPass, b: OcrPass): OcrPass {
  const [best, other] = worth(a) >= worth(b) ? [a, b] : [b, a];
  const words: OcrWord[] = [...best.words];
  for (const word of other.words) {
    if (word.confidence < ADDED) continue;
    const over = words.flatMap((seen, i) => (overlaps(seen, word) ? [i] : []));
    const [at] = over;
    if (at === undefined) words.push(word);
    else if (over.length === 1) {
      const seen = words[at];
      if (seen !== undefined && word.confidence > seen.confidence + SURER && sameExtent(seen, word)) words[at] = word;
    }
  }
  const letters = words.reduce((sum, word) => sum + word.text.length, 0);
  const sum = words.reduce((total, word) => total + word.confidence * word.text.length, 0);
  return { words, confidence: letters === 0 ? 0 : sum / letters };
}

/** Words read where nothing was: only sure ones, since most of such ink is stamps, logos and noise. */
const IN_GAP = { word: 65, letter: 80 };

export function withGaps(pass: OcrPass, found: readonly OcrPass[]): OcrPass {
  const words = [...pass.words];
  for (const word of found.flatMap((part) => part.words)) {
    const sure = word.text.length > 1 ? IN_GAP.word : IN_GAP.letter;
    const letters = /[\p{L}\p{N}]/u.test(word.text);
    if (letters && word.confidence >= sure && !words.some((seen) => overlaps(seen, word))) words.push(word);
  }
  return { words, confidence: pass.confidence };
}

const shared = (a0: number, a1: number, b0: number, b1: number): number => Math.min(a1, b1) - Math.max(a0, b0);

function overlaps(a: Rect, b: Rect): boolean {
  return (
    shared(a.x0, a.x1, b.x0, b.x1) > 0.3 * Math.min(a.x1 - a.x0, b.x1 - b.x0) &&
    shared(a.y0, a.y1, b.y0, b.y1) > 0.4 * Math.min(a.y1 - a.y0, b.y1 - b.y0)
  );
}

const sameExtent = (a: Rect, b: Rect): boolean =>
  shared(a.x0, a.x1, b.x0, b.x1) > 0.6 * (Math.max(a.x1, b.x1) - Math.min(a.x0, b.x0));
