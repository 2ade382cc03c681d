import { expect, it } from 'vitest';
import { darkness } from './darkness.ts';

const WIDTH = 960;
const HEIGHT = 1_200;
const word = (x0: number, y0: number) => ({ x0, y0, x1: x0 + 100, y1: y0 + 20 });

/** Paper, darker than any light from a column on. */
function page(from: number, to: number) {
  const data = new Uint8Array(WIDTH * HEIGHT).fill(230);
  for (let y = 0; y < HEIGHT; y += 1) data.fill(12, y * WIDTH + from, y * WIDTH + to);
  return { data, width: WIDTH, height: HEIGHT };
}

it('a shadow among the words is the share of them that nobody sees', () => {
  const share = darkness(page(480, WIDTH))([word(0, 0), word(WIDTH - 100, 0), word(0, HEIGHT - 40)]);
  expect(share).toBeGreaterThan(0.45);
  expect(share).toBeLessThan(0.52);
});

it('a dark table round a slip costs nothing, and paper is light', () => {
  expect(darkness(page(480, WIDTH))([word(0, 0), word(300, 1_000)])).toBe(0);
  expect(darkness(page(0, 0))([word(0, 0), word(WIDTH - 100, 1_000)])).toBe(0);
  expect(darkness(page(0, WIDTH))([])).toBe(0);
});

it('where words were read it was not too dark', () => {
  const inside = darkness(page(0, WIDTH))([word(0, 0), word(0, 20), word(100, 0), word(100, 20)]);
  expect(inside).toBe(0);
});
