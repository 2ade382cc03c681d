import { describe, expect, it } from 'vitest';
import type { Box } from '../../core/contract/reading.ts';
import { edgeCursor, edgesAt, withEdges } from './box-edges.ts';

const BOX: Box = [1_000, 2_000, 3_000, 2_300];
const near = (x: number, y: number) => edgesAt(BOX, { x, y }, { x: 80, y: 60 });

describe('edges of a box', () => {
  it('are under the pointer just inside and just outside', () => {
    expect(near(1_010, 2_150)).toEqual({ x: 0, y: null });
    expect(near(950, 2_150)).toEqual({ x: 0, y: null });
    expect(near(3_050, 2_340)).toEqual({ x: 2, y: 3 });
    expect(near(2_000, 1_960)).toEqual({ x: null, y: 1 });
  });

  it('are not under it in the middle or far away', () => {
    expect(near(2_000, 2_150)).toBeUndefined();
    expect(near(900, 2_150)).toBeUndefined();
    expect(near(2_000, 2_400)).toBeUndefined();
  });

  it('move alone, and never through each other or off the page', () => {
    expect(withEdges(BOX, { x: 2, y: null }, { x: 3_500, y: 9_000 })).toEqual([1_000, 2_000, 3_500, 2_300]);
    expect(withEdges(BOX, { x: 0, y: 1 }, { x: 5_000, y: -50 })).toEqual([2_960, 0, 3_000, 2_300]);
  });

  it('have the pointer of their direction', () => {
    expect(edgeCursor({ x: 0, y: null }, false)).toBe('ew-resize');
    expect(edgeCursor({ x: 0, y: null }, true)).toBe('ns-resize');
    expect(edgeCursor({ x: 0, y: 1 }, false)).toBe('nwse-resize');
    expect(edgeCursor({ x: 2, y: 1 }, false)).toBe('nesw-resize');
  });
});
