/** One page -> words with boxes: a PDF's own text where it has some, else OCR of the page as drawn. */
import { LIMITS } from '../../core/contract/intake.ts';
import type { PageReading, Word } from '../../core/contract/reading.ts';
import type { TaskInput, TaskOutput } from '../../core/contract/tasks.ts';
import { createStageClock, type StageClock } from '../clock.ts';
import { codesOfPage, codesOfPdfPage } from '../codes/stage.ts';
import { decodeGrey, imageInfo, ocrScale } from '../image/decode.ts';
import { resizeGrey } from '../image/grey.ts';
import { engineLanguage } from '../ocr/data.ts';
import { readInLanguages, type LanguageWish } from '../ocr/languages.ts';
import type { BitmapReading } from '../ocr/read-bitmap.ts';
import { dropPdfium, openPdf, type OpenPdf } from '../pdf/open.ts';
import type { PdfiumPage } from '../pdf/pdfium.ts';
import type { PdfText } from '../pdf/pdfjs.ts';
import { characterCount, textTurn, unmappedShare, wordsOf } from '../pdf/words.ts';
import { isTrap, unreadable, UnreadableError } from '../unreadable.ts';

type Input = TaskInput<'readPage'>;

const FEW_CHARACTERS = 30;
/** Under this many characters a page that is one picture is a scan with a stamp or a link on it. */
const FEW_ON_PICTURE = 200;
const PICTURE = 0.6;
const UNMAPPED = 0.1;

export async function readPage(input: Input): Promise<TaskOutput<'readPage'>> {
  const clock = createStageClock();
  if (input.type === 'pdf') return { kind: 'page', page: await readPdfPage(input, clock), ms: clock.ms };
  if (input.type === 'image') return { kind: 'page', page: await readImagePage(input, clock), ms: clock.ms };
  return unreadable('no-pages', `a file of type ${input.type} has no pages to read`);
}

async function readPdfPage(input: Input, clock: StageClock): Promise<PageReading> {
  const pdf = await openPdf(input.path);
  const text = await clock.timed('text', () => textLayer(pdf, input.page));
  if (text !== undefined && input.forceOcr !== true && (await isUsable(pdf, text, input.page, clock))) {
    const words = await clock.timed('words', () => wordsOf(text));
    const page = { ...frame(input.page, text), source: 'text' as const, words, turned: textTurn(text), skew: 0 };
    return { ...page, ...(await codesOfPdfPage(pdf, input.page, clock)) };
  }
  return ocrPdfPage(pdf, input, clock);
}

/** A PDF that pdf.js cannot open may still be drawn by pdfium: then its page is read like a scan. */
async function textLayer(pdf: OpenPdf, page: number): Promise<PdfText | undefined> {
  try {
    return await (await pdf.pdfjs()).text(page);
  } catch (error) {
    if (error instanceof UnreadableError && error.reason === 'encrypted') throw error;
    return undefined;
  }
}

async function isUsable(pdf: OpenPdf, text: PdfText, number: number, clock: StageClock): Promise<boolean> {
  const characters = characterCount(text);
  if (characters < FEW_CHARACTERS || unmappedShare(text) > UNMAPPED) return false;
  if (characters >= FEW_ON_PICTURE) return true;
  return clock.timed('picture', async () => {
    try {
      const page = (await pdf.pdfium()).page(number);
      const picture = page.largestImage();
      page.close();
      return picture === undefined || picture.share < PICTURE;
    } catch (error) {
      // The text is there; that the other engine cannot draw the page takes nothing from it.
      if (isTrap(error)) dropPdfium();
      else if (!(error instanceof UnreadableError)) throw error;
      return true;
    }
  });
}

async function ocrPdfPage(pdf: OpenPdf, input: Input, clock: StageClock): Promise<PageReading> {
  const page = (await clock.timed('open', () => pdf.pdfium())).page(input.page);
  try {
    const dpi = renderDpi(page);
    const bitmap = await clock.timed('render', () => page.grey(dpi));
    const result = await readInLanguages(bitmap, languagesOf(input), dpi, clock.timed);
    return { ...frame(input.page, page), ...ocrPart(result), dpi, ...(await codesOfPage(bitmap, clock)) };
  } finally {
    page.close();
  }
}

/**
 * 300 dpi, except where the page is a picture whose own resolution says otherwise (photos placed as huge pages, small receipts), and never more
 * pixels than the limit of a page.
 */
export function renderDpi(page: Pick<PdfiumPage, 'width' | 'height' | 'largestImage'>): number {
  const inches = Math.max(page.width, page.height) / 72;
  const picture = page.largestImage();
  let dpi = 300;
  if (picture !== undefined && picture.share > PICTURE && picture.dpi > 0) {
    if (inches * 300 > 4_200) dpi = Math.max(picture.dpi, 3_508 / inches) > 300 ? 300 : Math.max(72, 3_508 / inches);
    else if (picture.dpi > 330) dpi = Math.min(picture.dpi, 450, 4_200 / inches);
  }
  const most = 72 * Math.sqrt(LIMITS.pagePixels / Math.max(1, page.width * page.height));
  const capped = Math.min(dpi, most);
  if (capped < 20)
    throw new UnreadableError(
      'too-many-pixels',
      `page of ${Math.round(page.width / 72)} x ${Math.round(page.height / 72)} inches`,
    );
  return Math.round(capped * 10) / 10;
}

async function readImagePage(input: Input, clock: StageClock): Promise<PageReading> {
  const info = await imageInfo(input.path, input.page);
  const full = await clock.timed('decode', () => decodeGrey(input.path, input.page));
  const scale = ocrScale(full.width, full.height);
  const bitmap = await clock.timed('resize', () => resizeGrey(full, scale));
  // An A4 page fills most photos and scans: without a density in the file its long side says what a dot is.
  const dpi = (info.dpi ?? Math.max(full.width, full.height) / 11.7) * scale;
  const result = await readInLanguages(bitmap, languagesOf(input), dpi, clock.timed);
  return { ...frame(input.page, full), ...ocrPart(result), dpi: Math.round(dpi), ...(await codesOfPage(full, clock)) };
}

/** Ink without a word on it is no blank page: its coverage of 0 says that something was not read. */
const NO_INK = 0.99;

function ocrPart({ words, turned, skew, coverage, quality, languages }: BitmapReading) {
  const none: Word[] = [];
  if (words.length > 0)
    return { source: 'ocr' as const, words, turned, skew, coverage, quality, languages: [...languages] };
  const page = { source: 'none' as const, words: none, turned, skew, coverage, quality };
  return coverage < NO_INK ? page : { ...page, problem: 'blank-page' };
}

const frame = (page: number, size: { width: number; height: number }) => ({
  page,
  width: size.width,
  height: size.height,
});

const languagesOf = (input: Input): LanguageWish => {
  const languages = [...new Set(input.languages.map(engineLanguage))];
  const { automatic = false, likely } = input;
  return {
    languages: languages.length === 0 ? ['eng'] : languages,
    automatic,
    ...(likely === undefined ? {} : { likely: engineLanguage(likely) }),
  };
};
