/** Skew by projection profile: at the right angle text lines make the sharpest steps between rows with ink and rows without. */
import type { Grey } from './grey.ts';
import { isTextLike, pageBlobs, type PageBlobs } from './ink.ts';

const LIMIT = 15;
const POINTS = 60_000;

/** Degrees, clockwise, that the text of the page is turned by; 0 where no angle stands out. */
export async function skewOf(grey: Grey): Promise<number> {
  const small = await pageBlobs(grey);
  const points = textPoints(small);
  if (points.length < 400) return 0;
  // Sideways pages have their lines along the other axis: the sharper one of both counts.
  const across = search(points, small, false);
  const down = search(points, small, true);
  const best = across.gain >= down.gain ? across : down;
  return best.gain > 1.03 ? best.angle : 0;
}

/** Feet of text-like pieces of ink: baselines give sharper profiles than whole letters, and pictures are left out. */
function textPoints({ blobs, labels, width }: PageBlobs): Float32Array {
  const usable = blobs.map(isTextLike);
  const all: number[] = [];
  for (let i = 0; i < labels.length; i += 1) {
    const label = labels[i] ?? 0;
    if (label > 0 && usable[label - 1] === true) all.push(i % width, Math.floor(i / width));
  }
  const step = Math.max(1, Math.ceil(all.length / 2 / POINTS));
  const points = new Float32Array(Math.ceil(all.length / 2 / step) * 2);
  for (let i = 0, k = 0; i < all.length; i += 2 * step, k += 2) {
    points[k] = all[i] ?? 0;
    points[k + 1] = all[i + 1] ?? 0;
  }
  return points;
}

function search(points: Float32Array, size: { width: number; height: number }, sideways: boolean) {
  const measure = (angle: number): number => sharpness(points, size, angle, sideways);
  let best = 0;
  let peak = -1;
  let sum = 0;
  let count = 0;
  const sweep = (from: number, to: number, step: number): void => {
    for (let angle = from; angle <= to + 1e-9; angle += step) {
      const score = measure(angle);
      sum += score;
      count += 1;
      if (score > peak) {
        peak = score;
        best = angle;
      }
    }
  };
  sweep(-LIMIT, LIMIT, 0.5);
  const usual = sum / count;
  sweep(best - 0.4, best + 0.4, 0.1);
  sweep(best - 0.08, best + 0.08, 0.02);
  return { angle: Math.round(best * 100) / 100, gain: usual === 0 ? 1 : peak / usual };
}

/** Sum of squared steps between neighbouring rows of the profile, seen at `angle`. */
function sharpness(
  points: Float32Array,
  size: { width: number; height: number },
  angle: number,
  sideways: boolean,
): number {
  const radians = (angle * Math.PI) / 180;
  const cos = Math.cos(radians);
  const sin = Math.sin(radians);
  const reach = size.width + size.height;
  const bins = new Int32Array(2 * reach + 2);
  for (let i = 0; i < points.length; i += 2) {
    const x = points[i] ?? 0;
    const y = points[i + 1] ?? 0;
    const at = sideways ? x * cos + y * sin : y * cos - x * sin;
    const bin = Math.round(at) + reach;
    bins[bin] = (bins[bin] ?? 0) + 1;
  }
  let score = 0;
  for (let i = 1; i < bins.length; i += 1) {
    const step = (bins[i] ?? 0) - (bins[i - 1] ?? 0);
    score += step * step;
  }
  return score;
}
