/** The codes of a page as a stage of their own on the clock; nothing where there are none. */
import type { CodeSeen } from '../../core/contract/reading.ts';
import type { StageClock } from '../clock.ts';
import type { Grey } from '../image/grey.ts';
import { dropPdfium, type OpenPdf } from '../pdf/open.ts';
import { isTrap, UnreadableError } from '../unreadable.ts';
import { readCodes } from './read-codes.ts';

/** A Swiss code of the greatest version (117 modules on 46 mm) has 2.3 pixels a module. */
const DPI = 150;
/** Posters are drawn coarser. */
const MOST_PIXELS = 16_000_000;

type Found = { codes?: CodeSeen[] };

const found = (codes: CodeSeen[]): Found => (codes.length === 0 ? {} : { codes });

export const codesOfPage = (bitmap: Grey, clock: StageClock): Promise<Found> =>
  clock.timed('codes', async () => found(await readCodes(bitmap, { scanned: true })));

/** A page that has text is drawn only where something on it could be a code. */
export const codesOfPdfPage = (pdf: OpenPdf, number: number, clock: StageClock): Promise<Found> =>
  clock.timed('codes', async () => {
    const bitmap = await drawn(pdf, number);
    return bitmap === undefined ? {} : found(await readCodes(bitmap, { scanned: false }));
  });

async function drawn(pdf: OpenPdf, number: number): Promise<Grey | undefined> {
  try {
    const page = (await pdf.pdfium()).page(number);
    try {
      if (!page.mayHoldCode()) return undefined;
      const inches = (page.width / 72) * (page.height / 72);
      return page.grey(Math.min(DPI, Math.sqrt(MOST_PIXELS / Math.max(inches, 1e-6))));
    } finally {
      page.close();
    }
  } catch (error) {
    // The text is there; that the other engine cannot draw the page takes nothing from it.
    if (isTrap(error)) dropPdfium();
    else if (!(error instanceof UnreadableError)) throw error;
    return undefined;
  }
}
