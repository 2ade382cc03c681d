import { expect, it } from 'vitest';
import { darkness } from './darkness.ts';

const WIDTH = 960;
const HEIGHT = 1_200;
const word = (x0: number, y0: number) => ({ x0, y0, x1: x0 + 100, y1: y0 + 20 });
const CORNERS = [word(0, 0), word(WIDTH - 100, 0), word(0, HEIGHT - 40)];

/** The same light down each column. */
function page(lightAt: (x: number) => number) {
  const row = Uint8Array.from({ length: WIDTH }, (_, x) => lightAt(x));
  const data = new Uint8Array(WIDTH * HEIGHT);
  for (let y = 0; y < HEIGHT; y += 1) data.set(row, y * WIDTH);
  return { data, width: WIDTH, height: HEIGHT };
}

/** Paper to the middle, then darker and darker over a quarter of the page. */
const shadowed = page((x) => Math.max(8, 230 - Math.max(0, x - WIDTH / 2)));

it('a shadow among the words is the share of the page that nobody sees', () => {
  const share = darkness(shadowed)(CORNERS);
  expect(share).toBeGreaterThan(0.25);
  expect(share).toBeLessThan(0.36);
});

it('a printed bar ends at paper: it is no shadow', () => {
  expect(darkness(page((x) => (x > 600 && x < 900 ? 12 : 230)))(CORNERS)).toBe(0);
});

it('what is dark outside of the words costs nothing, and paper is light', () => {
  expect(darkness(shadowed)([word(0, 0), word(300, 1_000)])).toBe(0);
  expect(darkness(page(() => 230))(CORNERS)).toBe(0);
  expect(darkness(shadowed)([])).toBe(0);
});

it('where words were read it was not too dark', () => {
  const tight = { x0: 800, y0: 0, x1: WIDTH - 1, y1: 40 };
  expect(darkness(shadowed)([tight])).toBe(0);
});
