/** Where the pages lie in the continuous scroll, and how far one may zoom. */
import type { Box } from '../../core/contract/reading.ts';
import { FULL } from './geometry.ts';
import type { Size } from './geometry.ts';

export const GAP = 14;
export const ZOOM = { min: 0.2, max: 6, step: 1.2 } as const;
/** Screen pixels of one point at zoom 1. */
export const PX = 96 / 72;

export interface Placed extends Size {
  readonly page: number;
  readonly top: number;
}

/** Pages one below the other; sizes are those of the turned pages in points. */
export function placePages(sizes: readonly Size[], zoom: number): Placed[] {
  let top = GAP;
  return sizes.map((size, i) => {
    const placed = { page: i + 1, top, width: size.width * zoom * PX, height: size.height * zoom * PX };
    top += placed.height + GAP;
    return placed;
  });
}

export const clampZoom = (zoom: number): number => Math.min(ZOOM.max, Math.max(ZOOM.min, zoom));

/** The zoom at which the widest page fills the width, or the page the whole view. */
export function fitZoom(sizes: readonly Size[], view: Size, fit: 'width' | 'page'): number {
  const width = Math.max(1, ...sizes.map((s) => s.width));
  const across = (view.width - 2 * GAP) / (width * PX);
  if (fit === 'width' || sizes.length === 0) return clampZoom(across);
  const height = Math.max(...sizes.map((s) => s.height));
  return clampZoom(Math.min(across, (view.height - 2 * GAP) / (height * PX)));
}

/** First and last page (indexes) that touch the stretch from `top` to `bottom`. */
export function pagesBetween(pages: readonly Placed[], top: number, bottom: number): [number, number] {
  let first = 0;
  while (first < pages.length - 1 && pages[first]!.top + pages[first]!.height < top) first++;
  let last = first;
  while (last < pages.length - 1 && pages[last + 1]!.top <= bottom) last++;
  return [first, last];
}

/** Where to scroll so that a box is comfortably in view; null where it already is. */
export function scrollFor(
  box: Box,
  page: Placed,
  offsetLeft: number,
  view: Size & { left: number; top: number },
): { left: number; top: number } | null {
  const x0 = offsetLeft + (box[0] / FULL) * page.width;
  const x1 = offsetLeft + (box[2] / FULL) * page.width;
  const y0 = page.top + (box[1] / FULL) * page.height;
  const y1 = page.top + (box[3] / FULL) * page.height;
  const margin = Math.min(60, view.height / 6);
  const inside =
    y0 >= view.top + margin && y1 <= view.top + view.height - margin && x0 >= view.left && x1 <= view.left + view.width;
  if (inside) return null;
  return {
    left: x0 >= view.left && x1 <= view.left + view.width ? view.left : (x0 + x1 - view.width) / 2,
    top: (y0 + y1) / 2 - view.height * 0.4,
  };
}
