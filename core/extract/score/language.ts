/** The document's language: its labels and small words, counted. */
import type { Context } from '../candidates/context.ts';
import { TABLES } from '../labels/find.ts';
import type { Language } from '../labels/kinds.ts';
import { fold } from '../layout/text.ts';

export function detectLanguage(context: Context): Language | undefined {
  const points = new Map<Language, number>();
  const add = (language: Language, n: number) => points.set(language, (points.get(language) ?? 0) + n);
  for (const label of context.labels) {
    if (label.key.length < 3) continue;
    for (const language of label.languages) add(language, (label.key.length >= 6 ? 2 : 1) / label.languages.size);
  }
  const stopwords = new Map<string, Language[]>();
  for (const table of TABLES)
    for (const word of table.stopwords) stopwords.set(word, [...(stopwords.get(word) ?? []), table.language]);
  for (const token of context.layout.tokens) {
    const languages = stopwords.get(fold(token.text).replace(/[^a-z]/g, ''));
    if (languages) for (const language of languages) add(language, 1 / languages.length);
  }
  const [best] = [...points.entries()].toSorted((a, b) => b[1] - a[1]);
  return best && best[1] >= 2 ? best[0] : undefined;
}
