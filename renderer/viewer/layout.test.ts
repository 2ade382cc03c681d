import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { clampZoom, fitZoom, GAP, pagesBetween, placePages, PX, scrollFor, ZOOM } from './layout.ts';

const A4 = { width: 595, height: 842 };

describe('layout of the pages', () => {
  it('lays them below each other without overlap', () => {
    const pages = placePages([A4, { width: 842, height: 595 }, A4], 1);
    expect(pages[0]!.top).toBe(GAP);
    expect(pages[1]!.top).toBeCloseTo(pages[0]!.top + pages[0]!.height + GAP);
  });

  it('finds the pages of any stretch of the scroll', () => {
    const pages = placePages(
      Array.from({ length: 20 }, () => A4),
      1,
    );
    const end = pages.at(-1)!.top + pages.at(-1)!.height;
    fc.assert(
      fc.property(fc.double({ min: 0, max: end, noNaN: true }), (top) => {
        const [first, last] = pagesBetween(pages, top, top + 600);
        expect(first).toBeLessThanOrEqual(last);
        const seen = pages.flatMap((p, i) => (p.top < top + 600 && p.top + p.height > top ? [i] : []));
        expect(seen.every((i) => i >= first && i <= last)).toBe(true);
      }),
    );
  });

  it('fits the widest page, and keeps the zoom within bounds', () => {
    const view = { width: 800, height: 600 };
    expect(fitZoom([A4], view, 'width') * A4.width * PX).toBeCloseTo(800 - 2 * GAP);
    expect(fitZoom([A4], view, 'page') * A4.height * PX).toBeCloseTo(600 - 2 * GAP);
    expect(clampZoom(99)).toBe(ZOOM.max);
    expect(fitZoom([A4], { width: 1, height: 1 }, 'width')).toBe(ZOOM.min);
  });

  it('scrolls to a box only where it is not in view', () => {
    const [page] = placePages([A4], 1);
    const view = { left: 0, top: 0, width: 900, height: 600 };
    expect(scrollFor([1000, 2000, 3000, 2100], page!, 20, view)).toBeNull();
    const target = scrollFor([1000, 9000, 3000, 9100], page!, 20, view);
    expect(target!.top).toBeGreaterThan(600);
    expect(target!.left).toBe(0);
  });
});
