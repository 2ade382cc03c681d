/** Where a label's value stands: to its right on the line, or below it. */
import type { Label } from '../labels/find.ts';
import type { LabelKind } from '../labels/kinds.ts';
import type { Token } from '../layout/model.ts';
import { height, overlapX } from '../layout/model.ts';
import type { Context } from './context.ts';
import { pageOf } from './context.ts';

export interface Place {
  readonly tokens: readonly Token[];
  readonly where: 'right' | 'below';
  /** 0..1: how surely the value belongs to the label. */
  readonly closeness: number;
  /** Value in the label's own segment. */
  readonly sameSegment: boolean;
}

const COLUMN_OR_TITLE = /^(col|title)/;
/** Words too common to end the run to the right of another label ("Invoice date: 3 March, Net 30"). */
const isStrong = (label: Label): boolean =>
  [...label.kinds].some((kind: LabelKind) => !COLUMN_OR_TITLE.test(kind)) && (label.closed || label.key.length > 3);

function placeRight(context: Context, label: Label): Place | undefined {
  const line = context.layout.lines[label.line];
  if (!line) return undefined;
  const last = label.tokens.at(-1) as Token;
  const run: Token[] = [];
  for (const token of line.tokens) {
    if (token.x0 < last.x1 - 1 || label.tokens.includes(token)) continue;
    const other = context.labelAt.get(token.index);
    if (other && other !== label && isStrong(other)) break;
    if (run.length === 0 && /^[:#.\-–=>|]+$/.test(token.text)) continue;
    run.push(token);
    if (run.length > 12) break;
  }
  const first = run[0];
  if (!first) return undefined;
  const gap = (first.x0 - last.x1) / Math.max(height(label), 1);
  const sameSegment = label.segment.tokens.includes(first);
  return { tokens: run, where: 'right', closeness: sameSegment ? 1 : Math.max(0.45, 0.98 - gap * 0.012), sameSegment };
}

function placesBelow(context: Context, label: Label): Place[] {
  const page = pageOf(context, label.page);
  const h = Math.max(height(label), page.wordHeight * 0.8);
  const places: Place[] = [];
  for (const line of page.lines) {
    if (line.index === label.line || line.y0 < label.y1 - h * 0.35) continue;
    if (line.y0 > label.y1 + h * 3.2) break;
    for (const segment of line.segments) {
      const near = overlapX(segment, label) > 0 || Math.abs(segment.x0 - label.x0) < h * 1.5;
      if (!near) continue;
      const inner = segment.tokens.filter(
        (t) => t.x1 > label.x0 - h * 6 && t.x0 < Math.max(label.x1, label.segment.x1) + h * 8,
      );
      if (inner.length === 0) continue;
      const aligned =
        Math.abs(segment.x0 - label.segment.x0) < h ||
        Math.abs(segment.x1 - label.segment.x1) < h ||
        Math.abs((segment.x0 + segment.x1) / 2 - (label.segment.x0 + label.segment.x1) / 2) < h;
      const distance = (line.y0 - label.y1) / h;
      places.push({
        tokens: inner,
        where: 'below',
        closeness: Math.max(0.3, (aligned ? 0.92 : 0.72) - Math.max(0, distance) * 0.09),
        sameSegment: false,
      });
    }
  }
  return places.slice(0, 3);
}

/** Right first, then below; what stands below counts more where the right is empty or is a label of its own. */
export function placesOf(context: Context, label: Label): Place[] {
  const right = placeRight(context, label);
  const below = placesBelow(context, label);
  const free = below.filter((place) => {
    const first = place.tokens[0] as Token;
    const other = context.labelAt.get(first.index);
    return !other || !isStrong(other);
  });
  return right ? [right, ...free.map((p) => ({ ...p, closeness: p.closeness * 0.85 }))] : free;
}
