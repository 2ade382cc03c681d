import { PDFDocument } from '@cantoo/pdf-lib';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Box, PageReading } from '../../core/contract/reading.ts';
import type { Grey } from '../image/grey.ts';
import { openPdfium } from '../pdf/pdfium.ts';
import { readPage } from '../tasks/read-page.ts';
import { createFolder, letterPdf, pngOf, turned, type Folder } from '../testing.ts';
import { drawPaymentCode, type CodeDrawing } from '../../scripts/generate/codes.ts';
import { payloadText } from './payload-text.ts';
import { readCodes } from './read-codes.ts';

const PAYLOAD = 'BCD\n002\n1\nSCT\n\nCafé Brontë\nDE89370400440532013000\nEUR12.30\n\n\nInvoice 4711';

let folder: Folder;
beforeAll(async () => {
  folder = await createFolder();
});
afterAll(() => folder.remove());

async function pdfWith(...drawings: readonly Partial<CodeDrawing>[]): Promise<Uint8Array> {
  const document = await PDFDocument.load(await letterPdf());
  const [page] = document.getPages();
  for (const drawing of drawings)
    // oxlint-disable-next-line no-await-in-loop -- they are drawn one over the other
    if (page !== undefined) await drawPaymentCode(page, { payload: PAYLOAD, x: 400, y: 600, side: 100, ...drawing });
  return document.save();
}

async function greyOf(pdf: Uint8Array, dpi: number): Promise<Grey> {
  const document = await openPdfium(pdf);
  const page = document.page(1);
  const grey = page.grey(dpi);
  page.close();
  document.close();
  return grey;
}

async function read(name: string, bytes: Uint8Array): Promise<{ page: PageReading; ms: Record<string, number> }> {
  const path = await folder.write(name, bytes);
  const type = name.endsWith('.pdf') ? 'pdf' : 'image';
  const outcome = await readPage({ path, type, page: 1, languages: ['eng'] });
  if (outcome.kind !== 'page') throw new Error(outcome.detail);
  return outcome;
}

/** The code's square on a page of 595 x 842 points. */
const PLACE: Box = [6723, 7126, 8403, 8314];
const near = (box: Box, place: Box): boolean => box.every((edge, i) => Math.abs(edge - (place[i] ?? 0)) < 60);

describe('a page with text', () => {
  it.each(['path', 'rectangles', 'picture'] as const)(
    'gives its code, drawn as %s, with text and place',
    async (as) => {
      const { page, ms } = await read(`${as}.pdf`, await pdfWith({ as }));
      expect(page.source).toBe('text');
      expect(page.codes).toMatchObject([{ format: 'QRCode', text: PAYLOAD }]);
      expect(near(page.codes?.[0]?.box ?? [0, 0, 0, 0], PLACE)).toBe(true);
      expect(ms['codes']).toBeGreaterThan(0);
    },
  );

  it('has its code on the page as displayed where it is turned', async () => {
    const document = await PDFDocument.load(await pdfWith({}));
    document.getPages()[0]?.setRotation({ type: 'degrees', angle: 90 } as never);
    const { page } = await read('turned.pdf', await document.save());
    const [x0, y0, x1, y1] = PLACE;
    expect(near(page.codes?.[0]?.box ?? [0, 0, 0, 0], [10_000 - y1, x0, 10_000 - y0, x1])).toBe(true);
  });

  it('without anything that could be one is not drawn', async () => {
    const { page } = await read('plain.pdf', await letterPdf());
    expect(page.codes).toBeUndefined();
    const document = await openPdfium(await letterPdf());
    expect(document.page(1).mayHoldCode()).toBe(false);
    document.close();
  });
});

describe('a picture', () => {
  it('gives its code beside its words, turned and skewed', async () => {
    const grey = await greyOf(await pdfWith({}), 150);
    const bitmap = await turned({ ...grey, data: Buffer.from(grey.data) }, 93);
    const { page } = await read('skewed.png', await pngOf(bitmap));
    expect(page.source).toBe('ocr');
    expect(page.codes).toMatchObject([{ text: PAYLOAD }]);
  });

  it('of strong even noise is read by its second look', async () => {
    const grey = await greyOf(await pdfWith({ side: 70 }), 200);
    let state = 7;
    const noisy = Uint8Array.from(grey.data, (value) => {
      state = (Math.imul(state, 1_103_515_245) + 12_345) >>> 0;
      return Math.max(0, Math.min(255, 235 - (255 - value) * 0.55 + ((state >>> 16) % 121) - 60));
    });
    expect(await readCodes({ ...grey, data: noisy }, { scanned: true })).toMatchObject([{ text: PAYLOAD }]);
  });
});

describe('hostile pages', () => {
  it('full of codes give the first few, in time', async () => {
    const many = Array.from({ length: 60 }, (_, i) => ({
      payload: `https://example.org/${i}`,
      x: 20 + (i % 6) * 95,
      y: 20 + Math.floor(i / 6) * 80,
      side: 70,
    }));
    const grey = await greyOf(await pdfWith(...many), 150);
    const start = performance.now();
    expect((await readCodes(grey, { scanned: true })).length).toBeLessThanOrEqual(8);
    expect(performance.now() - start).toBeLessThan(5_000);
  });

  it('of finder patterns and no code end in time', async () => {
    const [width, height] = [2_400, 3_400];
    const data = new Uint8Array(width * height).fill(255);
    const pattern = ['1111111', '1000001', '1011101', '1011101', '1011101', '1000001', '1111111'];
    for (let y = 0; y < height; y += 1)
      for (let x = 0; x < width; x += 1)
        if (pattern[Math.floor((y % 27) / 3)]?.[Math.floor((x % 27) / 3)] === '1') data[y * width + x] = 0;
    const start = performance.now();
    expect(await readCodes({ data, width, height }, { scanned: true })).toEqual([]);
    expect(performance.now() - start).toBeLessThan(10_000);
  });

  it('too small or too large are no matter', async () => {
    expect(await readCodes({ data: new Uint8Array(100), width: 10, height: 10 }, { scanned: true })).toEqual([]);
    const large = { data: new Uint8Array(25_000_000).fill(255), width: 5_000, height: 5_000 };
    expect(await readCodes(large, { scanned: true })).toEqual([]);
  });
});

const text = (latin: string, named?: string): string => payloadText(Buffer.from(latin, 'latin1'), named);

describe('payload bytes', () => {
  it('are UTF-8 where they can be, whatever the symbol says', () => {
    expect(payloadText(Buffer.from('Café €'), 'CafÃ© â‚¬')).toBe('Café €');
  });

  it('are in the charset that the payload names, else the symbol, else Windows', () => {
    expect(text('BCD\n002\n3\nSCT\n\n\xa3\xf3d\xbc')).toBe('BCD\n002\n3\nSCT\n\nŁódź');
    expect(text('UPNQR\nRa\xe8un')).toBe('UPNQR\nRačun');
    expect(text('\xc8', 'Č')).toBe('Č');
    expect(text('Caf\xe9 \x80')).toBe('Café €');
  });

  it('lose controls and marks that turn the direction of text', () => {
    expect(payloadText(Buffer.from('a\u0000b\u001bc\u202ed\r\ne\tf\ufeff'))).toBe('abcd\r\ne\tf');
  });
});

it('a code too small to be read is no error', async () => {
  const grey = await greyOf(await pdfWith({ side: 14 }), 100);
  expect(await readCodes(grey, { scanned: true })).toEqual([]);
});
