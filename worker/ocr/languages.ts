/**
 * Which languages a page is read with. Its own is read faster and better than three; which it is, a sample tells: the two bands with most
 * print, a quarter of the page, read in English: the letters of all seven languages are alike enough for their small words (decision 0012).
 */
import type { Word } from '../../core/contract/reading.ts';
import type { Language } from '../../core/extract/labels/kinds.ts';
import { clearLanguage } from '../../core/extract/score/language.ts';
import { withoutGrain } from '../image/grain.ts';
import type { Rect } from '../image/geometry.ts';
import { toBox } from '../image/geometry.ts';
import type { Grey } from '../image/grey.ts';
import { engineLanguage } from './data.ts';
import { recognize, type OcrWord } from './engine.ts';
import { LEAST_PIXELS, readBitmap, type BitmapReading } from './read-bitmap.ts';

export interface LanguageWish {
  /** The engine's names, most likely first. */
  readonly languages: readonly string[];
  /** The page may be read with any language of the program; `languages` are for a page that does not tell. */
  readonly automatic: boolean;
}

export interface InLanguages {
  readonly reading: BitmapReading;
  readonly languages: readonly string[];
}

type Timed = <T>(stage: string, work: () => Promise<T>) => Promise<T>;

const BLOCK = 6;
const GLANCE = { languages: ['eng'], role: 'glance' } as const;
/** On noise a threshold over the whole band makes specks that take long to read. */
const LOCAL = 2;

export async function readInLanguages(
  bitmap: Grey,
  wish: LanguageWish,
  dpi: number,
  timed: Timed,
): Promise<InLanguages> {
  const page = await timed('grain', () => withoutGrain(bitmap, dpi));
  const read = async (languages: readonly string[]): Promise<InLanguages> => ({
    languages,
    reading: await readBitmap(page, { languages, dpi }, timed),
  });
  const tiny = Math.min(page.width, page.height) < LEAST_PIXELS;
  if (!wish.automatic || tiny) return read(wish.languages);
  const told = await timed('language', () => languageOf(page, dpi));
  const first = await read(told ?? wish.languages);
  // A page that lay on its side told nothing; read upright it may be in a language that was not thought of.
  const seen = clearLanguage(first.reading.words, page);
  if (seen === undefined || first.languages.includes(engineLanguage(seen))) return first;
  const again = await read(languagesFor(seen));
  return sure(again.reading) >= sure(first.reading) ? again : first;
}

/**
 * English beside the page's own language takes umlauts from German and brings nothing to the others; the data of French, the smallest of all, read figures
 * and borrowed words worse without it.
 */
const BESIDE: Partial<Record<Language, readonly string[]>> = { fr: ['eng'] };

const languagesFor = (language: Language): string[] => [engineLanguage(language), ...(BESIDE[language] ?? [])];

/** Letters that the engine is sure of. */
const sure = ({ words }: BitmapReading): number =>
  words.reduce((sum, { text, confidence }) => sum + (confidence - 0.5) * text.length, 0);

async function languageOf(page: Grey, dpi: number): Promise<string[] | undefined> {
  const words: Word[] = [];
  for (const { y0, y1 } of bands(page)) {
    // A bitmap of its own: the engine reads nothing in a rectangle as wide as the page.
    const band = { data: page.data.subarray(y0 * page.width, y1 * page.width), width: page.width, height: y1 - y0 };
    // oxlint-disable-next-line no-await-in-loop -- one engine
    const pass = await recognize(band, { ...GLANCE, segmentation: BLOCK, threshold: LOCAL, dpi });
    words.push(...pass.words.map((word) => wordOf({ ...word, y0: word.y0 + y0, y1: word.y1 + y0 }, page)));
  }
  const language = clearLanguage(words, page);
  return language === undefined ? undefined : languagesFor(language);
}

const wordOf = (word: OcrWord, page: Grey): Word => ({
  text: word.text,
  box: toBox(word, (point) => point, page.width, page.height),
  confidence: word.confidence / 100,
});

/** Bands to sample, in parts of the page's height, and how far apart rows and pixels are that are looked at. */
const BAND = 0.12;
const STEP = 4;
/** Light against dark on paper and print of any shade. */
const EDGE = 48;

/** The two bands with most changes between light and dark along their rows: lines of text have more of them than pictures and rules. */
function bands({ data, width, height }: Grey): Rect[] {
  const rows = Math.floor(height / STEP);
  const tall = Math.max(1, Math.round(rows * BAND));
  if (rows < 2 * tall) return [];
  const edges = Array.from({ length: rows }, (_, row) => {
    let count = 0;
    const from = row * STEP * width;
    for (let x = STEP; x < width; x += STEP)
      if (Math.abs((data[from + x] ?? 0) - (data[from + x - STEP] ?? 0)) > EDGE) count += 1;
    return count;
  });
  const sums = edges.slice(0, rows - tall + 1).map((_, at) => edges.slice(at, at + tall).reduce((a, b) => a + b, 0));
  const best = sums.indexOf(Math.max(...sums));
  const apart = sums.map((sum, at) => (Math.abs(at - best) >= tall ? sum : -1));
  const second = apart.indexOf(Math.max(...apart));
  return [best, second].map((at) => ({ x0: 0, x1: width, y0: at * STEP, y1: Math.min(height, (at + tall) * STEP) }));
}
