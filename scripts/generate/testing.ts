/** For tests: the words of a drawn page as the product's own reader finds them. */
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openPdf } from '../../worker/pdf/open.ts';
import { wordsOf } from '../../worker/pdf/words.ts';

export interface PlacedWord {
  readonly text: string;
  /** The middle, in 1/10,000 of the page. */
  readonly x: number;
  readonly y: number;
}

export async function readPdfPage(bytes: Uint8Array, page = 1): Promise<PlacedWord[]> {
  const folder = await mkdtemp(join(tmpdir(), 'ap-generated-'));
  try {
    const path = join(folder, 'document.pdf');
    await writeFile(path, bytes);
    const text = await (await (await openPdf(path)).pdfjs()).text(page);
    return wordsOf(text).map((word) => ({
      text: word.text,
      x: (word.box[0] + word.box[2]) / 2,
      y: (word.box[1] + word.box[3]) / 2,
    }));
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}
