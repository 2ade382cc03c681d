/** The QR codes of a page, with their text and their place on the displayed page. */
import { performance } from 'node:perf_hooks';
import type { ReadResult } from 'zxing-wasm/reader';
import type { CodeSeen } from '../../core/contract/reading.ts';
import { toBox } from '../image/geometry.ts';
import { resizeGrey, type Grey } from '../image/grey.ts';
import { payloadText } from './payload-text.ts';
import { forgetZxing, scan, type Attempt } from './zxing.ts';

/** A payment part has one code, a bill by instalments a few: what comes after is an advertisement or an attack. */
const MOST = 8;
/** A4 at 400 dpi; modules of a payment code stay readable on anything larger made as small. */
const MOST_PIXELS = 16_000_000;
const SLOW_MS = 1_000;
/** A QR code of the least version has 21 modules. */
const LEAST_SIDE = 42;

export interface CodeOptions {
  /** Pixels from a scanner or a camera: noise is to be expected. */
  readonly scanned: boolean;
}

export async function readCodes(page: Grey, options: CodeOptions): Promise<CodeSeen[]> {
  if (Math.min(page.width, page.height) < LEAST_SIDE) return [];
  const scale = Math.min(1, Math.sqrt(MOST_PIXELS / (page.width * page.height)));
  try {
    const image = await resizeGrey(page, scale);
    const found = await search(image, options);
    return found.flatMap((code) => codeSeen(code, image));
  } catch {
    // A code that ends the reader takes nothing from the page: its words are read all the same.
    forgetZxing();
    return [];
  }
}

/**
 * The local threshold reads nearly all. A symbol it saw and could not decode is read with the holes closed that noise tears; strong even noise over the
 * whole page hides the finder patterns from it, not from a threshold over the whole page.
 */
async function search(image: Grey, { scanned }: CodeOptions): Promise<ReadResult[]> {
  const start = performance.now();
  const seen = await scan(image, { most: MOST });
  const valid = seen.filter(({ isValid }) => isValid);
  // A look takes 50 ms; a page that makes it last was made for that.
  if (valid.length > 0 || performance.now() - start > SLOW_MS) return valid;
  const again = async (attempt: Omit<Attempt, 'most'>): Promise<ReadResult[]> =>
    (await scan(image, { most: MOST, ...attempt })).filter(({ isValid }) => isValid);
  const closed = seen.length === 0 ? [] : await again({ denoise: true });
  return closed.length > 0 || !scanned ? closed : again({ threshold: 'global' });
}

function codeSeen({ format, bytes, text, hasECI, position }: ReadResult, image: Grey): CodeSeen[] {
  const payload = payloadText(bytes, hasECI ? text : undefined);
  if (payload === '') return [];
  const corners = [position.topLeft, position.topRight, position.bottomRight, position.bottomLeft];
  const [xs, ys] = [corners.map(({ x }) => x), corners.map(({ y }) => y)];
  const rect = { x0: Math.min(...xs), y0: Math.min(...ys), x1: Math.max(...xs), y1: Math.max(...ys) };
  return [{ format, text: payload, box: toBox(rect, (point) => point, image.width, image.height) }];
}
