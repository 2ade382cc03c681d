/**
 * Which languages a page is read with. Its own is read faster and better than three; which it is, the words of a first pass tell, in the language that is
 * likely: the letters of all seven languages are alike enough for their small words (decision 0012).
 */
import type { Word } from '../../core/contract/reading.ts';
import { clearLanguage } from '../../core/extract/score/language.ts';
import { toBox } from '../image/geometry.ts';
import { withoutGrain } from '../image/grain.ts';
import type { Grey } from '../image/grey.ts';
import { engineLanguage } from './data.ts';
import type { OcrPass } from './engine.ts';
import { readBitmap, UPSIDE_DOWN, type BitmapReading } from './read-bitmap.ts';
import type { Told } from './retell.ts';

export interface LanguageWish {
  /** The engine's names, most likely first. */
  readonly languages: readonly string[];
  /** The page may be read with any language of the program; `languages` are for a page that does not tell. */
  readonly automatic: boolean;
  /** What pages before this one were in; else the first of `languages`. */
  readonly likely?: string;
}

type Timed = <T>(stage: string, work: () => Promise<T>) => Promise<T>;

export async function readInLanguages(
  bitmap: Grey,
  wish: LanguageWish,
  dpi: number,
  timed: Timed,
): Promise<BitmapReading> {
  const page = await timed('grain', () => withoutGrain(bitmap, dpi));
  const first = wish.likely ?? wish.languages[0];
  if (!wish.automatic || first === undefined) return readBitmap(page, { languages: wish.languages, dpi }, timed);
  const languages = withOthers(first);
  return readBitmap(page, { languages, dpi, retell: (told, image) => better(wish, told, image) }, timed);
}

/**
 * English beside the page's own language takes umlauts from German and brings nothing to the others; the data of French, the smallest of all, read figures
 * and borrowed words worse without it.
 */
const BESIDE: Readonly<Record<string, readonly string[]>> = { fra: ['eng'] };

const withOthers = (language: string): string[] => [language, ...(BESIDE[language] ?? [])];

/**
 * Mean confidence (0..100) of a first pass under which letters count as hard to read: three engines mostly tell those apart better than one, for a pass more
 * (decision 0012 has the counts). Where exactly the limit should lie is not measured.
 */
const HARD = 84;

/** A page that is in another language is read in that; one that is hard to read or does not tell, in all of the settings, if there are letters at all. */
function better(wish: LanguageWish, { pass, languages }: Told, image: Grey): readonly string[] | undefined {
  const told = clearLanguage(wordsOf(pass, image), image);
  const own = told === undefined ? undefined : engineLanguage(told);
  const withAll = wish.languages.every((one) => languages.includes(one));
  if (own !== undefined && own !== languages[0] && !(withAll && languages.includes(own))) return withOthers(own);
  const lost = pass.words.length === 0 || pass.confidence < UPSIDE_DOWN;
  const content = own !== undefined && pass.confidence >= HARD;
  return content || lost || withAll ? undefined : wish.languages;
}

const wordsOf = (pass: OcrPass, image: Grey): Word[] =>
  pass.words.map((word) => ({
    text: word.text,
    box: toBox(word, (point) => point, image.width, image.height),
    confidence: word.confidence / 100,
  }));
