/** Pages that carry one payment code: as a program writes them, and as a scanner brings them in. */
import { PDFDocument, rgb, StandardFonts } from '@cantoo/pdf-lib';
import sharp from 'sharp';
import type { Box } from '../../core/contract/reading.ts';
import { openPdfium } from '../../worker/pdf/pdfium.ts';
import type { Random } from '../random.ts';
import { drawPaymentCode, MM, SWISS_SIDE, type CodeDrawing } from './codes.ts';
import type { Payment } from './code-payments.ts';

const A4 = [595.28, 841.89] as const;

const share = (at: number, of: number): number => Math.round((at / of) * 10_000);

export interface CodePage {
  readonly pdf: Uint8Array;
  /** Where the code stands, in 1/10,000 of the page. */
  readonly box: Box;
}

/** A page of text with the code where its guidelines put it (Swiss) or anywhere (EPC, 20 mm and up). */
export async function codePage(payment: Payment, random: Random): Promise<CodePage> {
  const document = await PDFDocument.create();
  const font = await document.embedFont(StandardFonts.Helvetica);
  const page = document.addPage([...A4]);
  const swiss = payment.kind === 'swiss_qr';
  const side = swiss ? SWISS_SIDE : random.integer(20, 40) * MM;
  const x = swiss ? 67 * MM : random.integer(20, 140) * MM;
  const y = swiss ? A4[1] - 105 * MM + 17 * MM : random.integer(20, 240) * MM;
  for (let line = 0; line < 40; line += 1) {
    const at = 60 + line * 18;
    if (at > y - 14 && at < y + side + 14) continue;
    page.drawText(`Position ${line} Torque wrench with case and record ${random.integer(10, 99_999)} pcs`, {
      x: 57,
      y: A4[1] - at,
      size: 9,
      font,
      color: rgb(0.1, 0.1, 0.1),
    });
  }
  const as = random.pick<NonNullable<CodeDrawing['as']>>(['path', 'rectangles', 'picture']);
  await drawPaymentCode(page, { payload: payment.payload, x, y, side, cross: swiss, as });
  const box: Box = [share(x, A4[0]), share(y, A4[1]), share(x + side, A4[0]), share(y + side, A4[1])];
  return { pdf: await document.save(), box };
}

export interface Scan {
  readonly png: Buffer;
  /** What was done to it, for the message where it is not read. */
  readonly made: string;
}

/** 200 to 300 dpi, skewed or turned, blurred, noisy, on grey paper, through JPEG. */
export async function scanOf(pdf: Uint8Array, random: Random): Promise<Scan> {
  const dpi = random.pick([200, 240, 300]);
  const document = await openPdfium(pdf);
  const page = document.page(1);
  const { data, width, height } = page.grey(dpi);
  page.close();
  document.close();
  const angle = random.pick([0, 90, 180, 270]) * (random.next() < 0.25 ? 1 : 0) + (random.next() * 10 - 5);
  const blur = random.pick([0, 0.5, 0.8]);
  const [noise, contrast, quality] = [random.integer(0, 28), random.integer(55, 100) / 100, random.integer(35, 90)];
  let image = sharp(data, { raw: { width, height, channels: 1 } }).rotate(angle, { background: '#fff' });
  if (blur > 0) image = sharp(await image.png().toBuffer()).blur(blur);
  const turned = await image.toColourspace('b-w').raw().toBuffer({ resolveWithObject: true });
  const pixels = turned.data;
  const paper = 255 - random.integer(0, 30);
  for (let at = 0; at < pixels.length; at += 1) {
    const grain = (random.next() + random.next() + random.next() - 1.5) * 2 * noise;
    pixels[at] = Math.max(0, Math.min(255, paper - (255 - (pixels[at] ?? 255)) * contrast + grain));
  }
  const raw = { width: turned.info.width, height: turned.info.height, channels: 1 as const };
  const png = await sharp(pixels, { raw }).jpeg({ quality }).toBuffer();
  const made = `${dpi} dpi, ${angle.toFixed(1)} degrees, blur ${blur}, noise ${noise}, contrast ${contrast}, JPEG ${quality}`;
  return { png, made };
}
