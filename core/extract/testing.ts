/** Test helper: lines of text laid out as words with boxes, the way a text layer gives them. Columns are set by character position, as in a listing. */
import type { Box, PageReading, Word } from '../contract/reading.ts';

export interface SheetOptions {
  /** Characters across the page. */
  readonly columns?: number;
  /** Lines down the page. */
  readonly rows?: number;
  readonly source?: 'text' | 'ocr';
  readonly page?: number;
  readonly width?: number;
  readonly height?: number;
}

/** A page of A4 in points (or another size) from lines of text; an empty line is an empty line. */
export function sheet(text: string, options: SheetOptions = {}): PageReading {
  const { columns = 100, rows = 70, source = 'text', page = 1, width = 595, height = 842 } = options;
  const [cell, row] = [10_000 / columns, 10_000 / rows];
  const words = text.split('\n').flatMap((line, y): Word[] =>
    [...line.matchAll(/\S+/g)].map((match) => {
      // Letters are wider than a listing's cells make them: one space is narrow, two part columns.
      const x0 = Math.max(0, Math.round((match.index - 0.3) * cell));
      const x1 = Math.round((match.index + match[0].length + 0.3) * cell);
      const box: Box = [x0, Math.round((y + 0.15) * row), x1, Math.round((y + 0.85) * row)];
      return { text: match[0], box, confidence: source === 'ocr' ? 0.93 : 1 };
    }),
  );
  return { page, width, height, source, words, turned: 0, skew: 0 };
}

export const sheets = (texts: readonly string[], options: SheetOptions = {}): PageReading[] =>
  texts.map((text, i) => sheet(text, { ...options, page: i + 1 }));
