/** Small bitmaps as the OCR engine likes them: dark on light, each in a frame of its own paper, many on one sheet. */
import type { Rect } from '../image/geometry.ts';
import type { Grey } from '../image/grey.ts';

/** The most common level, in steps of 8. */
export function background({ data }: Grey): number {
  const counts = new Uint32Array(32);
  for (const level of data) counts[level >> 3]! += 1;
  return counts.indexOf(Math.max(...counts)) * 8 + 4;
}

export function darkOnLight<T extends Grey>(crop: T): T {
  return background(crop) >= 120 ? crop : { ...crop, data: crop.data.map((level) => 255 - level) };
}

/** White space that the engine wants round a line, in pixels. */
const PADDING = 12;

/** Crops under one another, each in a frame of its own paper; `parts` are the frames. */
export function sheetOf(crops: readonly Grey[]): { sheet: Grey; parts: Rect[] } {
  const width = Math.max(...crops.map((crop) => crop.width)) + 2 * PADDING;
  const height = crops.reduce((sum, crop) => sum + crop.height + 2 * PADDING, 0);
  const data = new Uint8Array(width * height).fill(255);
  const parts: Rect[] = [];
  let top = 0;
  for (const crop of crops) {
    const part = { x0: 0, y0: top, x1: crop.width + 2 * PADDING, y1: top + crop.height + 2 * PADDING };
    parts.push(part);
    const paper = background(crop);
    for (let y = part.y0; y < part.y1; y += 1) data.fill(paper, y * width, y * width + part.x1);
    for (let y = 0; y < crop.height; y += 1)
      data.set(crop.data.subarray(y * crop.width, (y + 1) * crop.width), (top + PADDING + y) * width + PADDING);
    top = part.y1;
  }
  return { sheet: { data, width, height }, parts };
}

/** From the sheet back to the crop. */
export const withinCrop = (word: Rect, part: Rect): Rect => ({
  x0: word.x0 - part.x0 - PADDING,
  x1: word.x1 - part.x0 - PADDING,
  y0: word.y0 - part.y0 - PADDING,
  y1: word.y1 - part.y0 - PADDING,
});

/** A row of pixels with less of it dark is paper, with specks. */
const LEAST_INK = 0.004;
const CONTRAST = 45;
/** Lower runs of dark rows are rules and dots. */
const LOWEST = 5;

/** Heights of the lines of letters, from the top; rules do not count. */
export function lineHeights(grey: Grey): number[] {
  const paper = background(grey);
  const heights: number[] = [];
  let run = 0;
  for (let y = 0; y <= grey.height; y += 1) {
    let dark = 0;
    for (let x = 0; x < grey.width && y < grey.height; x += 1)
      if (Math.abs((grey.data[y * grey.width + x] ?? paper) - paper) > CONTRAST) dark += 1;
    if (dark > Math.max(1, grey.width * LEAST_INK)) run += 1;
    else {
      if (run >= LOWEST) heights.push(run);
      run = 0;
    }
  }
  return heights;
}
