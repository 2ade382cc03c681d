/**
 * How grainy a bitmap is: the usual difference between a pixel and the mean of its neighbours, where the paper is plain. Print is little of a page, so its
 * edges do not move the median. 0 for drawn pages and for black and white ones, 2 to 6 for good scans.
 */
import { soften, type Grey } from './grey.ts';

/** Cameras and scanners leave 0 to 3; from here on it disturbs. */
const GRAINY = 6;
/** One row in so many is looked at. */
const STEP = 7;

export function grainOf({ data, width, height }: Grey): number {
  const counts = new Uint32Array(1_024);
  let all = 0;
  for (let y = 1; y < height - 1; y += STEP) {
    const row = y * width;
    for (let x = 1; x < width - 1; x += 1) {
      const at = row + x;
      const round = (data[at - 1] ?? 0) + (data[at + 1] ?? 0) + (data[at - width] ?? 0) + (data[at + width] ?? 0);
      const difference = Math.abs(4 * (data[at] ?? 0) - round);
      counts[Math.min(1_023, difference)]! += 1;
      all += 1;
    }
  }
  let level = 0;
  for (let below = counts[0] ?? 0; below < all / 2 && level < 1_023; below += counts[level] ?? 0) level += 1;
  // The difference of a pixel and four neighbours spreads by the root of 20 times the grain; half of a bell curve lies within 0.6745 of its spread.
  return level / (0.6745 * Math.sqrt(20));
}

/** Grain makes one speck of ink of every dark pixel: the engine takes minutes over them and finds no letter. */
export async function withoutGrain(page: Grey, dpi: number): Promise<Grey> {
  const grain = grainOf(page);
  return grain < GRAINY ? page : soften(page, Math.min(2, 0.8 + grain / 30) * Math.min(1, dpi / 300));
}
