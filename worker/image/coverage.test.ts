import { describe, expect, it } from 'vitest';
import { pageInk } from './coverage.ts';
import type { Grey } from './grey.ts';

/** White paper with black boxes the size of letters. */
function paper(letters: readonly (readonly [x: number, y: number])[]): Grey {
  const [width, height] = [800, 1_000];
  const data = new Uint8Array(width * height).fill(255);
  for (const [x0, y0] of letters) {
    for (let y = y0; y < y0 + 14; y += 1) data.fill(0, y * width + x0, y * width + x0 + 8);
  }
  return { data, width, height };
}
const row = (x: number, y: number, count: number): [number, number][] =>
  Array.from({ length: count }, (_, i) => [x + 12 * i, y]);

describe('pageInk', () => {
  it('says which share of the letters lies inside words', async () => {
    const ink = await pageInk(paper([...row(100, 100, 10), ...row(100, 300, 10)]));
    expect(ink.cover([])).toBe(0);
    expect(ink.cover([{ x0: 95, y0: 95, x1: 230, y1: 118 }])).toBeCloseTo(0.5, 1);
    expect(ink.cover([{ x0: 0, y0: 0, x1: 800, y1: 1_000 }])).toBe(1);
  });

  it('finds columns that were not read, as one block each', async () => {
    const column = [0, 1, 2].flatMap((line) => row(500, 300 + 24 * line, 2));
    const ink = await pageInk(paper([...row(100, 300, 20), ...column]));
    const gaps = ink.gaps([{ x0: 95, y0: 295, x1: 345, y1: 318 }]);
    expect(gaps).toHaveLength(1);
    const [gap] = gaps;
    expect(gap!.x0).toBeLessThanOrEqual(500);
    expect(gap!.x1).toBeGreaterThanOrEqual(520);
    expect(gap!.y0).toBeLessThanOrEqual(300);
    expect(gap!.y1).toBeGreaterThanOrEqual(362);
  });

  it('calls a page without letters read', async () => {
    const ink = await pageInk(paper([]));
    expect(ink.cover([])).toBe(1);
    expect(ink.gaps([])).toEqual([]);
  });
});
