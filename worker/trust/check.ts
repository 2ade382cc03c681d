/**
 * Does the page show what its text layer says? [Note: Looks] Each place is drawn and read as one line. Where that disagrees it is looked at again: larger
 * with a local threshold, then without what is printed over it in colour. One look that agrees settles it; a contradiction needs two
 * and none that agrees.
 */
import type { Looked, Trust } from '../../core/trust/apply.ts';
import { compareText, type Comparison, type SeenWord, type Strictness } from '../../core/trust/compare.ts';
import type { TrustPart } from '../../core/trust/targets.ts';
import { recognizeParts } from '../ocr/engine.ts';
import type { OpenPdf } from '../pdf/open.ts';
import type { PdfiumPage } from '../pdf/pdfium.ts';
import { cropOf, hasInk, upright, type Crop, type Plane } from './crop.ts';
import { darkOnLight, sheetOf, withinCrop } from './sheet.ts';

export interface Check {
  readonly strictness: Strictness;
  readonly parts: readonly TrustPart[];
}

interface Part extends TrustPart {
  readonly strictness: Strictness;
  /** Height of its line in points, and how to turn it. */
  readonly em: number;
  readonly turns: readonly number[];
  /** What the looks so far said. */
  readonly looks: Comparison[];
  ink: boolean;
}

interface Look {
  readonly plane: Plane;
  readonly enlarge: number;
  readonly threshold: 0 | 2;
}
const LOOKS: readonly Look[] = [
  { plane: 'luminance', enlarge: 1, threshold: 0 },
  { plane: 'luminance', enlarge: 1.5, threshold: 2 },
  { plane: 'lightest', enlarge: 1.25, threshold: 0 },
  { plane: 'darkest', enlarge: 1.25, threshold: 0 },
];

/** One look alone may be a misreading. */
const CONTRADICTIONS = 2;
/** Letters of this height are read best; nothing is drawn at less than 300 dpi. */
const EM_PIXELS = 40;
const DPI = { least: 300, most: 600 };
/** Smaller than that nobody reads it on paper. */
const READABLE_POINTS = 2.5;
/** An engine line: a page of the reader is one. */
const LINE = 7;

export async function checkTexts(pdf: OpenPdf, checks: readonly Check[]): Promise<Looked[]> {
  const document = await pdf.pdfium();
  const pages = new Map<number, PdfiumPage>();
  const pageOf = (number: number): PdfiumPage => {
    const page = pages.get(number) ?? document.page(number);
    pages.set(number, page);
    return page;
  };
  try {
    // Total and amount due are often the same words: looked at once.
    const known = new Map<string, Part>();
    const placed = checks.map(({ parts: own, strictness }) =>
      own.map((part) => {
        const key = `${strictness} ${part.page} ${part.box.join(' ')} ${part.text}`;
        const made = known.get(key) ?? partOf(part, strictness, pageOf(part.page));
        known.set(key, made);
        return made;
      }),
    );
    const parts = [...known.values()];
    for (const look of LOOKS) {
      const open = parts.filter((part) => part.em >= READABLE_POINTS && !part.looks.some(agrees));
      if (open.length > 0) await lookAt(open, look, pageOf);
    }
    return placed.map((own) => verdictOf(own, pageOf));
  } finally {
    for (const page of pages.values()) page.close();
  }
}

const agrees = (look: Comparison): boolean => look.verdict === 'agree';

function partOf(part: TrustPart, strictness: Strictness, page: PdfiumPage): Part {
  const [x0, y0, x1, y1] = part.box;
  const wide = ((x1 - x0) / 10_000) * page.width;
  const tall = ((y1 - y0) / 10_000) * page.height;
  // A single text that stands on its side on an upright page: nobody has said which way.
  const aside = part.turned === 0 && part.text.length >= 4 && tall > 1.5 * wide;
  const em = aside || part.turned % 180 !== 0 ? wide : tall;
  return { ...part, strictness, em, turns: aside ? [90, 270] : [part.turned], looks: [], ink: false };
}

