import { expect, test } from 'vitest';
import type { Box, PageReading } from '../../contract/reading.ts';
import { sheet } from '../testing.ts';
import { buildLayout } from './lines.ts';

const TEXT = `
Alpha beta gamma          12,00
Delta epsilon             13,00
`;

const texts = (page: PageReading) => buildLayout([page]).lines.map((l) => l.text);

/** The displayed page as a camera held sideways would have it: the reader turned it clockwise by `turned` to read it. */
function turnedBack(page: PageReading, turned: number): PageReading {
  const back = ([x0, y0, x1, y1]: Box): Box => {
    if (turned === 90) return [y0, 10_000 - x1, y1, 10_000 - x0];
    if (turned === 180) return [10_000 - x1, 10_000 - y1, 10_000 - x0, 10_000 - y0];
    return [10_000 - y1, x0, 10_000 - y0, x1];
  };
  const sideways = turned !== 180;
  return {
    ...page,
    turned,
    width: sideways ? page.height : page.width,
    height: sideways ? page.width : page.height,
    words: page.words.map((w) => ({ ...w, box: back(w.box) })),
  };
}

test.each([90, 180, 270])('a page turned by %i degrees reads as upright', (turned) => {
  const page = sheet(TEXT);
  expect(texts(turnedBack(page, turned))).toEqual(texts(page));
});

test('lines of a skewed page stay lines', () => {
  const page = sheet(TEXT, { rows: 100 });
  const angle = (3 * Math.PI) / 180;
  const skewed: PageReading = {
    ...page,
    skew: 3,
    words: page.words.map((word) => {
      const [x, y] = [((word.box[0] + word.box[2]) / 20_000) * 595, ((word.box[1] + word.box[3]) / 20_000) * 842];
      const [dx, dy] = [x - 297.5, y - 421];
      const move = [
        ((dx * Math.cos(angle) - dy * Math.sin(angle) - dx) / 595) * 10_000,
        ((dx * Math.sin(angle) + dy * Math.cos(angle) - dy) / 842) * 10_000,
      ] as const;
      const [x0, y0, x1, y1] = word.box;
      return { ...word, box: [x0 + move[0], y0 + move[1], x1 + move[0], y1 + move[1]].map(Math.round) as Box };
    }),
  };
  expect(texts(skewed)).toEqual(texts(page));
});
