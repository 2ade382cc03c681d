/** Text runs of a page -> words with boxes. pdf.js gives runs, not words: a run is split at its spaces, pieces that touch are joined again. */
import type { Word } from '../../core/contract/reading.ts';
import { toBox } from '../image/geometry.ts';
import { textWidth } from './glyph-widths.ts';
import type { PdfText, TextRun } from './pdfjs.ts';

interface Piece {
  text: string;
  readonly run: TextRun;
  /** Along the baseline, measured from the run's start. */
  from: number;
  to: number;
  /** Start and end on the baseline, and across it, in the frame of the run's direction. */
  start: number;
  end: number;
  readonly base: number;
  /** A gap that the run itself wrote as a space comes before it. */
  readonly spaced: boolean;
}

export function wordsOf(text: PdfText): Word[] {
  const pieces = joinSpaced(joinTouching(text.runs.flatMap(split)));
  const words: Word[] = [];
  for (const piece of pieces) {
    const { run } = piece;
    const box = toBox(
      {
        x0: piece.start,
        x1: piece.end,
        y0: piece.base - run.ascent * run.size,
        y1: piece.base - run.descent * run.size,
      },
      ([along, across]) => [along * run.dx - across * run.dy, along * run.dy + across * run.dx],
      text.width,
      text.height,
    );
    // Outside of the page, or nowhere: a file may say that its letters are endlessly high.
    const isOnPage = box[0] < box[2] && box[1] < box[3];
    if (isOnPage) words.push({ text: piece.text, box, confidence: 1 });
  }
  return withoutShadows(words);
}

/** Control and format characters: soft hyphens, zero-width spaces, direction marks. */
const INVISIBLE = /[\p{Cc}\p{Cf}]/gu;
/** Replacement, private use, unassigned and control characters: what comes out where a font has no map to Unicode. */
const LOST = /[\ufffd\p{Co}\p{Cn}\p{Cc}]/u;

function split(run: TextRun): Piece[] {
  const total = textWidth(run.text, run.mono);
  const unit = total > 0 ? run.length / total : 0;
  const along = run.x * run.dx + run.y * run.dy;
  const base = run.y * run.dx - run.x * run.dy;
  const pieces: Piece[] = [];
  let at = 0;
  let spaced = false;
  for (const part of run.text.split(/(\s+)/u)) {
    const width = textWidth(part, run.mono) * unit;
    const text = part.replaceAll(INVISIBLE, '').trim();
    if (text !== '')
      pieces.push({ text, run, from: at, to: at + width, start: along + at, end: along + at + width, base, spaced });
    spaced = text === '';
    at += width;
  }
  return pieces;
}

const sameLine = (a: Piece, b: Piece): boolean =>
  a.run.dx * b.run.dx + a.run.dy * b.run.dy > 0.999 &&
  Math.abs(a.base - b.base) < 0.25 * Math.min(a.run.size, b.run.size) &&
  Math.max(a.run.size, b.run.size) < 1.6 * Math.min(a.run.size, b.run.size);

/** Runs break inside words at kerning and font changes. */
function joinTouching(pieces: readonly Piece[]): Piece[] {
  const joined: Piece[] = [];
  for (const piece of pieces) {
    const last = joined.at(-1);
    const gap = last === undefined ? Infinity : piece.start - last.end;
    if (last !== undefined && !piece.spaced && piece.run !== last.run && sameLine(last, piece)) {
      if (gap > -0.35 * piece.run.size && gap < 0.12 * piece.run.size) {
        last.text += piece.text;
        last.end = Math.max(last.end, piece.end);
        continue;
      }
    }
    joined.push({ ...piece });
  }
  return joined;
}

/** "R E C H N U N G": four or more single letters at even distances are one word. */
function joinSpaced(pieces: readonly Piece[]): Piece[] {
  const result: Piece[] = [];
  let row: Piece[] = [];
  const flush = (): void => {
    if (row.length < 4) result.push(...row);
    else result.push(...groups(row));
    row = [];
  };
  for (const piece of pieces) {
    const last = row.at(-1);
    const single = /^[\p{L}\p{N}&.:-]$/u.test(piece.text);
    const near = last !== undefined && sameLine(last, piece) && Math.abs(piece.start - last.end) < 1.5 * piece.run.size;
    if (!single || (last !== undefined && !near)) flush();
    if (single) row.push(piece);
    else result.push(piece);
  }
  flush();
  return result;
}

function groups(row: readonly Piece[]): Piece[] {
  const pitch = row.slice(1).map((piece, i) => piece.start - (row[i]?.end ?? 0));
  const usual = pitch.toSorted((a, b) => a - b)[Math.floor(pitch.length / 2)] ?? 0;
  const words: Piece[] = [];
  let letters = 0;
  for (const [i, piece] of row.entries()) {
    const last = words.at(-1);
    const gap = pitch[i - 1] ?? Infinity;
    if (last !== undefined && gap <= Math.max(usual * 1.7, usual + 0.2 * piece.run.size)) {
      last.text += piece.text;
      last.end = Math.max(last.end, piece.end);
      letters += 1;
    } else words.push({ ...piece });
  }
  // Single digits in a table's columns are no word: only letters make one.
  return letters > 0 && row.filter((piece) => /\p{L}/u.test(piece.text)).length >= row.length / 2 ? words : [...row];
}

/** Bold made by drawing twice, and shadows: the same word almost on itself. */
function withoutShadows(words: readonly Word[]): Word[] {
  const seen = new Map<string, Word[]>();
  return words.filter((word) => {
    const others = seen.get(word.text) ?? [];
    const height = word.box[3] - word.box[1];
    const twin = others.some(
      (other) =>
        Math.abs(other.box[0] - word.box[0]) < 0.3 * height && Math.abs(other.box[1] - word.box[1]) < 0.3 * height,
    );
    if (!twin) seen.set(word.text, [...others, word]);
    return !twin;
  });
}

/** Share of characters that no font of the page maps to text. */
export function unmappedShare(text: PdfText): number {
  let all = 0;
  let lost = 0;
  for (const run of text.runs) {
    for (const character of run.text) {
      if (/\s/u.test(character)) continue;
      all += 1;
      if (LOST.test(character)) lost += 1;
    }
  }
  return all === 0 ? 0 : lost / all;
}

export function characterCount(text: PdfText): number {
  return text.runs.reduce((sum, run) => sum + run.text.replaceAll(/\s/gu, '').length, 0);
}

/** Degrees, clockwise, that most of the text would have to be turned by to stand upright. */
export function textTurn(text: PdfText): 0 | 90 | 180 | 270 {
  const votes = { 0: 0, 90: 0, 180: 0, 270: 0 };
  for (const run of text.runs) {
    const turn = Math.abs(run.dx) >= Math.abs(run.dy) ? (run.dx > 0 ? 0 : 180) : run.dy > 0 ? 270 : 90;
    votes[turn] += run.text.length;
  }
  return ([0, 90, 180, 270] as const).toSorted((a, b) => votes[b] - votes[a])[0] ?? 0;
}
