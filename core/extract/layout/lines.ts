/** Pages of words -> tokens, lines and segments. */
import type { Box, PageReading } from '../../contract/reading.ts';
import type { Layout, Line, Page, Segment, Token } from './model.ts';
import { bounds, centreY, height, median, overlapY } from './model.ts';
import { labelKey } from './text.ts';
import { partRules } from './rules.ts';
import type { Piece, Rule } from './rules.ts';
import { isSideways, uprightPage } from './upright.ts';

/** "No.505", "Nr.4711", "N°123": a number word glued to its number. */
const GLUED_NUMBER = /^((?:no|nr|nbr)\.|n[°º]\.?)(\d[\w/.-]*)$/i;

/** A label glued to its value: letters, a colon or '#', then something that holds a digit or a currency sign. Times, URLs and mail addresses stay whole. */
const GLUED = /^(\p{L}[\p{L}.\-/°º()]*[:#]+)(?!\/\/)(?=\S*[\d€$£])(\S+)$/u;

function split(piece: Piece): Piece[] {
  const match = GLUED.exec(piece.text) ?? GLUED_NUMBER.exec(piece.text);
  if (!match?.[1] || !match[2] || piece.text.includes('@')) return [piece];
  const share = match[1].length / piece.text.length;
  const cut = piece.x0 + (piece.x1 - piece.x0) * share;
  const boxCut = Math.round(piece.box[0] + (piece.box[2] - piece.box[0]) * share);
  const [b0, b1, b2, b3] = piece.box;
  return [
    { ...piece, text: match[1], x1: cut, box: [b0, b1, boxCut, b3] satisfies Box },
    { ...piece, text: match[2], x0: cut, box: [boxCut, b1, b2, b3] satisfies Box },
  ];
}

/** Rows of pieces, each left to right: a piece joins the row whose nearest piece to its left overlaps it best in height. */
function rowsOf(pieces: readonly Piece[]): Piece[][] {
  const rows: Piece[][] = [];
  for (const piece of pieces.toSorted((a, b) => a.x0 - b.x0)) {
    let best: Piece[] | undefined;
    let bestShare = 0.45;
    for (const row of rows) {
      const last = row.at(-1);
      if (!last || last.x1 - piece.x0 > Math.min(piece.x1 - piece.x0, last.x1 - last.x0) * 0.6) continue;
      const share = overlapY(last, piece) / Math.min(height(last), height(piece));
      // A line's height is that of its words: a big title beside small print must not swallow several lines.
      if (share > bestShare && Math.abs(centreY(last) - centreY(piece)) < 0.6 * Math.max(height(last), height(piece))) {
        bestShare = share;
        best = row;
      }
    }
    if (best) best.push(piece);
    else rows.push([piece]);
  }
  return rows;
}

/** Fewer spaces say nothing about the font. */
const LEAST_SPACES = 4;

/** The gap that parts two segments: clearly wider than this page's space between words. */
function segmentGap(rows: readonly (readonly Piece[])[], wordHeight: number): number {
  const gaps = rows.flatMap((row) => row.slice(1).map((p, i) => p.x0 - (row[i]?.x1 ?? p.x0))).filter((g) => g > 0);
  const usual = gaps.toSorted((a, b) => a - b)[Math.floor(gaps.length * 0.35)] ?? wordHeight * 0.3;
  return Math.min(Math.max(usual * 2.4, wordHeight * 0.75), wordHeight * 1.9);
}

/** Between two words with letters, in heights of the lower one; a third of the spaces are taken to be no wider. */
function usualSpace(rows: readonly (readonly Piece[])[]): number {
  const spaces = rows.flatMap((row) =>
    row.slice(1).flatMap((right, i) => {
      const left = row[i];
      if (!left || !/\p{L}{2}/u.test(left.text) || !/\p{L}{2}/u.test(right.text)) return [];
      const gap = (right.x0 - left.x1) / Math.max(1, Math.min(height(left), height(right)));
      return gap > 0 ? [gap] : [];
    }),
  );
  return spaces.length >= LEAST_SPACES ? (spaces.toSorted((a, b) => a - b)[Math.floor(spaces.length / 3)] ?? 0) : 0;
}

/** A rule of the page stands between two words of a line. */
const isRuledOff = (rules: readonly Rule[], left: Token, right: Token): boolean =>
  rules.some((r) => r.x > left.x1 - 2 && r.x < right.x0 + 2 && r.y0 < right.y1 && r.y1 > right.y0);

function segmentsOf(
  tokens: readonly Token[],
  gap: number,
  place: { readonly page: number; readonly line: number },
  rules: readonly Rule[],
): Segment[] {
  const groups: Token[][] = [];
  for (const token of tokens) {
    const last = groups.at(-1)?.at(-1);
    if (
      last &&
      !isRuledOff(rules, last, token) &&
      token.x0 - last.x1 <= Math.max(gap, Math.min(height(last), height(token)) * 0.7)
    )
      groups.at(-1)?.push(token);
    else groups.push([token]);
  }
  return groups.map((group) => ({
    ...bounds(group),
    ...place,
    tokens: group,
    text: group.map((t) => t.text).join(' '),
  }));
}

function piecesOf(reading: PageReading): { pieces: Piece[]; rules: Rule[]; pageHeight: number } {
  const upright = uprightPage(reading);
  const pieces = reading.words.flatMap((word) => {
    const text = word.text.normalize('NFC').trim();
    const rect = upright.rectOf(word.box);
    // Dotted leaders and rules read as text only glue label and value together.
    if (text === '' || /^[._\-=|~*·•…]{3,}$/.test(text) || isSideways(word, rect) || rect.x1 <= rect.x0) return [];
    return split({ ...rect, text, box: word.box, confidence: word.confidence });
  });
  const parted = reading.source === 'ocr' ? partRules(pieces) : { pieces, rules: [] };
  return { ...parted, pageHeight: upright.height };
}

export function buildLayout(readings: readonly PageReading[]): Layout {
  const pages: Page[] = [];
  const lines: Line[] = [];
  const tokens: Token[] = [];
  const lineOf: Line[] = [];
  for (const reading of readings) {
    const { pieces, rules, pageHeight } = piecesOf(reading);
    const wordHeight = median(pieces.map(height), 12);
    const rows = rowsOf(pieces).toSorted((a, b) => centreY(bounds(a)) - centreY(bounds(b)));
    const gap = segmentGap(rows, wordHeight);
    const space = usualSpace(rows);
    const source = reading.source === 'ocr' ? 'ocr' : 'text';
    const pageLines: Line[] = [];
    for (const row of rows) {
      const index = lines.length;
      const own = row.map((p, i): Token => ({
        ...p,
        index: tokens.length + i,
        page: reading.page,
        key: labelKey(p.text),
        source,
      }));
      const segments = segmentsOf(own, gap, { page: reading.page, line: index }, rules);
      const line: Line = {
        ...bounds(own),
        index,
        page: reading.page,
        tokens: own,
        segments,
        text: segments.map((s) => s.text).join('  '),
        space,
      };
      lines.push(line);
      pageLines.push(line);
      for (const token of own) {
        tokens.push(token);
        lineOf.push(line);
      }
    }
    pages.push({ page: reading.page, height: pageHeight, wordHeight, source, lines: pageLines });
  }
  return { pages, lines, tokens, lineOf };
}
