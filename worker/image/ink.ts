/** Ink against its surroundings: a local threshold, so that grey small print on grey paper counts and a shadow does not. */
import { resizeGrey, type Grey } from './grey.ts';

/** Sums over all pixels above and left of a point: any rectangle's mean in four look-ups. */
function integral(grey: Grey): Float64Array {
  const { data, width, height } = grey;
  const sums = new Float64Array((width + 1) * (height + 1));
  for (let y = 0; y < height; y += 1) {
    let row = 0;
    for (let x = 0; x < width; x += 1) {
      row += data[y * width + x] ?? 0;
      sums[(y + 1) * (width + 1) + x + 1] = (sums[y * (width + 1) + x + 1] ?? 0) + row;
    }
  }
  return sums;
}

/** 1 where a pixel is darker than the mean of its surroundings by more than `contrast`. */
export function inkOf(grey: Grey, radius = 12, contrast = 18): Uint8Array {
  const { data, width, height } = grey;
  const sums = integral(grey);
  const ink = new Uint8Array(width * height);
  const stride = width + 1;
  for (let y = 0; y < height; y += 1) {
    const top = Math.max(0, y - radius) * stride;
    const bottom = Math.min(height, y + radius + 1) * stride;
    const tall = (bottom - top) / stride;
    for (let x = 0; x < width; x += 1) {
      const left = Math.max(0, x - radius);
      const right = Math.min(width, x + radius + 1);
      const sum =
        (sums[bottom + right] ?? 0) - (sums[top + right] ?? 0) - (sums[bottom + left] ?? 0) + (sums[top + left] ?? 0);
      if ((data[y * width + x] ?? 255) < sum / (tall * (right - left)) - contrast) ink[y * width + x] = 1;
    }
  }
  return ink;
}

export interface Blob {
  x0: number;
  y0: number;
  x1: number;
  y1: number;
  pixels: number;
}

export interface PageBlobs {
  /** Of the picture that was looked at, at about 100 dpi, and how much smaller than the page it is. */
  readonly width: number;
  readonly height: number;
  readonly scale: number;
  readonly blobs: readonly Blob[];
  readonly labels: Int32Array;
}

const LONGEST = 1_150;
const seen = new WeakMap<Grey, Promise<PageBlobs>>();

/** The ink of a page, found once for the skew and for the coverage of a page that stands straight. */
export function pageBlobs(grey: Grey): Promise<PageBlobs> {
  const known = seen.get(grey) ?? look(grey);
  seen.set(grey, known);
  return known;
}

async function look(grey: Grey): Promise<PageBlobs> {
  const scale = Math.min(1, LONGEST / Math.max(grey.width, grey.height));
  const small = await resizeGrey(grey, scale);
  const { width, height } = small;
  return { width, height, scale, ...blobsOf(inkOf(small), width, height) };
}

/** Connected pieces of ink (8 neighbours) as boxes, x1 and y1 exclusive. */
export function blobsOf(ink: Uint8Array, width: number, height: number): { blobs: Blob[]; labels: Int32Array } {
  const labels = new Int32Array(width * height);
  const blobs: Blob[] = [];
  const stack: number[] = [];
  for (let seed = 0; seed < ink.length; seed += 1) {
    if (ink[seed] === 0 || labels[seed] !== 0) continue;
    const blob: Blob = { x0: width, y0: height, x1: 0, y1: 0, pixels: 0 };
    blobs.push(blob);
    labels[seed] = blobs.length;
    stack.push(seed);
    for (let at = stack.pop(); at !== undefined; at = stack.pop()) {
      const x = at % width;
      const y = (at - x) / width;
      blob.pixels += 1;
      blob.x0 = Math.min(blob.x0, x);
      blob.y0 = Math.min(blob.y0, y);
      blob.x1 = Math.max(blob.x1, x + 1);
      blob.y1 = Math.max(blob.y1, y + 1);
      for (let ny = Math.max(0, y - 1); ny <= Math.min(height - 1, y + 1); ny += 1) {
        for (let nx = Math.max(0, x - 1); nx <= Math.min(width - 1, x + 1); nx += 1) {
          const next = ny * width + nx;
          if (ink[next] === 1 && labels[next] === 0) {
            labels[next] = blobs.length;
            stack.push(next);
          }
        }
      }
    }
  }
  return { blobs, labels };
}

/** Whether a piece can be (part of) letters at about 100 dpi: neither speck nor rule nor picture. */
export function isTextLike(blob: Blob): boolean {
  const wide = blob.x1 - blob.x0;
  const tall = blob.y1 - blob.y0;
  return (
    blob.pixels >= 5 &&
    Math.max(wide, tall) >= 4 &&
    tall <= 60 &&
    wide <= 160 &&
    !(wide > 40 && tall <= 3) &&
    !(tall > 40 && wide <= 3)
  );
}
