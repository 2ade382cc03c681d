/** Words of an area of a page: which lie in it, in what order they are read, what they say together. */
import type { Box, Word } from '../contract/reading.ts';

const isIn = ([x0, y0, x1, y1]: Box, x: number, y: number): boolean => x >= x0 && x <= x1 && y >= y0 && y <= y1;

/** Words whose middle lies in the rectangle, in reading order. */
export const wordsIn = (words: readonly Word[], area: Box): Word[] =>
  inReadingOrder(words.filter(({ box: b }) => isIn(area, (b[0] + b[2]) / 2, (b[1] + b[3]) / 2)));

/** Lines from the top, words from the left; words share a line where their middles do. */
export function inReadingOrder(words: readonly Word[]): Word[] {
  const lines: Word[][] = [];
  for (const word of words.toSorted((a, b) => a.box[1] + a.box[3] - b.box[1] - b.box[3])) {
    const middle = (word.box[1] + word.box[3]) / 2;
    const line = lines.at(-1);
    if (line && middle < line[0]!.box[3] && middle > line[0]!.box[1]) line.push(word);
    else lines.push([word]);
  }
  return lines.flatMap((line) => line.toSorted((a, b) => a.box[0] - b.box[0]));
}

/** The text of words in reading order, a line a line. */
export function textOf(words: readonly Word[]): string {
  let text = '';
  let last: Word | undefined;
  for (const word of inReadingOrder(words)) {
    if (last) text += (word.box[1] + word.box[3]) / 2 > last.box[3] ? '\n' : ' ';
    text += word.text;
    last = word;
  }
  return text;
}
