/** The document's language: its labels and small words, counted. */
import type { PageReading, Word } from '../../contract/reading.ts';
import type { Context } from '../candidates/context.ts';
import { buildContext } from '../candidates/context.ts';
import { lazy } from '../../lazy.ts';
import { TABLES } from '../labels/find.ts';
import type { Language } from '../labels/kinds.ts';
import { fold } from '../layout/text.ts';

const stopwordLanguages = lazy((): ReadonlyMap<string, readonly Language[]> => {
  const map = new Map<string, Language[]>();
  for (const { stopwords, language } of TABLES)
    for (const word of stopwords) map.set(word, [...(map.get(word) ?? []), language]);
  return map;
});

function rankedLanguages(context: Context): [Language, number][] {
  const points = new Map<Language, number>();
  const add = (language: Language, n: number) => points.set(language, (points.get(language) ?? 0) + n);
  for (const label of context.labels) {
    if (label.key.length < 3) continue;
    for (const language of label.languages) add(language, (label.key.length >= 6 ? 2 : 1) / label.languages.size);
  }
  const stopwordsIn = stopwordLanguages();
  for (const token of context.layout.tokens) {
    const languages = stopwordsIn.get(fold(token.text).replace(/[^a-z]/g, ''));
    if (languages) for (const language of languages) add(language, 1 / languages.length);
  }
  return [...points.entries()].toSorted((a, b) => b[1] - a[1]);
}

export function detectLanguage(context: Context): Language | undefined {
  const [best] = rankedLanguages(context);
  return best && best[1] >= 2 ? best[0] : undefined;
}

/** Points and lead over the next language that make the choice of a recogniser safe. */
const CLEAR = { points: 3, lead: 1.3 };

/** The language of some words of a page, where it is clear: what is then read with one language alone must not be in another. */
export function clearLanguage(
  words: readonly Word[],
  size: Pick<PageReading, 'width' | 'height'>,
): Language | undefined {
  if (words.length === 0) return undefined;
  const page: PageReading = { page: 1, ...size, source: 'ocr', words: [...words], turned: 0, skew: 0 };
  const [best, next] = rankedLanguages(buildContext([page]));
  if (best === undefined || best[1] < CLEAR.points) return undefined;
  return next === undefined || best[1] >= CLEAR.lead * next[1] ? best[0] : undefined;
}
