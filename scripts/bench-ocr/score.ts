/** How much of a page's true words was read. */
import type { Box, Word } from '../../core/contract/reading.ts';

/** Letters and digits make a word; the punctuation round it is cut off. */
function tokensOf(words: readonly { readonly text: string }[]): string[] {
  return words
    .flatMap(({ text }) => text.normalize('NFKC').split(/\s+/u))
    .map((text) => text.replaceAll(/^[^\p{L}\p{N}]+|[^\p{L}\p{N}]+$/gu, ''))
    .filter((text) => text !== '');
}

/** Share of the true words that were read letter for letter, each counted once (a bag of words: boxes of a photo stand elsewhere). */
export function recallOf(truth: readonly Word[], read: readonly Word[]): number {
  const left = new Map<string, number>();
  for (const token of tokensOf(read)) left.set(token, (left.get(token) ?? 0) + 1);
  const wanted = tokensOf(truth);
  let found = 0;
  for (const token of wanted) {
    const count = left.get(token) ?? 0;
    if (count === 0) continue;
    left.set(token, count - 1);
    found += 1;
  }
  return wanted.length === 0 ? 1 : found / wanted.length;
}

/** Rules of dashes, dots or signs of equality, as matrix printers draw them: the engine takes a rule for a rule. */
const RULE = /^[^\p{L}\p{N}]{3,}$/u;
const isText = ({ text }: Word): boolean => !RULE.test(text);

/**
 * Character errors where the boxes are the truth's own: words that overlap are one piece of text on both sides, so that other word breaks and another order of
 * reading cost nothing. Letters read where the truth has none are pictures of text (logos) and not counted.
 */
export function characterErrors(
  truth: readonly Word[],
  read: readonly Word[],
): { readonly errors: number; readonly characters: number } {
  let errors = 0;
  let characters = 0;
  for (const { a, b } of pieces(truth.filter(isText), read.filter(isText))) {
    const wanted = textOf(a);
    errors += distance(wanted, textOf(b));
    characters += wanted.length;
  }
  return { errors, characters };
}

const textOf = (words: readonly Word[]): string =>
  words
    .toSorted((a, b) => a.box[0] - b.box[0])
    .map(({ text }) => text.normalize('NFKC').replaceAll(/\s/gu, ''))
    .join('');

const shared = (a0: number, a1: number, b0: number, b1: number): number => Math.min(a1, b1) - Math.max(a0, b0);

/** On one line, and at least a third of the narrower within the wider. */
function together(a: Box, b: Box): boolean {
  const tall = Math.min(a[3] - a[1], b[3] - b[1]);
  const wide = Math.min(a[2] - a[0], b[2] - b[0]);
  return shared(a[1], a[3], b[1], b[3]) > 0.5 * tall && shared(a[0], a[2], b[0], b[2]) > 0.34 * wide;
}

function pieces(truth: readonly Word[], read: readonly Word[]): { a: Word[]; b: Word[] }[] {
  const parent = [...truth, ...read].map((_, i) => i);
  const root = (i: number): number => {
    let at = i;
    while (parent[at] !== at) at = parent[at] ?? at;
    return at;
  };
  for (const [i, wanted] of truth.entries())
    for (const [j, word] of read.entries())
      if (together(wanted.box, word.box)) parent[root(truth.length + j)] = root(i);
  const groups = new Map<number, { a: Word[]; b: Word[] }>();
  const groupOf = (i: number): { a: Word[]; b: Word[] } => {
    const group = groups.get(root(i)) ?? { a: [], b: [] };
    groups.set(root(i), group);
    return group;
  };
  for (const [i, word] of truth.entries()) groupOf(i).a.push(word);
  for (const [j, word] of read.entries()) groupOf(truth.length + j).b.push(word);
  return [...groups.values()].filter(({ a }) => a.length > 0);
}

/** Levenshtein. */
export function distance(a: string, b: string): number {
  let row = Array.from({ length: b.length + 1 }, (_, j) => j);
  for (let i = 1; i <= a.length; i += 1) {
    const next = [i];
    for (let j = 1; j <= b.length; j += 1) {
      const swap = (row[j - 1] ?? 0) + (a[i - 1] === b[j - 1] ? 0 : 1);
      next.push(Math.min(swap, (row[j] ?? 0) + 1, (next[j - 1] ?? 0) + 1));
    }
    row = next;
  }
  return row[b.length] ?? 0;
}

/** Pearson's. */
export function correlation(pairs: readonly (readonly [number, number])[]): number {
  const mean = (at: 0 | 1): number => pairs.reduce((sum, pair) => sum + pair[at], 0) / pairs.length;
  const [mx, my] = [mean(0), mean(1)];
  let [xy, xx, yy] = [0, 0, 0];
  for (const [x, y] of pairs) {
    xy += (x - mx) * (y - my);
    xx += (x - mx) ** 2;
    yy += (y - my) ** 2;
  }
  return xx === 0 || yy === 0 ? 0 : xy / Math.sqrt(xx * yy);
}

export const quantile = (values: readonly number[], share: number): number =>
  values.toSorted((a, b) => a - b)[Math.min(values.length - 1, Math.ceil(values.length * share) - 1)] ?? Number.NaN;
export const median = (values: readonly number[]): number => quantile(values, 0.5);
