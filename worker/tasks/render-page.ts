/** One page as WebP for a screen. */
import { writeFile } from 'node:fs/promises';
import sharp from 'sharp';
import { LIMITS } from '../../core/contract/intake.ts';
import type { TaskInput, TaskOutput } from '../../core/contract/tasks.ts';
import { encodeWebp, imageInfo } from '../image/decode.ts';
import { openPdf } from '../pdf/open.ts';
import { unreadable, UnreadableError } from '../unreadable.ts';

/** WebP's own limit a side. */
const LONGEST = 16_383;

export async function renderPage(input: TaskInput<'renderPage'>): Promise<TaskOutput<'renderPage'>> {
  if (input.type === 'pdf') return renderPdf(input);
  if (input.type === 'image') return renderImage(input);
  return unreadable('no-pages', `a file of type ${input.type} has no page to draw`);
}

async function renderPdf(input: TaskInput<'renderPage'>): Promise<TaskOutput<'renderPage'>> {
  const document = await (await openPdf(input.path)).pdfium();
  if (input.page < 1 || input.page > document.pages)
    throw new UnreadableError('no-pages', `there is no page ${input.page}; the PDF has ${document.pages}`);
  const page = document.page(input.page);
  try {
    const most = 72 * Math.sqrt(LIMITS.pagePixels / Math.max(1, page.width * page.height));
    const longest = (LONGEST * 72) / Math.max(page.width, page.height);
    const { data, width, height } = page.colour(Math.min(input.dpi, most, longest));
    const picture = sharp(data, { raw: { width, height, channels: 4 } })
      .removeAlpha()
      .webp({ quality: 82, effort: 2 });
    // By the file system itself: its errors have a code, sharp's have not.
    await writeFile(input.outPath, await picture.toBuffer());
    return { kind: 'image', width, height };
  } finally {
    page.close();
  }
}

/** `dpi` of an image means: as if its long side were that of A4. */
async function renderImage(input: TaskInput<'renderPage'>): Promise<TaskOutput<'renderPage'>> {
  const info = await imageInfo(input.path, input.page);
  const long = Math.max(info.width, info.height);
  const longest = Math.round(info.dpi === undefined ? 11.7 * input.dpi : (long / info.dpi) * input.dpi);
  const { data, info: drawn } = await encodeWebp(input.path, input.page, Math.min(LONGEST, Math.max(1, longest)));
  await writeFile(input.outPath, data);
  return { kind: 'image', width: drawn.width, height: drawn.height };
}
