/** From pixels of the bitmap that was read back to the displayed page: the steps of preparing it, undone in reverse. */
import type { Box } from '../../core/contract/reading.ts';

export interface Rect {
  readonly x0: number;
  readonly y0: number;
  readonly x1: number;
  readonly y1: number;
}

export type Point = readonly [x: number, y: number];
export type Mapping = (point: Point) => Point;

/** Undoes a clockwise rotation by `degrees` that took a `from` sized bitmap, centre on centre, onto a `to` sized one. */
export function unrotate(
  degrees: number,
  from: { width: number; height: number },
  to: { width: number; height: number },
): Mapping {
  const radians = (degrees * Math.PI) / 180;
  const cos = Math.cos(radians);
  const sin = Math.sin(radians);
  return ([x, y]) => {
    const dx = x - to.width / 2;
    const dy = y - to.height / 2;
    return [from.width / 2 + dx * cos + dy * sin, from.height / 2 - dx * sin + dy * cos];
  };
}

const limit = (value: number): number => Math.min(10_000, Math.max(0, Math.round(value)));

/** The smallest upright box in 1/10,000 of a page of `width` x `height` round the mapped corners. */
export function toBox(rect: Rect, map: Mapping, width: number, height: number): Box {
  const corners: Point[] = [
    [rect.x0, rect.y0],
    [rect.x1, rect.y0],
    [rect.x1, rect.y1],
    [rect.x0, rect.y1],
  ];
  const mapped = corners.map(map);
  const xs = mapped.map(([x]) => (x / width) * 10_000);
  const ys = mapped.map(([, y]) => (y / height) * 10_000);
  return [limit(Math.min(...xs)), limit(Math.min(...ys)), limit(Math.max(...xs)), limit(Math.max(...ys))];
}
