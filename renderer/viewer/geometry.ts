/** Boxes (1/10,000 of the displayed page) on a screen that is zoomed and turned. */
import type { Box, Word } from '../../core/contract/reading.ts';

export const FULL = 10_000;
export type Turn = 0 | 90 | 180 | 270;
export interface Size {
  readonly width: number;
  readonly height: number;
}
export interface Point {
  readonly x: number;
  readonly y: number;
}

/** Size of the page as it lies on the screen. */
export const turnedSize = (size: Size, turn: Turn): Size =>
  turn % 180 === 0 ? size : { width: size.height, height: size.width };

/** A box of the page -> the box on the turned page. */
export function turnBox([x0, y0, x1, y1]: Box, turn: Turn): Box {
  switch (turn) {
    case 0:
      return [x0, y0, x1, y1];
    case 90:
      return [FULL - y1, x0, FULL - y0, x1];
    case 180:
      return [FULL - x1, FULL - y1, FULL - x0, FULL - y0];
    case 270:
      return [y0, FULL - x1, y1, FULL - x0];
  }
}

/** A point of the turned page (0..1 each way) -> the point of the page in box units. */
export function unturnPoint({ x, y }: Point, turn: Turn): Point {
  const back = turnBox([x * FULL, y * FULL, x * FULL, y * FULL], ((360 - turn) % 360) as Turn);
  return { x: back[0], y: back[1] };
}

export const contains = ([x0, y0, x1, y1]: Box, { x, y }: Point): boolean => x >= x0 && x <= x1 && y >= y0 && y <= y1;

export const union = (boxes: readonly Box[]): Box => [
  Math.min(...boxes.map((b) => b[0])),
  Math.min(...boxes.map((b) => b[1])),
  Math.max(...boxes.map((b) => b[2])),
  Math.max(...boxes.map((b) => b[3])),
];

export const grow = ([x0, y0, x1, y1]: Box, dx: number, dy: number): Box => [
  Math.max(0, Math.round(x0 - dx)),
  Math.max(0, Math.round(y0 - dy)),
  Math.min(FULL, Math.round(x1 + dx)),
  Math.min(FULL, Math.round(y1 + dy)),
];

/** The word under a point, with a little slack between letters and lines. */
export function wordAt(words: readonly Word[], point: Point): Word | undefined {
  let best: Word | undefined;
  let bestArea = Infinity;
  for (const word of words) {
    const [x0, y0, x1, y1] = word.box;
    const slack = Math.min(30, (y1 - y0) / 4);
    if (!contains([x0 - slack, y0 - slack, x1 + slack, y1 + slack], point)) continue;
    const area = (x1 - x0) * (y1 - y0);
    if (area < bestArea) [best, bestArea] = [word, area];
  }
  return best;
}
