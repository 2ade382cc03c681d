/** Segments that stand under one another with one edge or centre in common: addresses, letterheads, footers. */
import type { Layout, Rect, Segment } from './model.ts';
import { bounds, centreX, height } from './model.ts';

export interface Block extends Rect {
  readonly page: number;
  readonly segments: readonly Segment[];
}

const alike = (a: Segment, b: Segment): boolean => {
  const h = Math.max(height(a), height(b));
  const ratio = height(a) / Math.max(height(b), 0.1);
  const gap = b.y0 - a.y1;
  if (gap > h * 0.95 || gap < -h * 0.6 || ratio > 2.4 || ratio < 0.42) return false;
  return (
    Math.abs(a.x0 - b.x0) < h * 1.1 || Math.abs(centreX(a) - centreX(b)) < h * 1.2 || Math.abs(a.x1 - b.x1) < h * 0.6
  );
};

/** `keep` leaves out segments that belong to something else: the lines table, a sender line. */
export function buildBlocks(layout: Layout, keep: (segment: Segment) => boolean = () => true): Block[] {
  const blocks: Block[] = [];
  for (const page of layout.pages) {
    const open: Segment[][] = [];
    for (const line of page.lines) {
      for (const segment of line.segments.filter(keep)) {
        const home = open.findLast((group) => {
          const last = group.at(-1) as Segment;
          return last.line !== segment.line && alike(last, segment);
        });
        if (home) home.push(segment);
        else open.push([segment]);
      }
    }
    for (const group of open) blocks.push({ ...bounds(group), page: page.page, segments: group });
  }
  return blocks;
}
