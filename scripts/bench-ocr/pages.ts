/**
 * Pages with known words: digital PDFs whose text layer is the truth of the bitmap that pdfium draws from them. Of a benchmark's folder, of any folder of
 * PDFs, else the project's own samples.
 */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import type { Word } from '../../core/contract/reading.ts';
import { clearLanguage } from '../../core/extract/score/language.ts';
import { engineLanguage } from '../../worker/ocr/data.ts';
import { openPdfium } from '../../worker/pdf/pdfium.ts';
import { readPage } from '../../worker/tasks/read-page.ts';
import type { Picture } from '../samples/picture.ts';

export interface TruePage {
  readonly path: string;
  readonly name: string;
  /** What its text is in, by the engine's name. */
  readonly language: string;
  readonly words: readonly Word[];
}

export const DPI = 300;
export const SAMPLES = join(import.meta.dirname, '..', '..', 'resources', 'samples');
/** Fewer say nothing about recall, more are price lists. */
const WORDS = { least: 60, most: 900 };
/** Longer pages are no sheets of paper. */
const LONGEST_POINTS = 900;

interface Line {
  readonly file: string;
  readonly kind?: string;
}

/** Digital PDFs of a folder: by its truth where it has one, else all that end in .pdf. */
export function digitalPdfs(dir: string = SAMPLES): string[] {
  const truth = join(dir, 'truth.jsonl');
  if (existsSync(truth)) {
    const lines = readFileSync(truth, 'utf8')
      .split('\n')
      .filter((line) => line.trim() !== '')
      .map((line) => JSON.parse(line) as Line);
    return lines
      .filter(({ file, kind }) => file.endsWith('.pdf') && (kind === undefined || kind === 'digital-pdf'))
      .map(({ file }) => join(dir, file));
  }
  return readdirSync(dir, { recursive: true, encoding: 'utf8' })
    .filter((file) => file.endsWith('.pdf'))
    .toSorted()
    .map((file) => join(dir, file));
}

/** Spread evenly over the folder, so that a short run sees every kind. */
export function spread<T>(all: readonly T[], count: number): T[] {
  const step = Math.max(1, all.length / count);
  return Array.from({ length: Math.min(count, all.length) }, (_, i) => all[Math.floor(i * step)]).filter(
    (one): one is T => one !== undefined,
  );
}

/** First pages with a text layer that is whole, at most `count`. */
export async function truePages(paths: readonly string[], count: number): Promise<TruePage[]> {
  const pages: TruePage[] = [];
  for (const path of spread(paths, count * 2)) {
    if (pages.length >= count) break;
    const outcome = await readPage({ path, type: 'pdf', page: 1, languages: [] });
    if (outcome.kind !== 'page' || outcome.page.source !== 'text' || outcome.page.turned !== 0) continue;
    const { words, width, height } = outcome.page;
    if (words.length < WORDS.least || words.length > WORDS.most || Math.max(width, height) > LONGEST_POINTS) continue;
    const language = engineLanguage(clearLanguage(words, outcome.page) ?? 'en');
    pages.push({ path, language, name: basename(path), words });
  }
  return pages;
}

/** The first page as pdfium draws it: red, green, blue. */
export async function pictureOf(path: string): Promise<Picture> {
  const document = await openPdfium(new Uint8Array(readFileSync(path)));
  const page = document.page(1);
  const { data, width, height } = page.colour(DPI);
  page.close();
  document.close();
  const rgb = new Uint8Array(width * height * 3);
  for (let from = 0, to = 0; from < data.length; from += 4, to += 3) rgb.set(data.subarray(from, from + 3), to);
  return { width, height, channels: 3, data: rgb };
}
