/** Words of a displayed page -> tokens on the upright, straightened page. */
import type { Box, PageReading, Word } from '../../contract/reading.ts';
import type { Rect } from './model.ts';

/** Degrees under which straightening is not worth its rounding. */
const MIN_SKEW = 0.15;

type Point = readonly [number, number];

/** Point of the displayed page (units of its pixels or points) -> point of the upright page, for a page turned clockwise by `turned`. */
function turn([x, y]: Point, turned: number, w: number, h: number): Point {
  if (turned === 90) return [h - y, x];
  if (turned === 180) return [w - x, h - y];
  if (turned === 270) return [y, w - x];
  return [x, y];
}

export interface UprightPage {
  readonly height: number;
  readonly rectOf: (box: Box) => Rect;
}

/** How to place a page's boxes on an upright page that is 1000 units wide. */
export function uprightPage(page: PageReading): UprightPage {
  const w = page.width > 0 ? page.width : 1;
  const h = page.height > 0 ? page.height : 1;
  const sideways = page.turned === 90 || page.turned === 270;
  const [pageWidth, pageHeight] = sideways ? [h, w] : [w, h];
  const scale = 1000 / pageWidth;
  const angle = Math.abs(page.skew) >= MIN_SKEW && Math.abs(page.skew) < 30 ? (-page.skew * Math.PI) / 180 : 0;
  const [cx, cy] = [pageWidth / 2, pageHeight / 2];
  const rotate = ([x, y]: Point): Point =>
    angle === 0
      ? [x, y]
      : [
          cx + (x - cx) * Math.cos(angle) - (y - cy) * Math.sin(angle),
          cy + (x - cx) * Math.sin(angle) + (y - cy) * Math.cos(angle),
        ];
  const rectOf = (box: Box): Rect => {
    const a = turn([(box[0] / 10_000) * w, (box[1] / 10_000) * h], page.turned, w, h);
    const b = turn([(box[2] / 10_000) * w, (box[3] / 10_000) * h], page.turned, w, h);
    const [x0, x1] = a[0] < b[0] ? [a[0], b[0]] : [b[0], a[0]];
    const [y0, y1] = a[1] < b[1] ? [a[1], b[1]] : [b[1], a[1]];
    // The box's centre moves; its size stays: a word's box is short, so the skew inside it is small.
    const [mx, my] = rotate([(x0 + x1) / 2, (y0 + y1) / 2]);
    const [hw, hh] = [(x1 - x0) / 2, (y1 - y0) / 2];
    return { x0: (mx - hw) * scale, x1: (mx + hw) * scale, y0: (my - hh) * scale, y1: (my + hh) * scale };
  };
  return { height: pageHeight * scale, rectOf };
}

/** Text that reads from below or above (margin notes) would glue lines together: tall boxes of more than two characters. */
export const isSideways = (word: Word, rect: Rect): boolean =>
  word.text.length > 2 && rect.y1 - rect.y0 > (rect.x1 - rect.x0) * 1.6;
