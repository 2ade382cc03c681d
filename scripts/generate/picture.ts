/** Drawn pages -> scans, faxes, receipts and photographs. Boxes go the way of the paper. */
import type { Sharp } from 'sharp';
import { bilevelTiff } from '../samples/containers.ts';
import {
  bilinear,
  clamp,
  homography,
  imagePdf,
  inverseHomography,
  open,
  type Picture,
  type Point,
  renderPages,
} from '../samples/picture.ts';
import type { Box, FieldBox, Spec } from './model.ts';
import type { Noise } from './noise.ts';
import { type Chance, stream } from './random.ts';

/** Page (0..1) -> page (0..1). */
type Way = (x: number, y: number) => Point;

interface Paper {
  readonly picture: Picture;
  readonly way: Way;
}

export interface Pictured {
  readonly bytes: Uint8Array;
  readonly extension: 'jpg' | 'png' | 'tif' | 'pdf';
  readonly boxes: readonly FieldBox[];
}

export async function pictured(
  spec: Spec,
  noise: Noise,
  pdf: Uint8Array,
  boxes: readonly FieldBox[],
): Promise<Pictured> {
  const pages = await renderPages(pdf, noise.dpi);
  const papers: Paper[] = [];
  for (const [i, page] of pages.entries()) {
    const chance = stream('paper', spec.seed, spec.index, i);
    // oxlint-disable-next-line no-await-in-loop -- one page at a time keeps the memory small
    papers.push(
      await (spec.kind === 'photo'
        ? photograph(page, noise, chance)
        : scan(page, noise, chance, spec.family === 'receipt')),
    );
  }
  const moved = boxes.flatMap((box) => {
    const paper = papers[box.page - 1];
    const at = paper && carried(box.box, paper.way);
    return at ? [{ ...box, box: at }] : [];
  });
  return {
    ...(await encoded(
      spec,
      noise,
      papers.map(({ picture }) => picture),
    )),
    boxes: moved,
  };
}

const inUnits = (n: number): number => Math.round(n * 1e4);

/** Where the box has gone; undefined where a good part of it was cut off with the page's edge. */
function carried([x0, y0, x1, y1]: Box, way: Way): Box | undefined {
  const corners = [way(x0 / 1e4, y0 / 1e4), way(x1 / 1e4, y0 / 1e4), way(x1 / 1e4, y1 / 1e4), way(x0 / 1e4, y1 / 1e4)];
  const [xs, ys] = [corners.map(([x]) => x), corners.map(([, y]) => y)];
  const whole = [Math.min(...xs), Math.min(...ys), Math.max(...xs), Math.max(...ys)] as const;
  const [left, top, right, bottom] = whole.map((n) => Math.max(0, Math.min(1, n))) as [number, number, number, number];
  const kept = ((right - left) * (bottom - top)) / ((whole[2] - whole[0]) * (whole[3] - whole[1]));
  return kept < 0.85 ? undefined : [inUnits(left), inUnits(top), inUnits(right), inUnits(bottom)];
}

async function encoded(spec: Spec, noise: Noise, pictures: readonly Picture[]): Promise<Omit<Pictured, 'boxes'>> {
  if (noise.bilevel) return { bytes: bilevelTiff(pictures, noise.dpi), extension: 'tif' };
  const [first] = pictures;
  const jpeg = (picture: Picture) =>
    open(picture).jpeg({ quality: noise.quality, chromaSubsampling: '4:2:0' }).toBuffer();
  if (spec.kind === 'scan-pdf' || pictures.length > 1 || first === undefined)
    return { bytes: await imagePdf(await Promise.all(pictures.map(jpeg)), noise.dpi), extension: 'pdf' };
  const dense = open(first).withMetadata({ density: noise.dpi });
  if (spec.kind === 'photo' || noise.format === 'jpg')
    return { bytes: await dense.jpeg({ quality: noise.quality }).toBuffer(), extension: 'jpg' };
  if (noise.format === 'png')
    return { bytes: await dense.png({ compressionLevel: 6, palette: true, colours: 32 }).toBuffer(), extension: 'png' };
  return { bytes: await dense.tiff({ compression: 'lzw' }).toBuffer(), extension: 'tif' };
}

const EDGES = { white: 255, grey: 200, black: 25 } as const;

async function raw(image: Sharp, channels: 1 | 3): Promise<Picture> {
  const { data, info } = await image
    .toColourspace(channels === 1 ? 'b-w' : 'srgb')
    .raw()
    .toBuffer({ resolveWithObject: true });
  return { width: info.width, height: info.height, channels, data };
}

