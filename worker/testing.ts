/** Builds real files for the tests of this folder: pages whose words stand at known places, and bitmaps of them. */
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { degrees, PDFDocument, StandardFonts } from '@cantoo/pdf-lib';
import sharp from 'sharp';
import type { Box, Word } from '../core/contract/reading.ts';
import { openPdfium } from './pdf/pdfium.ts';

export interface Folder {
  write(name: string, bytes: Uint8Array): Promise<string>;
  readonly path: string;
  remove(): Promise<void>;
}

export async function createFolder(): Promise<Folder> {
  const path = await mkdtemp(join(tmpdir(), 'ap worker '));
  return {
    path,
    async write(name, bytes) {
      await writeFile(join(path, name), bytes);
      return join(path, name);
    },
    remove: () => rm(path, { recursive: true, force: true }),
  };
}

export const LETTER = [
  'Brockmann Falk Werkzeuge',
  'Invoice number 20417',
  'Delivery of goods on account',
  'Torque wrench with case and calibration record',
  'Safety gloves size nine for workshop use',
  'Hydraulic pump overhaul including labour',
  'Net total 1834.50',
  'Value added tax 348.56',
  'Total amount due 2183.06',
  'Payment within thirty days of receipt',
];

export interface LetterOptions {
  readonly rotate?: 0 | 90 | 180 | 270;
  /** Left, bottom, width, height. */
  readonly crop?: readonly [number, number, number, number];
  readonly spaced?: string;
  /** Typed into a form field at the foot of the page. */
  readonly field?: string;
}

export async function letterPdf({ rotate = 0, crop, spaced, field }: LetterOptions = {}): Promise<Uint8Array> {
  const document = await PDFDocument.create();
  const font = await document.embedFont(StandardFonts.Helvetica);
  const page = document.addPage([595, 842]);
  for (const [i, line] of LETTER.entries()) page.drawText(line, { x: 90, y: 720 - 42 * i, size: 14, font });
  if (spaced !== undefined) page.drawText(spaced.split('').join(' '), { x: 90, y: 770, size: 20, font });
  if (field !== undefined) {
    const box = document.getForm().createTextField('number');
    box.setText(field);
    box.addToPage(page, { x: 90, y: 200, width: 200, height: 24, borderWidth: 0 });
  }
  if (rotate !== 0) page.setRotation(degrees(rotate));
  if (crop !== undefined) page.setCropBox(...crop);
  return document.save({ useObjectStreams: false });
}

export interface Bitmap {
  readonly data: Buffer;
  readonly width: number;
  readonly height: number;
}

/** The page as displayed, grey. */
export async function bitmapOf(pdf: Uint8Array, dpi: number): Promise<Bitmap> {
  const document = await openPdfium(pdf);
  const page = document.page(1);
  const { data, width, height } = page.grey(dpi);
  page.close();
  document.close();
  return { data: Buffer.from(data), width, height };
}

/** As from a camera: turned clockwise by any angle on white. */
export async function turned(bitmap: Bitmap, angle: number): Promise<Bitmap> {
  const { data, info } = await sharp(bitmap.data, { raw: { width: bitmap.width, height: bitmap.height, channels: 1 } })
    .rotate(angle, { background: '#fff' })
    .toColourspace('b-w')
    .raw()
    .toBuffer({ resolveWithObject: true });
  return { data, width: info.width, height: info.height };
}

export const pngOf = (bitmap: Bitmap): Promise<Buffer> =>
  sharp(bitmap.data, { raw: { width: bitmap.width, height: bitmap.height, channels: 1 } })
    .png()
    .toBuffer();

/** Share of all dark pixels that lie inside the words' boxes, and the least share of a word's box that is dark. */
export function inkUnder(bitmap: Bitmap, words: readonly Word[]): { covered: number; emptiest: number } {
  const inside = new Uint8Array(bitmap.data.length);
  let emptiest = 1;
  for (const { box } of words) {
    const [x0, y0, x1, y1] = pixels(box, bitmap);
    let dark = 0;
    for (let y = y0; y < y1; y += 1) {
      for (let x = x0; x < x1; x += 1) {
        inside[y * bitmap.width + x] = 1;
        if ((bitmap.data[y * bitmap.width + x] ?? 255) < 128) dark += 1;
      }
    }
    emptiest = Math.min(emptiest, dark / Math.max(1, (x1 - x0) * (y1 - y0)));
  }
  let all = 0;
  let covered = 0;
  for (const [i, value] of bitmap.data.entries()) {
    if (value >= 128) continue;
    all += 1;
    covered += inside[i] ?? 0;
  }
  return { covered: covered / all, emptiest };
}

function pixels(box: Box, { width, height }: Bitmap): [number, number, number, number] {
  const x = (value: number): number => Math.round((value / 10_000) * width);
  const y = (value: number): number => Math.round((value / 10_000) * height);
  return [x(box[0]) - 1, y(box[1]) - 1, x(box[2]) + 1, y(box[3]) + 1];
}
