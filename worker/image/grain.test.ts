import { describe, expect, it } from 'vitest';
import { grainOf, withoutGrain } from './grain.ts';
import type { Grey } from './grey.ts';

/** Paper with bars of print and grain of a known spread (Box-Muller over a small generator). */
function page(spread: number): Grey {
  const [width, height] = [400, 400];
  let state = 7;
  const next = (): number => {
    state = (state * 1_103_515_245 + 12_345) % 2_147_483_648;
    return (state + 1) / 2_147_483_649;
  };
  const data = Uint8Array.from({ length: width * height }, (_, i) => {
    const bell = Math.sqrt(-2 * Math.log(next())) * Math.cos(2 * Math.PI * next());
    const ink = i % width > 100 && i % width < 200 && Math.floor(i / width) % 40 < 6;
    return Math.max(0, Math.min(255, (ink ? 60 : 180) + spread * bell));
  });
  return { data, width, height };
}

describe('grain', () => {
  it('is measured beside print', () => {
    expect(grainOf(page(0))).toBe(0);
    expect(grainOf(page(10))).toBeGreaterThan(8);
    expect(grainOf(page(10))).toBeLessThan(12);
  });

  it('is taken out where it disturbs, and nothing else is touched', async () => {
    const fine = page(3);
    expect(await withoutGrain(fine, 300)).toBe(fine);
    expect(grainOf(await withoutGrain(page(20), 300))).toBeLessThan(5);
  });
});