async function scan(page: Picture, noise: Noise, chance: Chance, slip: boolean): Promise<Paper> {
  const channels = noise.colour && !noise.bilevel ? 3 : 1;
  const plain = channels === 1 ? open(page).greyscale() : open(page);
  const flat = await raw(plain, channels);
  const worn = wear(flat, noise, chance);
  const framed = slip ? await margin(worn, chance) : { picture: worn, way: same };
  const skewed = await skew(framed.picture, noise);
  const soft = noise.blur > 0.3 ? await raw(open(skewed.picture).blur(noise.blur), channels) : skewed.picture;
  const grained = grain(soft, noise, chance);
  const turned = await turn(noise.bilevel ? bilevel(grained, noise.bilevel) : grained, noise.turn);
  return { picture: turned.picture, way: chain(framed.way, skewed.way, turned.way) };
}

const same: Way = (x, y) => [x, y];
const chain =
  (...ways: readonly Way[]): Way =>
  (x, y) =>
    ways.reduce<Point>((point, way) => way(point[0], point[1]), [x, y]);

/** A slip lies somewhere on the glass, with paper around it. */
async function margin(picture: Picture, chance: Chance): Promise<Paper> {
  const [left, right, top, bottom] = [0.02, 0.02, 0.01, 0.01].map((low) =>
    Math.round(chance.between(low, low + 0.12) * picture.width),
  ) as [number, number, number, number];
  const extended = await raw(
    open(picture).extend({ left, right, top, bottom, background: chance.pick(['#ffffff', '#f4f4f4', '#e4e4e4']) }),
    picture.channels,
  );
  return {
    picture: extended,
    way: (x, y) => [(x * picture.width + left) / extended.width, (y * picture.height + top) / extended.height],
  };
}

/** Turned within its own frame: the corners are cut off, as the scanner's glass does. */
async function skew(picture: Picture, { skew: degrees, edge }: Noise): Promise<Paper> {
  if (Math.abs(degrees) < 0.05) return { picture, way: same };
  const shade = EDGES[edge];
  const { width, height } = picture;
  const big = await raw(
    open(picture).rotate(degrees, { background: { r: shade, g: shade, b: shade } }),
    picture.channels,
  );
  const [left, top] = [
    Math.max(0, Math.floor((big.width - width) / 2)),
    Math.max(0, Math.floor((big.height - height) / 2)),
  ];
  const size = { width: Math.min(width, big.width), height: Math.min(height, big.height) };
  const cut = await raw(open(big).extract({ left, top, ...size }), picture.channels);
  const angle = (degrees * Math.PI) / 180;
  const way: Way = (x, y) => {
    const [dx, dy] = [x * width - width / 2, y * height - height / 2];
    return [
      (dx * Math.cos(angle) - dy * Math.sin(angle) + big.width / 2 - left) / size.width,
      (dx * Math.sin(angle) + dy * Math.cos(angle) + big.height / 2 - top) / size.height,
    ];
  };
  return { picture: cut, way };
}

async function turn(picture: Picture, degrees: Noise['turn']): Promise<Paper> {
  if (degrees === 0) return { picture, way: same };
  const ways: Readonly<Record<90 | 180 | 270, Way>> = {
    90: (x, y) => [1 - y, x],
    180: (x, y) => [1 - x, 1 - y],
    270: (x, y) => [y, 1 - x],
  };
  return { picture: await raw(open(picture).rotate(degrees), picture.channels), way: ways[degrees] };
}

/** What the paper itself has been through: holes, staples, folds, print that shines through from behind, thermal print gone pale. */
function wear(picture: Picture, noise: Noise, chance: Chance): Picture {
  const { width, height, channels } = picture;
  const data = new Uint8Array(picture.data);
  const at = (x: number, y: number) => (y * width + x) * channels;
  const set = (x: number, y: number, value: number) => {
    if (x >= 0 && y >= 0 && x < width && y < height) for (let c = 0; c < channels; c++) data[at(x, y) + c] = value;
  };
  if (noise.bleed > 0)
    for (let y = 0; y < height; y++)
      for (let x = 0; x < width; x++) {
        const behind = 255 - (picture.data[at(width - 1 - x, y)] ?? 255);
        if (behind > 20)
          for (let c = 0; c < channels; c++)
            data[at(x, y) + c] = clamp((data[at(x, y) + c] ?? 255) - behind * noise.bleed);
      }
  if (noise.fade > 0) fade(data, picture, noise, chance);
  for (let i = 0; i < noise.folds; i++) crease(data, picture, chance, true);
  for (let i = 0; i < noise.creases; i++) crease(data, picture, chance, false);
  if (noise.holes) {
    const radius = (noise.dpi * 3) / 25.4;
    for (const y of [height / 2 - (noise.dpi * 40) / 25.4, height / 2 + (noise.dpi * 40) / 25.4])
      disc(set, (noise.dpi * 12) / 25.4, y, radius, chance.pick([20, 60, 225]));
  }
  if (noise.staple)
    for (let i = 0; i < noise.dpi * 0.35; i++)
      for (let w = 0; w < noise.dpi / 60; w++)
        set(Math.round(noise.dpi * 0.4 + i), Math.round(noise.dpi * 0.5 - i * 0.6 + w), 70);
  return { ...picture, data };
}

