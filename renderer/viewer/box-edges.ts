/** The edges of a box under the pointer, and the box after they were dragged. */
import type { Box } from '../../core/contract/reading.ts';
import { FULL } from './geometry.ts';
import type { Point } from './geometry.ts';

export interface Edges {
  readonly x: 0 | 2 | null;
  readonly y: 1 | 3 | null;
}

/** Further inside it is the value that is meant, not the edge of its box. */
const INWARD = 0.2;

const near = (at: number, low: number, high: number, far: number): 'low' | 'high' | 'off' | null => {
  if (at < low - far || at > high + far) return 'off';
  const inward = Math.min(far, (high - low) * INWARD);
  if (at <= low + inward) return 'low';
  return at >= high - inward ? 'high' : null;
};

/** `slack`: how near is near, in units of the page, each way. */
export function edgesAt(box: Box, point: Point, slack: Point): Edges | undefined {
  const [x0, y0, x1, y1] = box;
  const across = near(point.x, x0, x1, slack.x);
  const down = near(point.y, y0, y1, slack.y);
  if (across === 'off' || down === 'off' || (across === null && down === null)) return undefined;
  return {
    x: across === null ? null : across === 'low' ? 0 : 2,
    y: down === null ? null : down === 'low' ? 1 : 3,
  };
}

const SMALLEST = 40;
const within = (low: number, high: number, at: number): number => Math.round(Math.max(low, Math.min(high, at)));

export function withEdges(box: Box, { x, y }: Edges, point: Point): Box {
  const next: Box = [...box];
  if (x === 0) next[0] = within(0, box[2] - SMALLEST, point.x);
  if (x === 2) next[2] = within(box[0] + SMALLEST, FULL, point.x);
  if (y === 1) next[1] = within(0, box[3] - SMALLEST, point.y);
  if (y === 3) next[3] = within(box[1] + SMALLEST, FULL, point.y);
  return next;
}

/** The shape of the pointer over it, on a page that may lie on its side. */
export function edgeCursor({ x, y }: Edges, sideways: boolean): string {
  if (x !== null && y !== null) return ((x === 0) === (y === 1)) !== sideways ? 'nwse-resize' : 'nesw-resize';
  return (x !== null) === sideways ? 'ns-resize' : 'ew-resize';
}
