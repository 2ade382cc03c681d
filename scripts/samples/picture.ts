/** Pages as scanners, fax machines and cameras give them: rendered by pdfium, then spoiled by a seeded generator (no clock, no chance). */
import { PDFDocument } from '@cantoo/pdf-lib';
import { PDFiumLibrary } from '@hyzyla/pdfium';
import sharp from 'sharp';

/** 8-bit samples, row by row. */
export interface Picture {
  readonly width: number;
  readonly height: number;
  readonly channels: 1 | 3;
  readonly data: Uint8Array;
}

/** mulberry32: small, seeded, good enough for noise. */
export function random(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let t = state;
    t = Math.imul(t ^ (t >>> 15), t | 1);
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
    return ((t ^ (t >>> 14)) >>> 0) / 4_294_967_296;
  };
}

export async function renderPages(pdf: Uint8Array, dpi: number): Promise<Picture[]> {
  const library = await PDFiumLibrary.init();
  try {
    const document = await library.loadDocument(pdf);
    const pictures: Picture[] = [];
    for (const page of document.pages()) {
      const { data, width, height } = await page.render({ scale: dpi / 72, render: 'bitmap' });
      pictures.push({ width, height, channels: 3, data: withoutAlpha(data) });
    }
    document.destroy();
    return pictures;
  } finally {
    library.destroy();
  }
}

/** RGBA -> RGB. */
function withoutAlpha(data: Uint8Array): Uint8Array {
  const rgb = new Uint8Array((data.length / 4) * 3);
  for (let from = 0, to = 0; from < data.length; from += 4, to += 3) {
    rgb[to] = data[from] ?? 0;
    rgb[to + 1] = data[from + 1] ?? 0;
    rgb[to + 2] = data[from + 2] ?? 0;
  }
  return rgb;
}

export const open = ({ data, width, height, channels }: Picture) => sharp(data, { raw: { width, height, channels } });

/** Grey, a little turned, a little soft, paper that is not quite white, grain. */
export async function scanned(picture: Picture, seed: number, turn: number): Promise<Buffer> {
  const { data, info } = await open(picture)
    .greyscale()
    .rotate(turn, { background: '#ffffff' })
    .resize(picture.width, picture.height, { fit: 'cover' })
    .toColourspace('b-w')
    .raw()
    .toBuffer({ resolveWithObject: true });
  const next = random(seed);
  const grained = data.map((value) => clamp(20 + value * 0.88 + (next() + next() - 1) * 12));
  return sharp(grained, { raw: { width: info.width, height: info.height, channels: 1 } })
    .jpeg({ quality: 58 })
    .toBuffer();
}

export const clamp = (value: number): number => Math.max(0, Math.min(255, Math.round(value)));

export async function imagePdf(images: readonly Buffer[], dpi: number): Promise<Uint8Array> {
  const document = await PDFDocument.create();
  const made = new Date(Date.UTC(2026, 0, 2, 8, 0, 0));
  document.setCreationDate(made);
  document.setModificationDate(made);
  document.setProducer('AP Intake Station samples');
  for (const bytes of images) {
    const image = await document.embedJpg(bytes);
    const size: [number, number] = [(image.width / dpi) * 72, (image.height / dpi) * 72];
    document.addPage(size).drawImage(image, { x: 0, y: 0, width: size[0], height: size[1] });
  }
  return document.save({ useObjectStreams: false });
}

export type Point = readonly [number, number];

