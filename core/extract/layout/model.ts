import type { Box } from '../../contract/reading.ts';

/** A rectangle in upright page units: 1000 across the page's width, the same scale downwards. */
export interface Rect {
  readonly x0: number;
  readonly y0: number;
  readonly x1: number;
  readonly y1: number;
}

/** A word, or the part of one after a split ("Nr.:123" -> "Nr.:", "123"). */
export interface Token extends Rect {
  readonly index: number;
  readonly page: number;
  readonly text: string;
  readonly key: string;
  /** On the displayed page, as in the reading. */
  readonly box: Box;
  readonly confidence: number;
  readonly source: 'text' | 'ocr';
}

/** Words of a line that stand together: a cell, a column's text, a phrase. */
export interface Segment extends Rect {
  readonly page: number;
  readonly line: number;
  readonly tokens: readonly Token[];
  readonly text: string;
}

export interface Line extends Rect {
  /** Over the whole document. */
  readonly index: number;
  readonly page: number;
  readonly tokens: readonly Token[];
  readonly segments: readonly Segment[];
  readonly text: string;
  /** The page's usual space between two words, in heights of a word: a typewriter's is as wide as a digit. */
  readonly space: number;
}

export interface Page {
  readonly page: number;
  /** Height in units (width is 1000). */
  readonly height: number;
  /** Median height of a word. */
  readonly wordHeight: number;
  readonly source: 'text' | 'ocr';
  readonly lines: readonly Line[];
}

export interface Layout {
  readonly pages: readonly Page[];
  readonly lines: readonly Line[];
  readonly tokens: readonly Token[];
  /** Line of a token, by the token's index. */
  readonly lineOf: readonly Line[];
}

export const width = (r: Rect): number => r.x1 - r.x0;
export const height = (r: Rect): number => r.y1 - r.y0;
export const centreX = (r: Rect): number => (r.x0 + r.x1) / 2;
export const centreY = (r: Rect): number => (r.y0 + r.y1) / 2;
export const overlapX = (a: Rect, b: Rect): number => Math.min(a.x1, b.x1) - Math.max(a.x0, b.x0);
export const overlapY = (a: Rect, b: Rect): number => Math.min(a.y1, b.y1) - Math.max(a.y0, b.y0);

export function bounds(rects: readonly Rect[]): Rect {
  return {
    x0: Math.min(...rects.map((r) => r.x0)),
    y0: Math.min(...rects.map((r) => r.y0)),
    x1: Math.max(...rects.map((r) => r.x1)),
    y1: Math.max(...rects.map((r) => r.y1)),
  };
}

/** The rectangle round some tokens on the displayed page. */
export function boxOf(tokens: readonly Token[]): Box {
  return [
    Math.min(...tokens.map((t) => t.box[0])),
    Math.min(...tokens.map((t) => t.box[1])),
    Math.max(...tokens.map((t) => t.box[2])),
    Math.max(...tokens.map((t) => t.box[3])),
  ];
}

export function median(values: readonly number[], fallback = 0): number {
  if (values.length === 0) return fallback;
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[Math.floor(sorted.length / 2)] ?? fallback;
}

export const textOf = (tokens: readonly Token[]): string => tokens.map((t) => t.text).join(' ');
