/** A small part of a page as drawn, upright, and whether anything is to be seen in it. */
import type { Box } from '../../core/contract/reading.ts';
import type { Rect } from '../image/geometry.ts';
import { rotateGrey, type Grey } from '../image/grey.ts';
import type { PdfiumPage } from '../pdf/pdfium.ts';
import { background } from './sheet.ts';

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
