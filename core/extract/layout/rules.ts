/** Rules of a table that a scan reads as letters: bars under one another part columns, dashes along the line are dirt. Neither is a word. */
import type { Rect, Token } from './model.ts';
import { height, median } from './model.ts';

export type Piece = Rect & Pick<Token, 'text' | 'box' | 'confidence'>;

/** A piece of a vertical rule. */
export interface Rule {
  readonly x: number;
  readonly y0: number;
  readonly y1: number;
}

const BAR = /^[|¦‖]+$/;
const DASH = /^[_~^]+$/;
/** Bars of one rule stand under one another: this far aside and apart, in heights of a word. */
const ASIDE = 0.4;
const APART = 7;

const centre = (piece: Piece): number => (piece.x0 + piece.x1) / 2;

/** A bar that was read as part of a word. */
function bare(piece: Piece): Piece {
  const text = piece.text.replace(/^[|¦]+(?=.)|(?<=.)[|¦]+$/g, '');
  return text === piece.text ? piece : { ...piece, text };
}

export function partRules(pieces: readonly Piece[]): { pieces: Piece[]; rules: Rule[] } {
  const size = median(pieces.map(height), 12);
  const bars = pieces.filter((p) => BAR.test(p.text));
  const isRule = (bar: Piece): boolean =>
    bars.some(
      (other) =>
        other !== bar &&
        Math.abs(centre(other) - centre(bar)) < size * ASIDE &&
        Math.abs(other.y0 - bar.y0) < size * APART,
    );
  const ruled = new Set(bars.filter(isRule));
  return {
    pieces: pieces.filter((p) => !ruled.has(p) && !DASH.test(p.text)).map(bare),
    rules: [...ruled].map((bar) => ({ x: centre(bar), y0: bar.y0, y1: bar.y1 })),
  };
}