async function lookAt(parts: readonly Part[], look: Look, pageOf: (page: number) => PdfiumPage): Promise<void> {
  const crops: { part: Part; crop: Crop }[] = [];
  for (const part of parts) {
    const [crop] = cropOf(pageOf(part.page), placeOf(part, look), [look.plane]);
    if (crop === undefined || !hasInk(crop)) continue;
    part.ink = true;
    for (const turn of part.turns) crops.push({ part, crop: darkOnLight(await upright(crop, turn)) });
  }
  if (crops.length === 0) return;
  const { sheet, parts: frames } = sheetOf(crops.map(({ crop }) => crop));
  const passes = await recognizeParts(sheet, frames, {
    languages: ['eng'],
    segmentation: LINE,
    dpi: DPI.least,
    threshold: look.threshold,
  });
  for (const [i, { part, crop }] of crops.entries()) {
    const frame = frames[i]!;
    const words = (passes[i]?.words ?? []).filter((word) => isInside(withinCrop(word, frame), crop));
    part.looks.push(compareText(part.text, words satisfies SeenWord[], part.strictness));
  }
}

function placeOf(part: Part, look: Look) {
  const dpi = Math.min(DPI.most, Math.max(DPI.least, (72 * EM_PIXELS) / part.em) * look.enlarge);
  // A digit more before or behind would be seen; the lines above and below would not help.
  const [along, across] = [0.55 * part.em, 0.12 * part.em];
  const sideways = part.turns.some((turn) => turn % 180 !== 0);
  return {
    box: part.box,
    dpi,
    marginX: sideways ? across : along,
    marginY: sideways ? along : across,
  };
}

/** Words beside the box belong to others. */
function isInside(word: { x0: number; x1: number }, { inner }: Crop): boolean {
  const shared = Math.min(word.x1, inner.x1) - Math.max(word.x0, inner.x0);
  return shared > 0.3 * (word.x1 - word.x0);
}

function verdictOf(parts: readonly Part[], pageOf: (page: number) => PdfiumPage): Looked {
  const results = parts.map((part) => ({ verdict: trustOf(part, pageOf), seen: seenOf(part) }));
  const verdict = (['unseen', 'differs', 'unsure'] as const).find((bad) => results.some((one) => one.verdict === bad));
  // Seen in part is seen otherwise.
  const mixed = verdict === 'unseen' && results.some((one) => one.verdict !== 'unseen');
  const seen = results
    .map((one) => one.seen)
    .join(' ')
    .trim();
  return { verdict: mixed && seen !== '' ? 'differs' : (verdict ?? 'agree'), seen };
}

function trustOf(part: Part, pageOf: (page: number) => PdfiumPage): Trust {
  if (part.looks.some(agrees)) return 'agree';
  if (!part.ink) return 'unseen';
  if (isContradicted(part)) return 'differs';
  const read = part.looks.some((look) => look.verdict === 'unsure');
  return !read && pageOf(part.page).onlyInvisibleText(pointsOf(part, pageOf(part.page))) ? 'unseen' : 'unsure';
}

function isContradicted({ looks }: Part): boolean {
  if (looks.filter((look) => look.verdict === 'differs').length >= CONTRADICTIONS) return true;
  return looks.some(
    ({ other }) => other !== undefined && looks.filter((look) => look.other === other).length >= CONTRADICTIONS,
  );
}

const seenOf = ({ looks }: Part): string => (looks.find((look) => look.verdict === 'differs') ?? looks[0])?.seen ?? '';

/** Of pages that are not turned: there the page's own frame is known. */
function pointsOf({ box }: Part, { width, height }: PdfiumPage) {
  const [x0, y0, x1, y1] = box.map((edge, i) => (edge / 10_000) * (i % 2 === 0 ? width : height)) as [
    number,
    number,
    number,
    number,
  ];
  return { x0, x1, y0: height - y1, y1: height - y0 };
}
