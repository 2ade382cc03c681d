/** What lies in the dark: places among a page's words where neither paper nor light letters can be seen, and so nothing that may be printed there. */
import type { Rect } from './geometry.ts';
import type { Grey } from './grey.ts';

/** Tiles across the page, and how far apart the pixels of one are that are looked at. */
const ACROSS = 48;
const STEP = 4;
/** The lightest twentieth of a tile without light is darker than this, of 255: print on paper in such a shadow is lost in the grain of any camera. */
const NO_LIGHT = 64;
const LIGHTEST = 0.05;

/** 0..1 of the area that the words span; a dark table round a photographed slip lies outside of it. */
export function darkness(grey: Grey): (words: readonly Rect[]) => number {
  const side = Math.max(STEP, Math.ceil(grey.width / ACROSS));
  const columns = Math.ceil(grey.width / side);
  const rows = Math.ceil(grey.height / side);
  const dark = Array.from({ length: columns * rows }, (_, i) =>
    isDark(grey, (i % columns) * side, Math.floor(i / columns) * side, side),
  );
  return (words) => {
    if (words.length === 0 || !dark.includes(true)) return 0;
    const read = new Set<number>();
    for (const word of words)
      for (let y = Math.floor(word.y0 / side); y <= Math.floor(word.y1 / side); y += 1)
        for (let x = Math.floor(word.x0 / side); x <= Math.floor(word.x1 / side); x += 1) read.add(y * columns + x);
    const x0 = Math.floor(Math.min(...words.map((word) => word.x0)) / side);
    const x1 = Math.floor(Math.max(...words.map((word) => word.x1)) / side);
    const y0 = Math.floor(Math.min(...words.map((word) => word.y0)) / side);
    const y1 = Math.floor(Math.max(...words.map((word) => word.y1)) / side);
    let all = 0;
    let lost = 0;
    for (let y = y0; y <= Math.min(y1, rows - 1); y += 1)
      for (let x = x0; x <= Math.min(x1, columns - 1); x += 1) {
        all += 1;
        if (dark[y * columns + x] === true && !read.has(y * columns + x)) lost += 1;
      }
    return lost / Math.max(1, all);
  };
}

function isDark({ data, width, height }: Grey, left: number, top: number, side: number): boolean {
  let all = 0;
  let light = 0;
  for (let y = top; y < Math.min(height, top + side); y += STEP)
    for (let x = left; x < Math.min(width, left + side); x += STEP) {
      all += 1;
      if ((data[y * width + x] ?? 0) >= NO_LIGHT) light += 1;
    }
  return light < LIGHTEST * all;
}
