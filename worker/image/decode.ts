/** Image files by sharp: EXIF turn applied, grey, at a size that OCR reads well. */
import { readFileSync } from 'node:fs';
import sharp from 'sharp';
import { LIMITS } from '../../core/contract/intake.ts';
import { messageOf, UnreadableError } from '../unreadable.ts';
import { greyOf, type Grey } from './grey.ts';

export interface ImageInfo {
  readonly format: string;
  readonly mime: string;
  readonly pages: number;
  /** As displayed: EXIF turn applied. */
  readonly width: number;
  readonly height: number;
  readonly dpi: number | undefined;
}

const MIMES: Record<string, string> = {
  png: 'image/png',
  jpeg: 'image/jpeg',
  tiff: 'image/tiff',
  webp: 'image/webp',
};

/** `failOn: none`: what can be decoded of a damaged image is read. The pixel limit stands in sharp too, against a header that lies. */
const open = (path: string | Uint8Array, page: number) =>
  sharp(path, { failOn: 'none', limitInputPixels: LIMITS.pagePixels, page: page - 1, pages: 1 });

export async function imageInfo(path: string | Uint8Array, page = 1): Promise<ImageInfo> {
  const meta = await open(path, page)
    .metadata()
    .catch((error: unknown) => {
      throw imageError(error, path);
    });
  const mime = MIMES[meta.format];
  if (mime === undefined) throw new UnreadableError('unsupported', `images of format ${meta.format}`);
  const sideways = (meta.orientation ?? 1) >= 5;
  const size = { width: meta.width, height: meta.pageHeight ?? meta.height };
  return {
    format: meta.format,
    mime,
    // An animated WebP is one picture.
    pages: meta.format === 'tiff' ? (meta.pages ?? 1) : 1,
    width: sideways ? size.height : size.width,
    height: sideways ? size.width : size.height,
    dpi: plausibleDpi(meta.density),
  };
}

/** 72 and 96 are what programs write when they do not know. */
const plausibleDpi = (density: number | undefined): number | undefined =>
  density !== undefined && density >= 100 && density <= 1_200 ? Math.round(density) : undefined;

export async function decodeGrey(path: string | Uint8Array, page: number): Promise<Grey> {
  try {
    return await greyOf(open(path, page).rotate().flatten({ background: '#fff' }).greyscale());
  } catch (error) {
    throw imageError(error, path);
  }
}

/** As displayed, for a screen: at most `longest` pixels on the long side. */
export async function encodeWebp(path: string | Uint8Array, page: number, longest: number) {
  try {
    return await open(path, page)
      .rotate()
      .flatten({ background: '#fff' })
      .resize(longest, longest, { fit: 'inside', withoutEnlargement: true })
      .webp({ quality: 82 })
      .toBuffer({ resolveWithObject: true });
  } catch (error) {
    throw imageError(error, path);
  }
}

/** libvips calls a cut header corrupt; a PNG or JPEG that began well and lacks its end mark was cut. */
function isCut(path: string | Uint8Array): boolean {
  const bytes = typeof path === 'string' ? readFileSync(path) : Buffer.from(path);
  if (bytes.subarray(12, 16).toString('latin1') === 'IHDR') return !bytes.includes('IEND');
  return bytes[0] === 0xff && bytes[1] === 0xd8 && !bytes.includes(Buffer.from([0xff, 0xd9]));
}

function imageError(error: unknown, path: string | Uint8Array): UnreadableError {
  const message = messageOf(error);
  if (error instanceof UnreadableError) return error;
  if (/pixel limit/i.test(message)) return new UnreadableError('too-many-pixels', message);
  if (/premature|unexpected end|end of (file|stream)|truncat/i.test(message) || isCut(path))
    return new UnreadableError('truncated', message);
  return new UnreadableError('corrupt', message);
}

/** How much to resize an image by before OCR (see the note in ocr/read-image.ts). */
export function ocrScale(width: number, height: number): number {
  const long = Math.max(width, height);
  const short = Math.min(width, height);
  if (short < 1_000) return long * 2 <= 8_400 ? 2 : 1;
  // A long receipt keeps the width that makes its letters readable.
  if (long > 4_200) return Math.min(1, Math.max(3_508 / long, 1_600 / short));
  return 1;
}
