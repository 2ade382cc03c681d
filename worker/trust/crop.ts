/** A small part of a page as drawn, upright, dark on light, and many of them on one sheet for the OCR engine. */
import type { Box } from '../../core/contract/reading.ts';
import type { Rect } from '../image/geometry.ts';
import { rotateGrey, type Grey } from '../image/grey.ts';
import type { PdfiumPage } from '../pdf/pdfium.ts';

/** How the colours of a page become grey. `lightest`: what is printed over black in another colour goes. */
export type Plane = 'luminance' | 'lightest' | 'darkest';

export interface Place {
  readonly box: Box;
  /** Round the box, in points. */
  readonly marginX: number;
  readonly marginY: number;
  readonly dpi: number;
}

export interface Crop extends Grey {
  /** The box itself within the crop. */
  readonly inner: Rect;
}

interface Pixels {
  readonly data: Uint8Array;
  readonly width: number;
  readonly height: number;
}

/** Blue, green, red, unused -> one byte. */
function greyOf({ data, width, height }: Pixels, plane: Plane): Grey {
  const grey = new Uint8Array(width * height);
  for (let i = 0; i < grey.length; i += 1) {
    const [blue, green, red] = [data[i * 4] ?? 0, data[i * 4 + 1] ?? 0, data[i * 4 + 2] ?? 0];
    grey[i] =
      plane === 'lightest'
        ? Math.max(red, green, blue)
        : plane === 'darkest'
          ? Math.min(red, green, blue)
          : (red * 77 + green * 151 + blue * 28) >> 8;
  }
  return { data: grey, width, height };
}

export function cropOf(page: PdfiumPage, { box, marginX, marginY, dpi }: Place, planes: readonly Plane[]): Crop[] {
  const scale = dpi / 72;
  const [x0, y0, x1, y1] = box.map((edge, i) =>
    Math.round((edge / 10_000) * (i % 2 === 0 ? page.width : page.height) * scale),
  ) as [number, number, number, number];
  const [dx, dy] = [Math.round(marginX * scale), Math.round(marginY * scale)];
  const pixels = page.part(dpi, { x0: x0 - dx, y0: y0 - dy, x1: x1 + dx, y1: y1 + dy });
  const inner = { x0: dx, y0: dy, x1: dx + x1 - x0, y1: dy + y1 - y0 };
  return planes.map((plane) => ({ ...greyOf(pixels, plane), inner }));
}

/** The most common level, in steps of 8. */
export function background({ data }: Grey): number {
  const counts = new Uint32Array(32);
  for (const level of data) counts[level >> 3]! += 1;
  return counts.indexOf(Math.max(...counts)) * 8 + 4;
}

export function darkOnLight<T extends Grey>(crop: T): T {
  return background(crop) >= 120 ? crop : { ...crop, data: crop.data.map((level) => 255 - level) };
}

export async function upright(crop: Crop, degrees: number): Promise<Crop> {
  if (degrees % 360 === 0) return crop;
  const turned = await rotateGrey(crop, degrees);
  const { x0, y0, x1, y1 } = crop.inner;
  const inner =
    degrees === 90
      ? { x0: crop.height - y1, x1: crop.height - y0, y0: x0, y1: x1 }
      : degrees === 270
        ? { x0: y0, x1: y1, y0: crop.width - x1, y1: crop.width - x0 }
        : { x0: crop.width - x1, x1: crop.width - x0, y0: crop.height - y1, y1: crop.height - y0 };
  return { ...turned, inner };
}

/** Contrast that an eye finds on a screen. */
const VISIBLE = 24;
/** A row or column with more ink is a rule, no text. */
const RULE = 0.8;
const LEAST_SHARE = 0.004;

/** Is there anything within the box that could be letters? Rules above and below them are none. */
export function hasInk(crop: Crop): boolean {
  const { x0, y0, x1, y1 } = crop.inner;
  const [wide, tall] = [x1 - x0, y1 - y0];
  if (wide < 2 || tall < 2) return false;
  const paper = background(crop);
  const rows = new Uint32Array(tall);
  for (let y = 0; y < tall; y += 1)
    for (let x = 0; x < wide; x += 1)
      if (Math.abs((crop.data[(y0 + y) * crop.width + x0 + x] ?? paper) - paper) > VISIBLE) rows[y]! += 1;
  const ink = rows.reduce((sum, row) => sum + (row > wide * RULE ? 0 : row), 0);
  return ink > Math.max(4, wide * tall * LEAST_SHARE);
}

/** White space that the engine wants round a line, in pixels. */
const PADDING = 12;

/** Crops under one another, each in a frame of its own paper; `parts` are the frames. */
export function sheetOf(crops: readonly Crop[]): { sheet: Grey; parts: Rect[] } {
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
