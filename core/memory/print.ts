/** The fixed print of a vendor's pages: the words that stand on each of them, and how a page lies against that of a lesson. */
import type { Context } from '../extract/candidates/context.ts';
import type { Token } from '../extract/layout/model.ts';
import { centreY, median } from '../extract/layout/model.ts';
import { groupBy } from './group.ts';
import type { Lesson } from './lesson.ts';
import { sameWord, type Shift } from './spots.ts';

const MOST_WORDS = 140;

const isWord = (token: Token): boolean => token.key.length >= 3 && !/\d/.test(token.text);

/** Words of the first page outside the lines table; those of headings and footers come first where there are too many. */
export function printOf(context: Context): Lesson['print'] {
  const page = context.layout.pages[0];
  if (page === undefined) return [];
  const edge = (t: Token): number => Math.min(t.y0, Math.max(0, page.height - t.y1));
  return page.lines
    .filter((line) => !context.tableLines.has(line.index))
    .flatMap((line) => line.tokens)
    .filter(isWord)
    .toSorted((a, b) => edge(a) - edge(b))
    .slice(0, MOST_WORDS)
    .map((t) => [t.key, Math.round(t.x0), Math.round(centreY(t))]);
}

export interface Fit {
  /** 0..1: share of the learnt words that stand there again. */
  readonly share: number;
  readonly shift: Shift;
}

const SIDEWAYS = 60;
const SAME_COLUMN = 14;
const SAME_HEIGHT = 14;

type Word = Lesson['print'][number];

/** How well the page carries the learnt print; tables of other lengths push words down, hardly ever sideways. */
export function fitOf(context: Context, lesson: Lesson): Fit {
  const page = context.layout.pages[0];
  const seen = (page?.lines ?? []).flatMap((line) => line.tokens).filter(isWord);
  const byKey = groupBy(seen, (t) => t.key);
  const byStart = groupBy(seen, (t) => t.key.slice(0, 2));
  const like = (key: string): readonly Token[] =>
    byKey.get(key) ?? (byStart.get(key.slice(0, 2)) ?? []).filter((t) => sameWord(t.key, key));
  const pairs = lesson.print.map((word) => ({ word, tokens: like(word[0]) }));
  const scale = scaleOf(
    pairs.flatMap(({ word, tokens: [token, ...more] }) =>
      token === undefined || more.length > 0 ? [] : [[word, token] as const],
    ),
  );
  const votes = pairs.flatMap(({ word, tokens }) =>
    tokens.map((t) => ({ dx: t.x0 - scale * word[1], dy: centreY(t) - scale * word[2] })),
  );
  const near = votes.filter((v) => scale !== 1 || (Math.abs(v.dx) < SIDEWAYS && Math.abs(v.dy) < SIDEWAYS));
  const shift = { dx: median(near.map((v) => v.dx)), dy: median(near.map((v) => v.dy)), scale };
  const shares = pairs.map(({ word, tokens }) => Math.max(0, ...tokens.map((t) => agreement(word, t, shift))));
  return { share: shares.reduce((sum, s) => sum + s, 0) / Math.max(1, shares.length), shift };
}

const FAR = 250;
const FEW = 6;

/** A photo or a cropped slip shows the print larger or smaller: by the distances across the page, which no table changes. */
function scaleOf(pairs: readonly (readonly [Word, Token])[]): number {
  const ratios = pairs.flatMap(([word, token], i) =>
    pairs.slice(i + 1).flatMap(([other, seen]) => {
      const distance = other[1] - word[1];
      return Math.abs(distance) < FAR ? [] : (seen.x0 - token.x0) / distance;
    }),
  );
  const scale = median(ratios, 1);
  return ratios.length < FEW || scale < 0.6 || scale > 1.7 || Math.abs(scale - 1) < 0.02 ? 1 : scale;
}

function agreement(word: Word, token: Token, { dx, dy, scale }: Shift): number {
  if (Math.abs(token.x0 - dx - scale * word[1]) > SAME_COLUMN) return 0;
  return Math.abs(centreY(token) - dy - scale * word[2]) <= SAME_HEIGHT ? 1 : 0.5;
}
