/**
 * Tesseract (WebAssembly, LSTM) driven directly in this thread.
 *
 * Traps: a failed SetImageFile answers with the previous page's text, so the image goes in by pointer and the engine is cleared after each page;
 * the heap never shrinks, so the engine is thrown away after a number of pages or one very large page; an abort leaves the heap unusable.
 */
import type { Rect } from '../image/geometry.ts';
import type { Grey } from '../image/grey.ts';
import { collectGarbage } from '../garbage.ts';
import { messageOf, UnreadableError } from '../unreadable.ts';
import { loadCore, type Api, type Core } from './core.ts';
import { languageData } from './data.ts';

export interface OcrWord extends Rect {
  readonly text: string;
  /** 0..100 */
  readonly confidence: number;
}
export interface OcrPass {
  readonly words: readonly OcrWord[];
  /** 0..100, mean over the characters. */
  readonly confidence: number;
}
export interface OcrOptions {
  /** The engine's names, e.g. `eng`. */
  readonly languages: readonly string[];
  /** Page segmentation: 3 page, 4 column, 6 block. */
  readonly segmentation: number;
  readonly dpi: number;
  /** 0 Otsu (whole page), 2 Sauvola (local). */
  readonly threshold?: 0 | 2;
}

const PAGES_PER_ENGINE = 40;
const HUGE_PAGE = 25_000_000;
const FULL_PAGE = 4_000_000;

interface Engine {
  readonly core: Core;
  readonly api: Api;
  readonly languages: string;
  pages: number;
}
/** One a thread: another language's starts in 20 to 70 ms, its heap takes 100 MB. */
let loaded: Engine | undefined;

export function forgetOcr(): void {
  loaded = undefined;
}

async function engineFor(languages: string): Promise<Engine> {
  if (loaded?.languages === languages && loaded.pages < PAGES_PER_ENGINE) return loaded;
  if (loaded !== undefined) {
    loaded = undefined;
    collectGarbage();
  }
  const core = await loadCore('lstm');
  for (const language of languages.split('+')) {
    core.writeFile(`./${language}.traineddata`, languageData(language));
  }
  const api = core.createApi();
  if (api.Init(null, languages, 1) !== 0)
    throw new UnreadableError('engine-error', `OCR does not start with the languages ${languages}`);
  loaded = { core, api, languages, pages: 0 };
  return loaded;
}

/** Loads program and data before a page needs them. */
export async function warmOcr(languages: readonly string[]): Promise<void> {
  await engineFor(languages.join('+'));
}

export async function recognize(image: Grey, options: OcrOptions): Promise<OcrPass> {
  const [pass] = await recognizeParts(image, [undefined], options);
  return pass ?? { words: [], confidence: 0 };
}

/** Parts of a bitmap, each thresholded and segmented by itself; words stand at their place in the whole. `undefined` is the whole. */
export async function recognizeParts(
  image: Grey,
  parts: readonly (Rect | undefined)[],
  options: OcrOptions,
): Promise<OcrPass[]> {
  const engine = await engineFor(options.languages.join('+'));
  const { api, core } = engine;
  // A few lines cut out of a page fill no heap.
  engine.pages += Math.min(1, (image.width * image.height) / FULL_PAGE);
  const pointer = core.copyIn(image.data);
  try {
    api.SetVariable('tessedit_pageseg_mode', String(options.segmentation));
    api.SetVariable('thresholding_method', String(options.threshold ?? 0));
    api.SetImage(pointer, image.width, image.height, 1, image.width);
    api.SetSourceResolution(Math.max(70, Math.round(options.dpi)));
    return parts.map((part) => {
      if (part !== undefined) api.SetRectangle(part.x0, part.y0, part.x1 - part.x0, part.y1 - part.y0);
      if (api.Recognize(null) !== 0) throw new UnreadableError('engine-error', 'OCR refuses the page');
      return parseTsv(api.GetTSVText(0));
    });
  } catch (error) {
    forgetOcr();
    if (error instanceof UnreadableError) throw error;
    throw new UnreadableError('engine-error', `OCR stopped: ${messageOf(error)}`);
  } finally {
    if (loaded === engine) {
      api.Clear();
      core.free(pointer);
      if (image.width * image.height > HUGE_PAGE) forgetOcr();
    }
  }
}

/** Columns: level page block paragraph line word left top width height confidence text; level 5 is a word. */
export function parseTsv(tsv: string): OcrPass {
  const words: OcrWord[] = [];
  let sum = 0;
  let letters = 0;
  for (const row of tsv.split('\n')) {
    const cells = row.split('\t');
    const text = (cells[11] ?? '').trim();
    if (cells[0] !== '5' || text === '') continue;
    const [left, top, width, height, confidence] = cells.slice(6, 11).map(Number) as [
      number,
      number,
      number,
      number,
      number,
    ];
    words.push({ text, confidence, x0: left, y0: top, x1: left + width, y1: top + height });
    sum += confidence * text.length;
    letters += text.length;
  }
  return { words, confidence: letters === 0 ? 0 : sum / letters };
}
