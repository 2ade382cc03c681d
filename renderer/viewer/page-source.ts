/** A document whose pages can be drawn: a PDF by pdf.js, anything else as pictures that the station made. */
import type { Size } from './geometry.ts';

export interface PageSource {
  readonly pages: number;
  /** Size of the displayed page; only its proportions and its relation to the other pages matter. */
  size(page: number): Promise<Size>;
  /** Draws the page `width` pixels wide; the canvas belongs to the caller. */
  draw(page: number, width: number, signal: AbortSignal): Promise<HTMLCanvasElement>;
  destroy(): void;
}

/** More pixels than this a canvas does not need: a page at 300 dpi has 8.7 million. */
const MAX_PIXELS = 16_000_000;

export function boundedWidth(size: Size, width: number): number {
  const pixels = width * width * (size.height / size.width);
  return Math.max(1, Math.round(pixels > MAX_PIXELS ? width * Math.sqrt(MAX_PIXELS / pixels) : width));
}
