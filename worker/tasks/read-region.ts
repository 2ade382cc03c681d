/** A part of a page that a person has drawn -> its words. The engine stays warm, the page stays drawn: what is left is one small pass of OCR. */
import { stat } from 'node:fs/promises';
import type { Box } from '../../core/contract/reading.ts';
import type { TaskInput, TaskOutput } from '../../core/contract/tasks.ts';
import { createStageClock, type StageClock } from '../clock.ts';
import { decodeGrey, ocrScale } from '../image/decode.ts';
import { flatten } from '../image/flatten.ts';
import { toBox, unrotate, type Mapping, type Rect } from '../image/geometry.ts';
import { resizeGrey, rotateGrey, type Grey } from '../image/grey.ts';
import { engineLanguage } from '../ocr/data.ts';
import { recognizeParts, type OcrPass } from '../ocr/engine.ts';
import { openPdf } from '../pdf/open.ts';
import { darkOnLight, lineHeights, sheetOf, withinCrop } from '../trust/sheet.ts';
import { unreadable } from '../unreadable.ts';
import { renderDpi } from './read-page.ts';

type Input = TaskInput<'readRegion'>;
type Region = Extract<TaskOutput<'readRegion'>, { kind: 'region' }>;

const LINE = 7;
const BLOCK = 6;
/** Letters lower than this are enlarged before they are read. */
const LOW = 28;
/** A reading less sure than this is tried another way. */
const UNSURE = 72;
/** A slow first reading is noise or a picture: a second one would keep the person waiting for nothing. */
const PATIENCE_MS = 70;
const SKEW_IGNORED = 0.2;
/** Round the area, as a share of its height: a hand cuts off the feet of letters. */
const SLACK = 0.06;

interface HeldPage {
  readonly key: string;
  readonly grey: Grey;
}
/** The page drawn last: areas come one after the other from the same page. */
let held: HeldPage | undefined;

export async function readRegion(input: Input): Promise<TaskOutput<'readRegion'>> {
  if (input.type !== 'pdf' && input.type !== 'image')
    return unreadable('no-pages', `a file of type ${input.type} has no page to read from`);
  const clock = createStageClock();
  const page = await clock.timed('page', () => pageOf(input));
  const languages = languagesOf(input);
  if (input.box === undefined) {
    await clock.timed('warm', () => recognizeParts(BLANK, [undefined], { languages, segmentation: LINE, dpi: 300 }));
    return { kind: 'region', words: [], confidence: 0, ms: clock.ms };
  }
  return { ...(await readArea(page, input.box, input, languages, clock)), ms: clock.ms };
}

const BLANK: Grey = { data: new Uint8Array(64 * 64).fill(255), width: 64, height: 64 };

function languagesOf({ languages }: Input): string[] {
  const names = [...new Set(languages.map(engineLanguage))];
  return names.length === 0 ? ['eng'] : names;
}

async function pageOf({ path, type, page }: Input): Promise<Grey> {
  const { size, mtimeMs } = await stat(path);
  const key = `${path} ${size} ${mtimeMs} ${page}`;
  if (held?.key !== key) held = { key, grey: await (type === 'pdf' ? drawn(path, page) : decoded(path, page)) };
  return held.grey;
}

async function drawn(path: string, number: number): Promise<Grey> {
  const page = (await (await openPdf(path)).pdfium()).page(number);
  try {
    return page.grey(renderDpi(page));
  } finally {
    page.close();
  }
}

async function decoded(path: string, page: number): Promise<Grey> {
  const full = await decodeGrey(path, page);
  return resizeGrey(full, ocrScale(full.width, full.height));
}

async function readArea(
  page: Grey,
  box: Box,
  { turned, skew }: Pick<Input, 'turned' | 'skew'>,
  languages: readonly string[],
  clock: StageClock,
): Promise<Omit<Region, 'ms'>> {
  const rect = pixelsOf(box, page);
  const crop = cut(page, rect);
  const level = Math.abs(skew) < SKEW_IGNORED ? crop : await rotateGrey(crop, -skew);
  const upright = await rotateGrey(level, turned);
  const heights = lineHeights(upright);
  // The grain of paper is no text, but the engine would make some of it.
  if (heights.length === 0) return { kind: 'region', words: [], confidence: 0 };
  const scale = Math.min(...heights) < LOW ? 2 : 1;
  const large = darkOnLight(await resizeGrey(upright, scale));
  const segmentation = heights.length === 1 ? LINE : BLOCK;
  const read = (image: Grey, threshold: 0 | 2): Promise<OcrPass> => {
    const { sheet, parts } = sheetOf([image]);
    const options = { languages, segmentation, threshold, dpi: 300 };
    return clock.timed('ocr', async () => inCrop((await recognizeParts(sheet, parts, options))[0], parts[0]));
  };
  let pass = await read(large, 0);
  if (pass.confidence < UNSURE && (clock.ms['ocr'] ?? 0) < PATIENCE_MS) {
    const other = await read(await flatten(large), 2);
    if (other.confidence > pass.confidence) pass = other;
  }
  const back = backToPage(rect, crop, level, upright, { turned, skew }, scale);
  return {
    kind: 'region',
    words: pass.words.map((word) => ({
      text: word.text,
      box: toBox(word, back, page.width, page.height),
      confidence: Math.round(word.confidence) / 100,
    })),
    confidence: Math.round(pass.confidence) / 100,
  };
}

function inCrop(pass: OcrPass | undefined, frame: Rect | undefined): OcrPass {
  if (pass === undefined || frame === undefined) return { words: [], confidence: 0 };
  return { ...pass, words: pass.words.map((word) => ({ ...word, ...withinCrop(word, frame) })) };
}

function pixelsOf([x0, y0, x1, y1]: Box, page: Grey): Rect {
  const slack = ((y1 - y0) / 10_000) * page.height * SLACK;
  const x = (edge: number): number => (edge / 10_000) * page.width;
  const y = (edge: number): number => (edge / 10_000) * page.height;
  return {
    x0: Math.max(0, Math.floor(x(x0) - slack)),
    y0: Math.max(0, Math.floor(y(y0) - slack)),
    x1: Math.min(page.width, Math.ceil(x(x1) + slack)),
    y1: Math.min(page.height, Math.ceil(y(y1) + slack)),
  };
}

function cut(page: Grey, { x0, y0, x1, y1 }: Rect): Grey {
  const [width, height] = [x1 - x0, y1 - y0];
  const data = new Uint8Array(width * height);
  for (let row = 0; row < height; row += 1) {
    const from = (y0 + row) * page.width + x0;
    data.set(page.data.subarray(from, from + width), row * width);
  }
  return { data, width, height };
}

/** The steps of preparing the area, undone in reverse. */
function backToPage(
  rect: Rect,
  crop: Grey,
  level: Grey,
  upright: Grey,
  { turned, skew }: Pick<Input, 'turned' | 'skew'>,
  scale: number,
): Mapping {
  const unturn = turned % 360 === 0 ? undefined : unrotate(turned, level, upright);
  const unskew = level === crop ? undefined : unrotate(-skew, crop, level);
  return ([x, y]) => {
    const small = [x / scale, y / scale] as const;
    const onLevel = unturn === undefined ? small : unturn(small);
    const [cx, cy] = unskew === undefined ? onLevel : unskew(onLevel);
    return [cx + rect.x0, cy + rect.y0];
  };
}
