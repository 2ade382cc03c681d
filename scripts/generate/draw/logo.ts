/** Signs of companies: shapes, initials, and names drawn as strokes, which no text layer knows. */
import type { Colour, Pen } from '../../samples/pen.ts';
import type { Chance } from '../random.ts';

/** Strokes on a grid of 4 by 6; "/" lifts the pen. */
const STROKES: Readonly<Record<string, string>> = {
  A: '06 20 46/14 34',
  B: '00 06 36 45 44 33 03/33 42 41 30 00',
  C: '41 30 10 01 05 16 36 45',
  D: '00 06 26 44 42 20 00',
  E: '40 00 06 46/03 33',
  F: '40 00 06/03 33',
  G: '41 30 10 01 05 16 36 45 43 23',
  H: '00 06/40 46/03 43',
  I: '20 26',
  J: '40 45 36 16 05',
  K: '00 06/40 03 46',
  L: '00 06 46',
  M: '06 00 23 40 46',
  N: '06 00 46 40',
  O: '10 30 41 45 36 16 05 01 10',
  P: '06 00 30 41 42 33 03',
  Q: '10 30 41 45 36 16 05 01 10/24 46',
  R: '06 00 30 41 42 33 03/23 46',
  S: '41 30 10 01 02 13 33 44 45 36 16 05',
  T: '00 40/20 26',
  U: '00 05 16 36 45 40',
  V: '00 26 40',
  W: '00 16 22 36 40',
  X: '00 46/40 06',
  Y: '00 23 40/23 26',
  Z: '00 40 06 46',
  '&': '46 12 11 20 31 04 05 16 26 44',
  '-': '13 33',
  '.': '16 26',
};

const letters = (text: string): string[] =>
  Array.from(
    text
      .normalize('NFKD')
      .replaceAll(/[\u0300-\u036f]/g, '')
      .toUpperCase(),
  );

export const drawnWidth = (text: string, height: number): number => letters(text).length * height * 0.92;

export function drawName(pen: Pen, x: number, y: number, text: string, height: number, colour: Colour): void {
  const unit = height / 6;
  for (const [i, letter] of letters(text).entries()) {
    const origin = x + i * height * 0.92;
    for (const stroke of (STROKES[letter] ?? '').split('/')) {
      const points = stroke
        .split(' ')
        .filter(Boolean)
        .map((p) => [origin + Number(p[0]) * unit, y - height + Number(p[1]) * unit] as const);
      for (const [n, [px, py]] of points.slice(1).entries()) {
        const [fx, fy] = points[n] ?? [px, py];
        pen.line(fx, fy, px, py, { width: height / 6.5, colour });
      }
    }
  }
}

/** A shape in the space of a square; returns its width. */
export function drawShape(pen: Pen, chance: Chance, x: number, y: number, side: number, colour: Colour): number {
  const light: Colour = [colour[0] * 0.5 + 0.5, colour[1] * 0.5 + 0.5, colour[2] * 0.5 + 0.5];
  switch (chance.weighted({ circles: 3, squares: 3, bars: 3, rings: 2, triangle: 2 })) {
    case 'circles':
      pen.circle(x + side / 2, y + side / 2, side / 2, colour);
      pen.circle(x + side * 0.65, y + side * 0.4, side / 4, light);
      break;
    case 'squares':
      pen.rect(x, y, side * 0.62, side * 0.62, { fill: colour });
      pen.rect(x + side * 0.38, y + side * 0.38, side * 0.62, side * 0.62, { fill: light });
      break;
    case 'bars':
      for (const n of [0, 1, 2])
        pen.rect(x + n * side * 0.36, y + side * (0.5 - n * 0.22), side * 0.26, side * (0.5 + n * 0.22), {
          fill: n === 1 ? light : colour,
        });
      break;
    case 'rings':
      pen.circle(x + side / 2, y + side / 2, side / 2, colour);
      pen.circle(x + side / 2, y + side / 2, side / 3, [1, 1, 1]);
      pen.circle(x + side / 2, y + side / 2, side / 6, colour);
      break;
    case 'triangle':
      for (let n = 0; n < 12; n++)
        pen.line(
          x + (side / 24) * n,
          y + side - (side / 12) * n,
          x + side - (side / 24) * n,
          y + side - (side / 12) * n,
          { width: side / 11, colour },
        );
      break;
  }
  return side * 1.15;
}

export function drawMonogram(
  pen: Pen,
  chance: Chance,
  x: number,
  y: number,
  side: number,
  name: string,
  colour: Colour,
): number {
  const initials = name
    .split(/[^\p{L}]+/u)
    .filter(Boolean)
    .slice(0, 2)
    .map((word) => word[0] ?? '')
    .join('')
    .toUpperCase();
  const round = chance.chance(0.5);
  if (round) pen.circle(x + side / 2, y + side / 2, side / 2, colour);
  else pen.rect(x, y, side, side, { fill: colour });
  pen.text(x + side / 2, y + side * 0.67, initials, {
    size: side * 0.48,
    face: 'bold',
    colour: [1, 1, 1],
    align: 'center',
  });
  return side * 1.2;
}
