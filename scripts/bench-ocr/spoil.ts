/** Clean bitmaps and what becomes of paper: as scanners, fax machines and cameras give it, and pages so bad that most of their words are lost. Seeded. */
import sharp from 'sharp';
import { assertNever } from '../../core/assert.ts';
import { faxed, photographed, type Picture, random, scanned } from '../samples/picture.ts';
import { DPI } from './pages.ts';

export const NOISY = ['scan', 'photo', 'fax'] as const;
export const SEVERE = ['pale', 'coarse', 'blurred', 'shadowed', 'grainy', 'spotted'] as const;
export type Kind = 'clean' | (typeof NOISY)[number] | (typeof SEVERE)[number];

const open = ({ data, width, height, channels }: Picture) => sharp(data, { raw: { width, height, channels } });
const clamp = (value: number): number => Math.max(0, Math.min(255, Math.round(value)));

async function grey(picture: Picture): Promise<Picture> {
  const { data, info } = await open(picture)
    .greyscale()
    .toColourspace('b-w')
    .raw()
    .toBuffer({ resolveWithObject: true });
  return { data, width: info.width, height: info.height, channels: 1 };
}

const png = (picture: Picture): Promise<Buffer> =>
  open(picture).toColourspace('b-w').png({ compressionLevel: 3 }).withMetadata({ density: DPI }).toBuffer();

/** `much` 0..1: how bad within its kind. */
export async function spoil(picture: Picture, kind: Kind, seed: number, much: number): Promise<Buffer> {
  const next = random(seed);
  switch (kind) {
    case 'clean':
      return png(await grey(picture));
    case 'scan':
      return scanned(picture, seed, (next() - 0.5) * 4);
    case 'photo':
      return photographed(picture, seed);
    case 'fax':
      return png(await faxed(picture, seed));
    case 'pale':
      return png(pale(await grey(picture), next, much));
    case 'coarse':
      return png(await coarse(picture, 110 - 62 * much));
    case 'blurred':
      return png(await grey(await blurred(picture, 1.6 + 2.8 * much)));
    case 'shadowed':
      return png(shadowed(await grey(picture), next, much));
    case 'grainy':
      return png(grainy(await grey(picture), next, 50 + 150 * much));
    case 'spotted':
      return png(spotted(await grey(picture), next, 0.008 + 0.09 * much));
    default:
      return assertNever(kind);
  }
}

/** Print that hardly differs from the paper, worse toward one side: a ribbon or a toner at its end. */
function pale(picture: Picture, next: () => number, much: number): Picture {
  const { width, data } = picture;
  const out = data.map((value, i) => {
    const left = 0.4 - 0.34 * much * ((i % width) / width);
    return clamp(236 - (255 - value) * left + (next() - 0.5) * 26);
  });
  return { ...picture, data: out };
}

async function coarse(picture: Picture, dpi: number): Promise<Picture> {
  const small = await open(picture)
    .resize(Math.round((picture.width * dpi) / DPI))
    .greyscale()
    .jpeg({ quality: 60 })
    .toBuffer();
  const { data, info } = await sharp(small)
    .resize(picture.width)
    .toColourspace('b-w')
    .raw()
    .toBuffer({ resolveWithObject: true });
  return { data, width: info.width, height: info.height, channels: 1 };
}

async function blurred(picture: Picture, sigma: number): Promise<Picture> {
  const { data, info } = await open(picture).blur(sigma).raw().toBuffer({ resolveWithObject: true });
  return { data, width: info.width, height: info.height, channels: picture.channels };
}

/** One side lies in the dark, where grain swallows the letters. */
function shadowed(picture: Picture, next: () => number, much: number): Picture {
  const { width, height, data } = picture;
  const edge = 0.25 + 0.5 * next();
  const out = data.map((value, i) => {
    const along = ((i % width) / width + Math.floor(i / width) / height) / 2;
    const light = along < edge ? 1 : Math.max(0.04, 1 - (along - edge) * (1.5 + 8 * much));
    return clamp(value * light + (next() - 0.5) * 30);
  });
  return { ...picture, data: out };
}

function grainy(picture: Picture, next: () => number, strength: number): Picture {
  const out = picture.data.map((value) => clamp(60 + value * 0.6 + (next() + next() - 1) * strength));
  return { ...picture, data: out };
}

/** Dirt the size of parts of letters. */
function spotted(picture: Picture, next: () => number, share: number): Picture {
  const { width, height, data } = picture;
  const out = Uint8Array.from(data);
  const size = 4;
  const count = Math.round((width * height * share) / size ** 2);
  for (let n = 0; n < count; n += 1) {
    const x = Math.floor(next() * (width - size));
    const y = Math.floor(next() * (height - size));
    const shade = next() < 0.5 ? 30 : 245;
    for (let dy = 0; dy < size; dy += 1) out.fill(shade, (y + dy) * width + x, (y + dy) * width + x + size);
  }
  return { ...picture, data: out };
}