function disc(
  set: (x: number, y: number, value: number) => void,
  cx: number,
  cy: number,
  radius: number,
  value: number,
): void {
  for (let y = -radius; y <= radius; y++)
    for (let x = -radius; x <= radius; x++)
      if (x * x + y * y <= radius * radius) set(Math.round(cx + x), Math.round(cy + y), value);
}

function fade(data: Uint8Array, { width, height, channels }: Picture, noise: Noise, chance: Chance): void {
  const [a, b] = [chance.between(1, 3), chance.between(0, 6)];
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      const share = noise.fade * (0.6 + 0.4 * Math.sin((y / height) * a * 6.3 + b) * Math.cos((x / width) * 4 + b));
      for (let c = 0; c < channels; c++) {
        const i = (y * width + x) * channels + c;
        data[i] = clamp((data[i] ?? 255) + (238 - (data[i] ?? 255)) * share);
      }
    }
  }
}

/** A line where the paper was bent: light on one side, dark on the other. */
function crease(data: Uint8Array, { width, height, channels }: Picture, chance: Chance, straight: boolean): void {
  const across = straight || chance.chance(0.6);
  const [from, slope] = [
    chance.between(0.1, 0.9),
    straight ? chance.between(-0.004, 0.004) : chance.between(-0.3, 0.3),
  ];
  const [wide, deep] = [chance.between(2, 7), chance.between(12, 45)];
  const length = across ? width : height;
  for (let i = 0; i < length; i++) {
    const centre = (across ? height : width) * from + i * slope;
    for (let d = -3 * wide; d <= 3 * wide; d++) {
      const j = Math.round(centre + d);
      const [x, y] = across ? [i, j] : [j, i];
      if (x < 0 || y < 0 || x >= width || y >= height) continue;
      const change = deep * Math.exp(-(d * d) / (2 * wide * wide)) * (d < 0 ? -1 : 0.4);
      for (let c = 0; c < channels; c++) {
        const at = (y * width + x) * channels + c;
        data[at] = clamp((data[at] ?? 255) + change);
      }
    }
  }
}

/** The scanner's part: uneven light, less contrast, grain, dust. */
function grain(picture: Picture, noise: Noise, chance: Chance): Picture {
  const { width, height, channels } = picture;
  const data = new Uint8Array(picture.data.length);
  const [low, high] = [noise.pale * 140, 255 - noise.pale * 40 - (noise.colour ? 4 : 0)];
  const [tiltX, tiltY] = [chance.between(-1, 1), chance.between(-1, 1)];
  const tint = channels === 3 ? [1, chance.between(0.97, 1), chance.between(0.92, 1)] : [1];
  for (let y = 0, i = 0; y < height; y++) {
    const row = 1 - noise.shade * Math.max(0, 0.5 + tiltY * (y / height - 0.5));
    for (let x = 0; x < width; x++) {
      const light = row * (1 - noise.shade * Math.max(0, tiltX * (x / width - 0.5)));
      const dust = noise.speckle > 0 && chance.next() < noise.speckle ? -150 : 0;
      const dither = (chance.next() + chance.next() - 1) * noise.grain;
      for (let c = 0; c < channels; c++, i++)
        data[i] = clamp(
          (low + ((picture.data[i] ?? 255) * (high - low)) / 255) * light * (tint[c] ?? 1) + dither + dust,
        );
    }
  }
  return { ...picture, data };
}

function bilevel(picture: Picture, how: 'threshold' | 'dither'): Picture {
  const { width, height } = picture;
  const data = new Uint8Array(width * height);
  if (how === 'threshold') {
    for (let i = 0; i < data.length; i++) data[i] = (picture.data[i] ?? 255) < 150 ? 0 : 255;
    return { width, height, channels: 1, data };
  }
  // Floyd and Steinberg 1976: the error goes to the neighbours that are still to come.
  const left = Float32Array.from(picture.data);
  for (let y = 0; y < height; y++)
    for (let x = 0; x < width; x++) {
      const i = y * width + x;
      const value = left[i] ?? 255;
      data[i] = value < 128 ? 0 : 255;
      const error = value - (data[i] ?? 0);
      if (x + 1 < width) left[i + 1] = (left[i + 1] ?? 0) + (error * 7) / 16;
      if (y + 1 < height) {
        if (x > 0) left[i + width - 1] = (left[i + width - 1] ?? 0) + (error * 3) / 16;
        left[i + width] = (left[i + width] ?? 0) + (error * 5) / 16;
        if (x + 1 < width) left[i + width + 1] = (left[i + width + 1] ?? 0) + error / 16;
      }
    }
  return { width, height, channels: 1, data };
}

