/** Places described by the words round them, and how alike two places are. */
import type { Context } from '../extract/candidates/context.ts';
import { lineOf, pageOf } from '../extract/candidates/context.ts';
import type { Line, Page, Rect, Token } from '../extract/layout/model.ts';
import { bounds, centreY } from '../extract/layout/model.ts';
import { editDistance } from '../extract/layout/text.ts';
import type { Spot } from './lesson.ts';

const WORDS_BESIDE = 5;
const WORDS_ABOVE = 4;
/** Further up or down is another matter. */
const REACH = 130;

/** A word as it may be met again: without its digits. */
export const masked = (token: Token): string => (/\d/.test(token.text) ? '#' : token.key);

const words = (tokens: readonly Token[], most: number): string[] =>
  tokens
    .map(masked)
    .filter((key) => key !== '')
    .slice(0, most);

/** The nearest line above or below that has words over or under these. */
function neighbours(page: Page, own: Line, rect: Rect, step: -1 | 1): { words: string[]; gap: number } {
  const at = page.lines.indexOf(own);
  for (let i = at + step; i >= 0 && i < page.lines.length; i += step) {
    const line = page.lines[i];
    if (line === undefined) break;
    const gap = step < 0 ? rect.y0 - line.y1 : line.y0 - rect.y1;
    if (gap > REACH) break;
    const over = line.tokens.filter((t) => t.x1 > rect.x0 - 12 && t.x0 < rect.x1 + 12);
    const found = words(over, WORDS_ABOVE);
    if (found.length > 0) return { words: found, gap: Math.round(Math.max(0, gap)) };
  }
  return { words: [], gap: REACH };
}

/** `affix`: characters of the first and last word that are not the value's. */
export function spotOf(context: Context, tokens: readonly Token[]): Spot {
  const first = tokens[0] as Token;
  const rect = bounds(tokens);
  const page = pageOf(context, first.page);
  const line = lineOf(context, first);
  const own = new Set(tokens.map((t) => t.index));
  const others = line.tokens.filter((t) => !own.has(t.index));
  const above = neighbours(page, line, rect, -1);
  const lastPage = context.layout.pages.at(-1)?.page ?? first.page;
  return {
    page: first.page,
    pagesAfter: lastPage - first.page,
    x0: Math.round(rect.x0),
    x1: Math.round(rect.x1),
    y: Math.round(centreY(rect)),
    bottom: Math.round(page.height - centreY(rect)),
    left: words(others.filter((t) => t.x0 < rect.x0).toReversed(), WORDS_BESIDE),
    right: words(
      others.filter((t) => t.x0 > rect.x0),
      2,
    ),
    above: above.words,
    aboveGap: above.gap,
    below: neighbours(page, line, rect, 1).words,
    words: tokens.length,
  };
}

/** Equal, or one or two letters misread. */
export function sameWord(a: string, b: string): boolean {
  if (a === b) return true;
  if (a === '#' || b === '#' || Math.min(a.length, b.length) < 4) return false;
  const limit = a.length >= 9 ? 2 : 1;
  return editDistance(a, b, limit) <= limit;
}

const NEAR_FIRST = [1, 0.75, 0.5, 0.35, 0.25];

/** Share of the learnt words that stand there again, the nearer ones counting more. */
function phrase(learnt: readonly string[], seen: readonly string[]): number {
  let all = 0;
  let same = 0;
  for (const [i, word] of learnt.entries()) {
    const weight = (NEAR_FIRST[i] ?? 0.2) * (word === '#' ? 0.4 : 1);
    all += weight;
    const there = seen[i];
    if (there !== undefined && sameWord(word, there)) same += weight;
    else if (word !== '#' && seen.some((other, j) => Math.abs(i - j) <= 1 && sameWord(word, other)))
      same += weight * 0.6;
  }
  return all === 0 ? 0 : same / all;
}

const hasWord = (list: readonly string[]): boolean => list.some((word) => word.length >= 2 && word !== '#');
/** 1 up to `full`, then falling to 0 at `none`. */
const nearness = (distance: number, full: number, none: number): number =>
  Math.min(1, Math.max(0, (none - Math.abs(distance)) / (none - full)));

/** How the page lies against the one a lesson was learnt from. */
export interface Shift {
  readonly dx: number;
  readonly dy: number;
  /** Size of the print here against there. */
  readonly scale: number;
}

function heightAgrees(learnt: Spot, seen: Spot, { dy, scale }: Shift): number {
  const fromTop = learnt.page === seen.page ? nearness((seen.y - dy) / scale - learnt.y, 7, 45) : 0;
  const fromBottom =
    learnt.pagesAfter === seen.pagesAfter ? nearness((seen.bottom + dy) / scale - learnt.bottom, 7, 45) : 0;
  return Math.max(fromTop, fromBottom);
}

/** 0..1: whether the value at `seen` stands where the one at `learnt` stood. */
export function alike(learnt: Spot, seen: Spot, shift: Shift): number {
  const parts: [weight: number, share: number][] = [];
  if (hasWord(learnt.left)) parts.push([0.42, phrase(learnt.left, seen.left)]);
  else parts.push([0.12, learnt.left.length === 0 ? (seen.left.length === 0 ? 1 : 0) : phrase(learnt.left, seen.left)]);
  if (hasWord(learnt.above)) parts.push([learnt.aboveGap < 40 ? 0.26 : 0.14, phrase(learnt.above, seen.above)]);
  if (hasWord(learnt.below)) parts.push([0.08, phrase(learnt.below, seen.below)]);
  if (hasWord(learnt.right)) parts.push([0.08, phrase(learnt.right, seen.right)]);
  const across = (x: number): number => (x - shift.dx) / shift.scale;
  const edges = Math.min(Math.abs(across(seen.x0) - learnt.x0), Math.abs(across(seen.x1) - learnt.x1));
  parts.push([0.22, nearness(edges, 7, 40)]);
  parts.push([0.2, heightAgrees(learnt, seen, shift)]);
  const all = parts.reduce((sum, [weight]) => sum + weight, 0);
  return parts.reduce((sum, [weight, share]) => sum + weight * share, 0) / all;
}
