/** Images: bombs, cuts, wrong names, many pages. */
import { crc32, deflateSync } from 'node:zlib';
import sharp, { type Sharp } from 'sharp';
import { bytesOf, noise, reads, refused, type HostileFile } from './case.ts';
import { joined } from './pdfs.ts';

const WORD = '88417';

async function picture(): Promise<Sharp> {
  const svg = `<svg xmlns="http://www.w3.org/2000/svg" width="1200" height="800"><rect width="1200" height="800" fill="#fff"/>
    <g font-family="DejaVu Sans, sans-serif" font-size="40"><text x="80" y="140">Invoice number ${WORD}</text>
    <text x="80" y="220">Goods delivered on account</text><text x="80" y="300">Total amount due 71.04</text></g></svg>`;
  return sharp(await sharp(Buffer.from(svg)).flatten({ background: '#fff' }).png().toBuffer());
}

export async function imageFiles(): Promise<HostileFile[]> {
  const image = await picture();
  const png = new Uint8Array(await image.clone().png().toBuffer());
  const jpeg = new Uint8Array(await image.clone().jpeg({ quality: 90 }).toBuffer());
  const webp = new Uint8Array(await image.clone().webp({ quality: 90 }).toBuffer());
  const gif = new Uint8Array(await image.clone().gif().toBuffer());
  const text = { text: WORD };
  return [
    { file: 'png-named.pdf', bytes: png, expected: reads('image', { pages: 1, ...text }) },
    { file: 'webp-named.jpg', bytes: webp, expected: reads('image', text) },
    { file: 'no-extension', bytes: jpeg, expected: reads('image', text) },
    { file: 'three-pages.tiff', bytes: await threePages(image), expected: reads('image', { pages: 3, ...text }) },
    { file: 'cut-late.jpg', bytes: jpeg.slice(0, Math.floor(jpeg.length * 0.9)), expected: reads('image', text) },
    { file: 'cut-in-header.jpg', bytes: jpeg.slice(0, 60), expected: refused('truncated') },
    { file: 'cut-in-header.png', bytes: png.slice(0, 20), expected: refused('truncated') },
    { file: 'noise.png', bytes: joined(png.slice(0, 8), noise(11, 20_000)), expected: refused('corrupt') },
    { file: 'bomb.png', bytes: pngBomb(30_000), expected: refused('too-many-pixels') },
    { file: 'bomb-30k.tiff', bytes: tiffBomb(30_000), expected: refused('too-many-pixels') },
    { file: 'one-pixel.png', bytes: pngBomb(1), expected: reads('image', { pages: 1 }) },
    { file: 'picture.gif', bytes: gif, expected: refused('unsupported') },
    {
      file: 'png-then-html.html',
      bytes: joined(png, bytesOf('<html><script>alert(1)</script></html>')),
      expected: reads('image', text),
    },
  ];
}

/** sharp writes one page; pages are chained here, as scanners do: each TIFF's directory points to the next. */
async function threePages(image: Sharp): Promise<Uint8Array> {
  const single = await image.clone().greyscale().tiff({ compression: 'deflate' }).toBuffer();
  const parts = [single, single, single];
  let start = 0;
  const out = Buffer.concat(parts);
  for (const [i, part] of parts.entries()) {
    relocate(out, start, part.length, i < parts.length - 1);
    start += part.length;
  }
  return new Uint8Array(out);
}

/** Moves the offsets of a little-endian TIFF that now starts at `start` and links it to the one behind it. */
function relocate(out: Buffer, start: number, length: number, more: boolean): void {
  const first = start + out.readUInt32LE(start + 4);
  const count = out.readUInt16LE(first);
  const SIZES: Record<number, number> = { 1: 1, 2: 1, 3: 2, 4: 4, 5: 8, 7: 1 };
  for (let i = 0; i < count; i += 1) {
    const entry = first + 2 + 12 * i;
    const tag = out.readUInt16LE(entry);
    const type = out.readUInt16LE(entry + 2);
    const size = (SIZES[type] ?? 1) * out.readUInt32LE(entry + 4);
    const isStrips = tag === 273 || tag === 324;
    if (size > 4) {
      const at = start + out.readUInt32LE(entry + 8);
      if (isStrips) for (let k = at; k < at + size; k += 4) out.writeUInt32LE(out.readUInt32LE(k) + start, k);
      out.writeUInt32LE(at, entry + 8);
    } else if (isStrips) out.writeUInt32LE(out.readUInt32LE(entry + 8) + start, entry + 8);
  }
  const next = start + length;
  out.writeUInt32LE(more ? next + out.readUInt32LE(next + 4) : 0, first + 2 + 12 * count);
}

function chunk(type: string, data: Uint8Array): Uint8Array {
  const body = joined(bytesOf(type), data);
  const frame = Buffer.alloc(8 + body.length);
  frame.writeUInt32BE(data.length, 0);
  frame.set(body, 4);
  frame.writeUInt32BE(crc32(body), 4 + body.length);
  return new Uint8Array(frame);
}

/** A square of one colour, 1 bit a pixel: a hundred kilobytes that unpack to a hundred megabytes. */
function pngBomb(side: number): Uint8Array {
  const header = Buffer.alloc(13);
  header.writeUInt32BE(side, 0);
  header.writeUInt32BE(side, 4);
  header.set([1, 0, 0, 0, 0], 8);
  const rows = deflateSync(Buffer.alloc((Math.ceil(side / 8) + 1) * side));
  const signature = Uint8Array.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]);
  return joined(signature, chunk('IHDR', header), chunk('IDAT', rows), chunk('IEND', new Uint8Array(0)));
}

/** Claims `side` x `side` pixels and holds one strip of nothing. */
function tiffBomb(side: number): Uint8Array {
  const tags: readonly (readonly [tag: number, type: 3 | 4, value: number])[] = [
    [256, 4, side],
    [257, 4, side],
    [258, 3, 8],
    [259, 3, 1],
    [262, 3, 1],
    [273, 4, 200],
    [277, 3, 1],
    [278, 4, side],
    [279, 4, side * side],
  ];
  const out = Buffer.alloc(264);
  out.set([0x49, 0x49, 0x2a, 0, 8, 0, 0, 0]);
  out.writeUInt16LE(tags.length, 8);
  for (const [i, [tag, type, value]] of tags.entries()) {
    const entry = 10 + 12 * i;
    out.writeUInt16LE(tag, entry);
    out.writeUInt16LE(type, entry + 2);
    out.writeUInt32LE(1, entry + 4);
    out.writeUInt32LE(value, entry + 8);
  }
  return new Uint8Array(out);
}
