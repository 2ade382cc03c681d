/**
 * Sets text on A4 pages as words with boxes. A word's box is as high as its font size (baseline at 78 % of it) and as wide as its text; whoever shows the
 * page writes the word into its box. Remembers where each element of the tree was written.
 */
import type { Box, PageReading, TermNode, Word } from '../contract/reading.ts';
import { fitting, textWidth } from './glyphs.ts';

export const PAGE = { width: 595.28, height: 841.89 } as const;
export const MARGIN = 40;
const BOTTOM = PAGE.height - 50;
const LEADING = 1.35;
/** A page more is a page nobody reads; the tree keeps everything. */
const MAX_PAGES = 300;
const MAX_CHARACTERS = 10_000;

/** A piece of text, with the element (or its attribute) that it shows. */
export interface Run {
  readonly text: string;
  readonly node?: TermNode;
  readonly attribute?: string;
}
export interface Paragraph {
  readonly runs: readonly Run[];
  readonly size: number;
}
/** A column of paragraphs at `x`, `width` wide. */
export interface Block {
  readonly x: number;
  readonly width: number;
  readonly align?: 'right';
  readonly paragraphs: readonly Paragraph[];
}
export interface Spot {
  readonly page: number;
  readonly box: Box;
}

interface SetWord {
  readonly text: string;
  readonly x: number;
  readonly width: number;
  readonly run: Run;
}
interface SetLine {
  readonly size: number;
  readonly words: SetWord[];
  used: number;
}

/** Breaks a paragraph into lines that fit; words too long for a line are cut. */
function breakLines({ runs, size }: Paragraph, width: number): SetLine[] {
  const space = textWidth(' ', size);
  const lines: SetLine[] = [];
  let line: SetLine = { size, words: [], used: 0 };
  const next = (): void => {
    lines.push(line);
    line = { size, words: [], used: 0 };
  };
  const place = (text: string, run: Run): void => {
    let rest = text;
    while (rest !== '') {
      const gap = line.words.length === 0 ? 0 : space;
      if (line.words.length > 0 && line.used + gap + textWidth(rest, size) > width) {
        next();
        continue;
      }
      const piece = fitting(rest, size, width);
      const wide = textWidth(piece, size);
      line.words.push({ text: piece, x: line.used + gap, width: wide, run });
      line.used += gap + wide;
      rest = rest.slice(piece.length);
    }
  };
  for (const run of runs) {
    const rows = run.text.slice(0, MAX_CHARACTERS).split(/\r\n|\r|\n/);
    rows.forEach((row, index) => {
      if (index > 0) next();
      for (const word of row.split(/\s+/u)) place(word, run);
    });
  }
  if (line.words.length > 0) next();
  return lines;
}

const union = (a: Box, b: Box): Box => [
  Math.min(a[0], b[0]),
  Math.min(a[1], b[1]),
  Math.max(a[2], b[2]),
  Math.max(a[3], b[3]),
];

const unit = (points: number, whole: number): number =>
  Math.min(10_000, Math.max(0, Math.round((points / whole) * 10_000)));
const boxOf = (x: number, y: number, width: number, height: number): Box => [
  unit(x, PAGE.width),
  unit(y, PAGE.height),
  unit(x + width, PAGE.width),
  unit(y + height, PAGE.height),
];

export interface Pen {
  /** Sets blocks side by side and goes below the highest; breaks the page where they do not fit. Returns the area on the page where it began. */
  row: (blocks: readonly Block[]) => Spot;
  space: (points: number) => void;
  /** Breaks the page unless that much is left. */
  need: (points: number) => void;
  /** Called on each new page until set again: the heads of a table. */
  onPage: (draw: (() => void) | undefined) => void;
  spotOf: (node: TermNode, attribute?: string) => Spot | undefined;
  has: (node: TermNode) => boolean;
  full: () => boolean;
  finish: (footer: (page: number, pages: number) => string) => PageReading[];
}

/** Places of elements: the first page an element is written on counts, with all its words there. */
function createPlaces(): { put: (run: Run, spot: Spot) => void; at: Pen['spotOf'] } {
  const places = new Map<TermNode, Map<string, Spot>>();
  return {
    put: ({ node, attribute = '' }, spot) => {
      if (node === undefined) return;
      const own = places.get(node) ?? new Map<string, Spot>();
      const before = own.get(attribute);
      if (before === undefined) own.set(attribute, spot);
      else if (before.page === spot.page) own.set(attribute, { page: spot.page, box: union(before.box, spot.box) });
      places.set(node, own);
    },
    at: (node, attribute = '') => places.get(node)?.get(attribute),
  };
}

export function createPen(): Pen {
  const pages: Word[][] = [[]];
  const places = createPlaces();
  let y = MARGIN;
  let heads: (() => void) | undefined;

  const newPage = (): void => {
    pages.push([]);
    y = MARGIN;
    heads?.();
  };
  const setLine = (block: Block, line: SetLine): void => {
    const indent = block.align === 'right' ? Math.max(0, block.width - line.used) : 0;
    for (const word of line.words) {
      const box = boxOf(block.x + indent + word.x, y, word.width, line.size);
      pages.at(-1)!.push({ text: word.text, box, confidence: 1 });
      places.put(word.run, { page: pages.length, box });
    }
  };
  const need = (points: number): void => {
    if (y + points > BOTTOM && y > MARGIN) newPage();
  };
  const row = (blocks: readonly Block[]): Spot => {
    const columns = blocks.map((block) => ({
      block,
      lines: block.paragraphs.flatMap((p) => breakLines(p, block.width)),
    }));
    const count = Math.max(0, ...columns.map((c) => c.lines.length));
    const heightAt = (i: number): number => Math.max(0, ...columns.map((c) => c.lines[i]?.size ?? 0)) * LEADING;
    // A short row stays together; a long one may run over the page.
    if (count <= 8) need(Array.from({ length: count }, (_, i) => heightAt(i)).reduce((a, b) => a + b, 0));
    let start = { page: pages.length, y };
    let end = y;
    for (let i = 0; i < count && pages.length <= MAX_PAGES; i++) {
      const height = heightAt(i);
      if (y + height > BOTTOM) {
        newPage();
        if (i === 0) start = { page: pages.length, y };
      }
      for (const { block, lines } of columns) {
        const line = lines[i];
        if (line) setLine(block, line);
      }
      y += height;
      if (pages.length === start.page) end = y;
    }
    return { page: start.page, box: boxOf(MARGIN, start.y, PAGE.width - 2 * MARGIN, Math.max(0, end - start.y - 2)) };
  };
  const finish: Pen['finish'] = (footer) => {
    pages.forEach((words, index) => {
      const text = footer(index + 1, pages.length);
      for (const line of breakLines({ runs: [{ text }], size: 7 }, PAGE.width - 2 * MARGIN)) {
        for (const word of line.words) {
          words.push({ text: word.text, box: boxOf(MARGIN + word.x, PAGE.height - 36, word.width, 7), confidence: 1 });
        }
        break;
      }
    });
    return pages.map((words, index) => ({
      page: index + 1,
      width: PAGE.width,
      height: PAGE.height,
      source: 'drawn',
      words,
      turned: 0,
      skew: 0,
    }));
  };
  return {
    row,
    need,
    finish,
    space: (points) => {
      y += points;
    },
    onPage: (draw) => {
      heads = draw;
    },
    spotOf: (node, attribute) => places.at(node, attribute),
    has: (node) => places.at(node) !== undefined,
    full: () => pages.length > MAX_PAGES,
  };
}