/** The page lies on a desk, seen from a little aside, a shadow over one corner. */
export async function photographed(picture: Picture, seed: number): Promise<Buffer> {
  const width = 1960;
  const height = 2700;
  const corners: [Point, Point, Point, Point] = [
    [88, 92],
    [1862, 104],
    [1884, 2612],
    [64, 2590],
  ];
  const back = inverseHomography(corners, picture.width, picture.height);
  const next = random(seed);
  const out = Buffer.alloc(width * height * 3);
  for (let y = 0; y < height; y++)
    for (let x = 0; x < width; x++) {
      const [u, v] = back(x, y);
      const light =
        0.97 - 0.26 * Math.max(0, (x / width + y / height - 1.05) / 0.95) - 0.06 * Math.abs(x / width - 0.4);
      const grain = (next() - 0.5) * 9;
      const inside = u >= 0 && v >= 0 && u < picture.width - 1 && v < picture.height - 1;
      const at = (y * width + x) * 3;
      for (let c = 0; c < 3; c++) {
        const wood = [122, 92, 66][c]! + 10 * Math.sin(x / 37 + Math.sin(y / 90) * 2);
        const paper = inside ? bilinear(picture, u, v, c) * [0.985, 0.965, 0.92][c]! : wood;
        out[at + c] = clamp(paper * light + grain);
      }
    }
  return sharp(out, { raw: { width, height, channels: 3 } })
    .blur(0.5)
    .jpeg({ quality: 72 })
    .toBuffer();
}

export function bilinear({ data, width, channels }: Picture, u: number, v: number, c: number): number {
  const x = Math.floor(u);
  const y = Math.floor(v);
  const at = (dx: number, dy: number) => data[((y + dy) * width + x + dx) * channels + c] ?? 255;
  const top = at(0, 0) * (1 - u + x) + at(1, 0) * (u - x);
  const bottom = at(0, 1) * (1 - u + x) + at(1, 1) * (u - x);
  return top * (1 - v + y) + bottom * (v - y);
}

type Corners = readonly [Point, Point, Point, Point];

/** The square-to-quadrilateral projection (Heckbert 1989): (a u + b v + c, d u + e v + f) / (g u + h v + 1). */
function projection([p0, p1, p2, p3]: Corners) {
  const [dx1, dy1] = [p1[0] - p2[0], p1[1] - p2[1]];
  const [dx2, dy2] = [p3[0] - p2[0], p3[1] - p2[1]];
  const [sx, sy] = [p0[0] - p1[0] + p2[0] - p3[0], p0[1] - p1[1] + p2[1] - p3[1]];
  const determinant = dx1 * dy2 - dx2 * dy1;
  const g = (sx * dy2 - dx2 * sy) / determinant;
  const h = (dx1 * sy - sx * dy1) / determinant;
  const [a, b, c] = [p1[0] - p0[0] + g * p1[0], p3[0] - p0[0] + h * p3[0], p0[0]];
  const [d, e, f] = [p1[1] - p0[1] + g * p1[1], p3[1] - p0[1] + h * p3[1], p0[1]];
  return { a, b, c, d, e, f, g, h };
}

/** Maps a point of the page (0..1) to the photograph. */
export function homography(corners: Corners): (u: number, v: number) => Point {
  const { a, b, c, d, e, f, g, h } = projection(corners);
  return (u, v) => {
    const w = g * u + h * v + 1;
    return [(a * u + b * v + c) / w, (d * u + e * v + f) / w];
  };
}

/** Maps a point of the photograph to the page, by the adjugate. */
export function inverseHomography(corners: Corners, width: number, height: number) {
  const { a, b, c, d, e, f, g, h } = projection(corners);
  return (x: number, y: number): Point => {
    const u = (e - f * h) * x + (c * h - b) * y + (b * f - c * e);
    const v = (f * g - d) * x + (a - c * g) * y + (c * d - a * f);
    const w = (d * h - e * g) * x + (b * g - a * h) * y + (a * e - b * d);
    return [(u / w) * width, (v / w) * height];
  };
}

/** A clean grey PNG, as a till's printer and a flat-bed scanner give it. */
export const greyPng = (picture: Picture): Promise<Buffer> =>
  open(picture).greyscale().blur(0.4).png({ compressionLevel: 9, palette: true, colours: 16 }).toBuffer();

/** Black and white pages. */
export async function faxed(picture: Picture, seed: number): Promise<Picture> {
  const { data, info } = await open(picture)
    .greyscale()
    .blur(0.6)
    .toColourspace('b-w')
    .raw()
    .toBuffer({ resolveWithObject: true });
  const next = random(seed);
  const spotted = data.map((value) => {
    const speck = next() < 0.0004;
    return value < 150 !== speck ? 0 : 255;
  });
  return { width: info.width, height: info.height, channels: 1, data: spotted };
}
