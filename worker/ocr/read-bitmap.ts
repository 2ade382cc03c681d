/**
 * A bitmap -> words on the displayed page.
 *
 * Deskew first; read; where boxes stand tall or the engine is lost, find out which way is up and read again; where the words are of another language, read
 * in that one; where the engine is unsure or ink stays outside of every word, read a second time another way and merge both; what still looks like text and
 * was not read is read piece by piece.
 */
import type { Word } from '../../core/contract/reading.ts';
import { pageInk } from '../image/coverage.ts';
import { skewOf } from '../image/deskew.ts';
import { flatten } from '../image/flatten.ts';
import { toBox, unrotate, type Mapping } from '../image/geometry.ts';
import { rotateGrey, type Grey } from '../image/grey.ts';
import { recognize, recognizeParts, type OcrPass, type OcrWord } from './engine.ts';
import { mergePasses, withGaps, worth } from './merge.ts';
import { uprightTurn } from './orientation.ts';
import { qualityOf } from './quality.ts';
import { readAsTold, type Told } from './retell.ts';

export interface BitmapReading {
  readonly words: Word[];
  readonly turned: number;
  readonly skew: number;
  readonly coverage: number;
  /** 0..1, the share of the page's words that was probably read right. */
  readonly quality: number;
  /** What it was read with in the end. */
  readonly languages: readonly string[];
}

export interface BitmapOptions {
  /** The engine's names. */
  readonly languages: readonly string[];
  readonly dpi: number;
  /** What the words of a pass say that the page should be read with; undefined where they are content. */
  readonly retell?: (told: Told, image: Grey) => readonly string[] | undefined;
}

type Timed = <T>(stage: string, work: () => Promise<T>) => Promise<T>;

/**
 * [Note: Reading thresholds] Upright pages never had a mean confidence under 56, turned ones 26 to 37. A second pass pays where the first is unsure
 * or leaves ink unread: segmented another way, on flattened paper with a local threshold, it sees what the first did not; where the first is sure it
 * only costs time.
 */
/** No letter fits into less, and the engine refuses it. */
export const LEAST_PIXELS = 12;
const SKEW_IGNORED = 0.2;
export const UPSIDE_DOWN = 50;
const DOUBT = { page: { confidence: 75, coverage: 0.85 }, receipt: { confidence: 82, coverage: 0.9 } };
/** Receipts and other narrow slips are one block of lines; pages have columns. */
const NARROW = 1.6;
/** With less ink left outside nothing is worth looking for. */
const FULLY_COVERED = 0.985;
/** A page of which two passes read almost nothing holds noise or a picture. */
const TEXTURE = 0.1;
/** More is texture, not text. */
const MOST_GAPS = 40;
const BLOCK = 6;
const COLUMN = 4;
const PAGE = 3;
/** The threshold that follows the paper, not one for the whole page. */
const LOCAL = 2;

export async function readBitmap(
  page: Grey,
  { languages: wanted, dpi, retell }: BitmapOptions,
  timed: Timed,
): Promise<BitmapReading> {
  if (Math.min(page.width, page.height) < LEAST_PIXELS)
    return { words: [], turned: 0, skew: 0, coverage: 1, quality: 1, languages: wanted };
  const found = await timed('deskew', () => skewOf(page));
  const skew = Math.abs(found) < SKEW_IGNORED ? 0 : found;
  const level = skew === 0 ? page : await timed('deskew', () => rotateGrey(page, -skew));
  const narrow = page.height / page.width > NARROW || page.width / page.height > 2 * NARROW;
  const read = (bitmap: Grey, languages: readonly string[]) =>
    timed('ocr', () => recognize(bitmap, { languages, dpi, segmentation: narrow ? BLOCK : PAGE }));
  const { pass: first, image, turned } = await readUpright(level, (bitmap) => read(bitmap, wanted), timed);
  const told = await readAsTold(
    { pass: first, languages: wanted },
    (so) => retell?.(so, image),
    (languages) => read(image, languages),
  );
  const { pass, coverage } = await readRest(told, image, { dpi, doubt: narrow ? DOUBT.receipt : DOUBT.page }, timed);
  const back = backToPage(page, level, image, skew, turned);
  return {
    words: pass.words.filter(isText).map((word) => ({
      text: word.text,
      box: toBox(word, back, page.width, page.height),
      confidence: Math.round(word.confidence) / 100,
    })),
    turned,
    skew,
    coverage: Math.round(coverage * 1_000) / 1_000,
    quality: Math.round(qualityOf(pass.words, coverage) * 1_000) / 1_000,
    languages: told.languages,
  };
}

interface RestOptions {
  readonly dpi: number;
  /** Under either the page is read once more. */
  readonly doubt: { readonly confidence: number; readonly coverage: number };
}

/** The second way where the first is unsure, then what is left piece by piece. */
async function readRest(
  { pass: first, languages }: Told,
  image: Grey,
  { dpi, doubt }: RestOptions,
  timed: Timed,
): Promise<{ pass: OcrPass; coverage: number }> {
  const ink = await timed('coverage', () => pageInk(image));
  let pass = first;
  let coverage = ink.cover(pass.words);
  const blank = pass.words.length === 0 && coverage === 1;
  if (!blank && (coverage < doubt.coverage || pass.confidence < doubt.confidence)) {
    const flat = await timed('flatten', () => flatten(image));
    const again = () => recognize(flat, { languages, dpi, segmentation: COLUMN, threshold: LOCAL });
    pass = mergePasses(pass, await timed('ocr', again));
    coverage = ink.cover(pass.words);
  }
  if (coverage < FULLY_COVERED && coverage > TEXTURE) {
    const gaps = ink.gaps(pass.words).slice(0, MOST_GAPS);
    const parts = () => recognizeParts(image, gaps, { languages, dpi, segmentation: BLOCK });
    pass = withGaps(pass, await timed('gaps', parts));
    coverage = ink.cover(pass.words);
  }
  return { pass, coverage };
}

/** Reads as it stands; where that looks turned, asks which way is up and reads again. */
async function readUpright(
  level: Grey,
  read: (bitmap: Grey) => Promise<OcrPass>,
  timed: Timed,
): Promise<{ pass: OcrPass; image: Grey; turned: number }> {
  const pass = await read(level);
  const asItStands = { pass, image: level, turned: 0 };
  if (!standTall(pass) && pass.confidence >= UPSIDE_DOWN) return asItStands;
  const turned = (await timed('orientation', () => uprightTurn(level))) ?? 0;
  if (turned === 0) return asItStands;
  const image = await rotateGrey(level, turned);
  const again = await read(image);
  return worth(again) >= worth(pass) ? { pass: again, image, turned } : asItStands;
}

function standTall(pass: OcrPass): boolean {
  const long = pass.words.filter((word) => word.text.length >= 3);
  const tall = long.filter((word) => word.y1 - word.y0 > 1.2 * (word.x1 - word.x0));
  return long.length >= 5 && tall.length > long.length / 2;
}

/** Rules and specks come out as words of punctuation. */
const isText = (word: OcrWord): boolean => /[\p{L}\p{N}€$£%]/u.test(word.text) || word.confidence > 60;

function backToPage(page: Grey, level: Grey, image: Grey, skew: number, turned: number): Mapping {
  const unturn = turned === 0 ? undefined : unrotate(turned, level, image);
  const unskew = skew === 0 ? undefined : unrotate(-skew, page, level);
  return (point) => {
    const onLevel = unturn === undefined ? point : unturn(point);
    return unskew === undefined ? onLevel : unskew(onLevel);
  };
}