const TABLES: Readonly<Record<Noise['table'], readonly [number, number, number]>> = {
  wood: [122, 92, 66],
  grey: [150, 150, 152],
  dark: [48, 46, 50],
  cloth: [190, 182, 170],
};

/** The page lies on a table, seen a little from the side, under uneven light. */
async function photograph(page: Picture, noise: Noise, chance: Chance): Promise<Paper> {
  const worn = wear(page, noise, chance);
  const long = 2500;
  const ratio = page.height / page.width;
  const height = ratio > 1.1 ? long : Math.round(long * 0.75);
  const width = ratio > 1.1 ? Math.round(Math.max(long * 0.72, (long / ratio) * 1.1)) : long;
  const corners = cornersOf(page, width, height, noise, chance);
  const picture = { width, height, channels: 3 as const, data: lit(worn, corners, width, height, noise, chance) };
  const soft = await raw(open(picture).blur(Math.max(0.3, noise.blur * 0.8)), 3);
  const turned = await turn(soft, noise.turn);
  const ahead = homography(corners);
  const way: Way = (x, y) => {
    const [px, py] = ahead(x, y);
    return [px / width, py / height];
  };
  return { picture: turned.picture, way: chain(way, turned.way) };
}

type Corners = [Point, Point, Point, Point];

const within = (value: number, most: number): number => Math.max(6, Math.min(most - 6, value));

function cornersOf(
  page: Picture,
  width: number,
  height: number,
  { perspective, skew: degrees }: Noise,
  chance: Chance,
): Corners {
  const scale = Math.min((width * 0.9) / page.width, (height * 0.93) / page.height);
  const [w, h] = [page.width * scale, page.height * scale];
  const angle = (degrees * Math.PI) / 180;
  const shaken = (x: number, y: number): Point => {
    const [rx, ry] = [x * Math.cos(angle) - y * Math.sin(angle), x * Math.sin(angle) + y * Math.cos(angle)];
    return [
      within(width / 2 + rx + chance.between(-1, 1) * perspective * w, width),
      within(height / 2 + ry + chance.between(-1, 1) * perspective * h * 0.6, height),
    ];
  };
  return [shaken(-w / 2, -h / 2), shaken(w / 2, -h / 2), shaken(w / 2, h / 2), shaken(-w / 2, h / 2)];
}

function lit(page: Picture, corners: Corners, width: number, height: number, noise: Noise, chance: Chance): Uint8Array {
  const out = new Uint8Array(width * height * 3);
  const back = inverseHomography(corners, page.width, page.height);
  const table = TABLES[noise.table];
  const [sx, sy, sr] = [chance.between(0, 1), chance.between(0, 1), chance.between(0.3, 0.8)];
  const [gx, gy] = [chance.between(-0.2, 0.2), chance.between(-0.2, 0.2)];
  const [black, white] = [noise.pale * 90, 250 - noise.pale * 30];
  const warm = [1, chance.between(0.95, 1), chance.between(0.84, 1)];
  for (let y = 0; y < height; y++)
    for (let x = 0; x < width; x++) {
      const [u, v] = back(x, y);
      const inside = u >= 0 && v >= 0 && u < page.width - 1 && v < page.height - 1;
      const distance = Math.hypot(x / width - sx, y / height - sy) / sr;
      const light =
        (1 - noise.shadow * Math.max(0, 1 - distance * distance)) *
        (0.94 + gx * (x / width - 0.5) + gy * (y / height - 0.5));
      const dust = (chance.next() - 0.5) * noise.grain * 1.6;
      const vein =
        noise.table === 'wood'
          ? 10 * Math.sin(x / 37 + Math.sin(y / 90) * 2)
          : noise.table === 'cloth'
            ? 8 * (((x >> 2) % 2) ^ ((y >> 2) % 2))
            : 0;
      for (let c = 0; c < 3; c++) {
        const paper = inside
          ? (black + (bilinear(page, u, v, c) * (white - black)) / 255) * (warm[c] ?? 1)
          : (table[c] ?? 0) + vein;
        out[(y * width + x) * 3 + c] = clamp(paper * light + dust);
      }
    }
  return out;
}
