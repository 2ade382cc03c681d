/**
 * A bitmap -> words on the displayed page.
 *
 * Deskew first; read; where boxes stand tall or the engine is unsure, find out which way is up and read again; where ink stays outside of every
 * word, read again with a local threshold and, if much of it does, on flattened paper, and keep the better pass.
 */
import type { Word } from '../../core/contract/reading.ts';
import { pageInk } from '../image/coverage.ts';
import { skewOf } from '../image/deskew.ts';
import { flatten } from '../image/flatten.ts';
import { toBox, unrotate, type Mapping } from '../image/geometry.ts';
import { rotateGrey, type Grey } from '../image/grey.ts';
import { recognize, type OcrPass, type OcrWord } from './engine.ts';
import { uprightTurn } from './orientation.ts';

export interface BitmapReading {
  readonly words: Word[];
  readonly turned: number;
  readonly skew: number;
  readonly coverage: number;
  readonly passes: number;
}

/** [Note: Reading thresholds] found on generated pages and real scans; upright pages never had a mean confidence under 56, turned ones 26 to 37. */
const SKEW_IGNORED = 0.2;
const UNSURE = 50;
const COVER_SECOND = 0.85;
const COVER_FLATTEN = 0.75;
const NARROW = 2.2;

export async function readBitmap(
  page: Grey,
  options: { languages: readonly string[]; dpi: number },
  timed: <T>(stage: string, work: () => Promise<T>) => Promise<T>,
): Promise<BitmapReading> {
  const found = await timed('deskew', () => skewOf(page));
  const skew = Math.abs(found) < SKEW_IGNORED ? 0 : found;
  const level = skew === 0 ? page : await timed('deskew', () => rotateGrey(page, -skew));
  let turned = 0;
  let image = level;
  const segmentation = Math.max(page.width, page.height) / Math.min(page.width, page.height) > NARROW ? 4 : 3;
  const read = (bitmap: Grey, threshold: 0 | 2) =>
    timed('ocr', () => recognize(bitmap, { ...options, segmentation, threshold }));

  let pass = await read(image, 0);
  let passes = 1;
  if (standTall(pass) || (pass.confidence < UNSURE && pass.words.length > 0)) {
    turned = (await timed('orientation', () => uprightTurn(level))) ?? 0;
    if (turned !== 0) {
      image = await rotateGrey(level, turned);
      pass = better(await read(image, 0), pass, () => {
        turned = 0;
        image = level;
      });
      passes += 1;
    }
  }
  const ink = await timed('coverage', () => pageInk(image));
  let coverage = ink.cover(pass.words);
  if (coverage < COVER_SECOND) {
    const flat = coverage < COVER_FLATTEN ? await timed('flatten', () => flatten(image)) : image;
    const second = await read(flat, 2);
    passes += 1;
    if (worth(second) > worth(pass)) {
      pass = second;
      coverage = ink.cover(pass.words);
    }
  }
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
    passes,
  };
}

function better(turnedPass: OcrPass, first: OcrPass, undo: () => void): OcrPass {
  if (worth(turnedPass) >= worth(first)) return turnedPass;
  undo();
  return first;
}

/** Characters the engine is sure of: long, confident words count, guesses count against. */
const worth = (pass: OcrPass): number =>
  pass.words.reduce((sum, word) => sum + (word.confidence - 50) * word.text.length, 0);

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
