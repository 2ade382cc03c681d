/** What lies in the dark: places among a page's words where a shadow lets neither paper nor print be seen, and so nothing that may be printed there. */
import type { Rect } from './geometry.ts';
import type { Grey } from './grey.ts';

/** Tiles across the page, and how far apart the pixels of one are that are looked at. */
const ACROSS = 48;
const STEP = 4;
/** How light a tile is says the lightest twentieth of it, of 255: print on paper in a shadow under the first is lost in the grain of any camera. */
const LIGHTEST = 0.05;
const NO_LIGHT = 64;
/** A shadow ends softly, in tiles under this one; a printed bar or a table round a slip ends at paper. */
const DIM = 150;

type Light = 'dark' | 'dim' | 'light';

interface Tiles {
  readonly side: number;
  readonly columns: number;
  readonly rows: number;
  readonly light: readonly Light[];
}

/** 0..1 of the area that the words span; what lies outside of it costs nothing. */
export function darkness(grey: Grey): (words: readonly Rect[]) => number {
  const tiles = tilesOf(grey);
  const shadow = shadowOf(tiles);
  return (words) => (words.length === 0 || shadow.size === 0 ? 0 : shareOf(tiles, shadow, words));
}

function tilesOf(grey: Grey): Tiles {
  const side = Math.max(STEP, Math.ceil(grey.width / ACROSS));
  const columns = Math.ceil(grey.width / side);
  const rows = Math.ceil(grey.height / side);
  const light = Array.from({ length: columns * rows }, (_, i) =>
    lightOf(grey, (i % columns) * side, Math.floor(i / columns) * side, side),
  );
  return { side, columns, rows, light };
}

function lightOf({ data, width, height }: Grey, left: number, top: number, side: number): Light {
  let [all, seen, bright] = [0, 0, 0];
  for (let y = top; y < Math.min(height, top + side); y += STEP)
    for (let x = left; x < Math.min(width, left + side); x += STEP) {
      const pixel = data[y * width + x] ?? 0;
      all += 1;
      if (pixel >= NO_LIGHT) seen += 1;
      if (pixel >= DIM) bright += 1;
    }
  if (seen < LIGHTEST * all) return 'dark';
  return bright < LIGHTEST * all ? 'dim' : 'light';
}

/** Dark tiles that hang together and end softly. */
function shadowOf(tiles: Tiles): ReadonlySet<number> {
  const shadow = new Set<number>();
  const looked = new Set<number>();
  for (const [i, light] of tiles.light.entries()) {
    if (light !== 'dark' || looked.has(i)) continue;
    const { area, edge } = regionOf(tiles, i);
    for (const one of area) looked.add(one);
    const soft = [...edge].filter((one) => tiles.light[one] === 'dim').length;
    if (soft > edge.size / 2) for (const one of area) shadow.add(one);
  }
  return shadow;
}

function regionOf({ columns, rows, light }: Tiles, from: number): { area: Set<number>; edge: Set<number> } {
  const area = new Set([from]);
  const edge = new Set<number>();
  for (const tile of area) {
    const [x, y] = [tile % columns, Math.floor(tile / columns)];
    const beside = [
      x > 0 ? tile - 1 : -1,
      x < columns - 1 ? tile + 1 : -1,
      y > 0 ? tile - columns : -1,
      y < rows - 1 ? tile + columns : -1,
    ];
    for (const next of beside) if (next >= 0) (light[next] === 'dark' ? area : edge).add(next);
  }
  return { area, edge };
}

function shareOf({ side, columns, rows }: Tiles, shadow: ReadonlySet<number>, words: readonly Rect[]): number {
  const tileOf = (pixel: number): number => Math.floor(pixel / side);
  const read = new Set<number>();
  for (const { x0, y0, x1, y1 } of words)
    for (let y = tileOf(y0); y <= tileOf(y1); y += 1)
      for (let x = tileOf(x0); x <= tileOf(x1); x += 1) read.add(y * columns + x);
  const left = tileOf(Math.min(...words.map((word) => word.x0)));
  const right = Math.min(columns - 1, tileOf(Math.max(...words.map((word) => word.x1))));
  const top = tileOf(Math.min(...words.map((word) => word.y0)));
  const bottom = Math.min(rows - 1, tileOf(Math.max(...words.map((word) => word.y1))));
  let lost = 0;
  for (let y = top; y <= bottom; y += 1)
    for (let x = left; x <= right; x += 1) {
      const tile = y * columns + x;
      if (shadow.has(tile) && !read.has(tile)) lost += 1;
    }
  return lost / Math.max(1, (right - left + 1) * (bottom - top + 1));
}
