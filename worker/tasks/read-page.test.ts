import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { PageReading } from '../../core/contract/reading.ts';
import { bitmapOf, createFolder, inkUnder, LETTER, letterPdf, pngOf, turned, type Folder } from '../testing.ts';
import { readPage } from './read-page.ts';

const WORDS = LETTER.flatMap((line) => line.split(' '));
let folder: Folder;
beforeAll(async () => {
  folder = await createFolder();
});
afterAll(() => folder.remove());

async function read(name: string, bytes: Uint8Array, more: { forceOcr?: boolean } = {}): Promise<PageReading> {
  const path = await folder.write(name, bytes);
  const type = name.endsWith('.pdf') ? 'pdf' : 'image';
  const outcome = await readPage({ path, type, page: 1, languages: ['eng'], ...more });
  if (outcome.kind !== 'page') throw new Error(outcome.detail);
  return outcome.page;
}

const texts = (page: PageReading): string[] => page.words.map((word) => word.text);
const recall = (page: PageReading): number => WORDS.filter((word) => texts(page).includes(word)).length / WORDS.length;

describe('a PDF with text', () => {
  it('gives its words with a box round the ink of each', async () => {
    const pdf = await letterPdf();
    const page = await read('text.pdf', pdf);
    expect(page).toMatchObject({ source: 'text', width: 595, height: 842, turned: 0 });
    expect(texts(page)).toEqual(WORDS);
    const { covered, emptiest } = inkUnder(await bitmapOf(pdf, 150), page.words);
    expect(covered).toBeGreaterThan(0.99);
    expect(emptiest).toBeGreaterThan(0.1);
  });

  it.each([90, 180, 270] as const)('places boxes on the displayed page where /Rotate is %i', async (rotate) => {
    const pdf = await letterPdf({ rotate });
    const page = await read(`rotate-${rotate}.pdf`, pdf);
    expect(texts(page)).toEqual(WORDS);
    expect(page.turned).toBe(360 - rotate);
    const { covered, emptiest } = inkUnder(await bitmapOf(pdf, 150), page.words);
    expect(covered).toBeGreaterThan(0.99);
    expect(emptiest).toBeGreaterThan(0.1);
  });

  it('measures from the crop box and leaves out what lies outside of it', async () => {
    const pdf = await letterPdf({ crop: [60, 300, 400, 470], rotate: 90 });
    const page = await read('crop.pdf', pdf);
    expect(page).toMatchObject({ width: 470, height: 400 });
    const { covered, emptiest } = inkUnder(await bitmapOf(pdf, 150), page.words);
    expect(covered).toBeGreaterThan(0.99);
    expect(emptiest).toBeGreaterThan(0.05);
  });

  it.each([0, 90, 270] as const)('reads what was typed into a form (turned by %i)', async (rotate) => {
    const pdf = await letterPdf({ field: 'PO-7741 urgent', rotate });
    const page = await read(`form-${rotate}.pdf`, pdf);
    expect(texts(page)).toEqual([...WORDS, 'PO-7741', 'urgent']);
    const { covered } = inkUnder(await bitmapOf(pdf, 150), page.words);
    expect(covered).toBeGreaterThan(0.97);
  });

  it('joins a letter-spaced heading', async () => {
    const page = await read('spaced.pdf', await letterPdf({ spaced: 'RECHNUNG' }));
    expect(texts(page)).toContain('RECHNUNG');
  });
});

describe('a scan', () => {
  it('is read from a PDF without text as from an image', async () => {
    const page = await read('forced.pdf', await letterPdf(), { forceOcr: true });
    expect(page).toMatchObject({ source: 'ocr', turned: 0, dpi: 300 });
    expect(recall(page)).toBeGreaterThan(0.97);
  });

  it.each([
    [0, 0],
    [2.6, 0],
    [-4, 0],
    [90, 270],
    [93, 270],
    [180, 180],
    [267, 90],
  ])('turned by %d degrees has its boxes on the page as displayed', async (angle, turn) => {
    const bitmap = await turned(await bitmapOf(await letterPdf(), 200), angle);
    const page = await read(`turned-${angle}.png`, await pngOf(bitmap));
    expect(recall(page)).toBeGreaterThan(0.95);
    expect(page.turned).toBe(turn);
    const skew = ((angle + 45 + 360) % 90) - 45;
    expect(Math.abs(page.skew - skew)).toBeLessThan(0.15);
    const { covered, emptiest } = inkUnder(bitmap, page.words);
    expect(covered).toBeGreaterThan(0.97);
    expect(emptiest).toBeGreaterThan(0.03);
    expect(page.coverage).toBeGreaterThan(0.95);
  });

  it('says what language data is missing and where it looked', async () => {
    const path = await folder.write('lang.png', await pngOf(await bitmapOf(await letterPdf(), 100)));
    await expect(readPage({ path, type: 'image', page: 1, languages: ['xxx'] })).rejects.toThrow(
      /language data "xxx" is missing; looked for .*@tesseract.js-data\/xxx/,
    );
  });

  it('that is blank is no error', async () => {
    const white = { data: Buffer.alloc(600 * 800, 255), width: 600, height: 800 };
    expect(await read('blank.png', await pngOf(white))).toMatchObject({
      source: 'none',
      problem: 'blank-page',
      words: [],
    });
  });
});
