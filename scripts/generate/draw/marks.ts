/** Rubber stamps and pen strokes on paper, set before it is scanned. */
import type { Colour, Pen } from '../../samples/pen.ts';
import { dateText } from '../format.ts';
import type { Language, Spec } from '../model.ts';
import { type Chance, stream } from '../random.ts';
import type { Sheet } from './sheet.ts';

const PAID: Readonly<Record<Language, readonly string[]>> = {
  en: ['PAID', 'COPY', 'APPROVED'],
  de: ['BEZAHLT', 'KOPIE', 'GEBUCHT'],
  fr: ['PAYÉ', 'DUPLICATA', 'BON À PAYER'],
  es: ['PAGADO', 'COPIA'],
  it: ['PAGATO', 'COPIA'],
  nl: ['BETAALD', 'KOPIE'],
  pt: ['PAGO', 'DUPLICADO'],
};
const RECEIVED: Readonly<Record<Language, string>> = {
  en: 'RECEIVED',
  de: 'EINGEGANGEN',
  fr: 'REÇU LE',
  es: 'RECIBIDO',
  it: 'RICEVUTO',
  nl: 'ONTVANGEN',
  pt: 'RECEBIDO',
};
const INKS: readonly Colour[] = [
  [0.1, 0.15, 0.55],
  [0.05, 0.05, 0.1],
  [0.15, 0.2, 0.65],
  [0.6, 0.1, 0.1],
];

export function drawMarks(spec: Spec, sheet: Sheet): void {
  const chance = stream('marks', spec.seed, spec.index);
  for (const mark of spec.noise?.marks ?? []) {
    const ink = chance.pick(INKS);
    const { pen } = sheet;
    const [x, y] = [
      chance.between(pen.width * 0.15, pen.width * 0.7),
      chance.between(pen.height * 0.15, pen.height * 0.85),
    ];
    switch (mark) {
      case 'stamp':
        pen.stamp(
          chance.pick(PAID[spec.language]),
          x * 0.8,
          y,
          chance.integer(20, 40),
          chance.pick([
            [0.75, 0.1, 0.1],
            [0.1, 0.2, 0.6],
          ] as const),
        );
        break;
      case 'received':
        received(spec, pen, chance, Math.min(x, pen.width - 120), Math.max(60, y * 0.5), ink);
        break;
      case 'signature':
        scribble(pen, chance, x, y, chance.between(50, 110), ink);
        break;
      case 'tick':
        for (let i = 0; i < chance.integer(1, 4); i++)
          tick(pen, sheet.right - chance.between(-14, 8), pen.height * 0.35 + i * chance.between(14, 30), ink);
        break;
      case 'circle':
        ring(pen, chance, x, y, chance.between(20, 46), ink);
        break;
      case 'strike':
        wave(pen, chance, sheet.left + 20, y, sheet.left + chance.between(60, 200), y + chance.between(-3, 3), ink);
        break;
      case 'account':
        hand(pen, chance, x, y, ink);
        break;
    }
  }
}

function received(spec: Spec, pen: Pen, chance: Chance, x: number, y: number, colour: Colour): void {
  pen.rect(x, y, 104, 36, { stroke: colour, line: 1.4 });
  pen.text(x + 52, y + 14, RECEIVED[spec.language], { size: 10, face: 'bold', colour, align: 'center' });
  pen.text(x + 52, y + 29, dateText(spec, chance.chance(0.5) ? spec.issueDate : (spec.dueDate ?? spec.issueDate)), {
    size: 10,
    colour,
    align: 'center',
  });
}

/** A line that wanders, in short strokes. */
function path(pen: Pen, points: readonly (readonly [number, number])[], colour: Colour, width = 1.1): void {
  for (const [i, [x, y]] of points.slice(1).entries()) {
    const [fx, fy] = points[i] ?? [x, y];
    pen.line(fx, fy, x, y, { width, colour });
  }
}

function scribble(pen: Pen, chance: Chance, x: number, y: number, width: number, colour: Colour): void {
  const [a, b, c] = [chance.between(3, 7), chance.between(9, 16), chance.between(6, 14)];
  const points = Array.from({ length: 90 }, (_, i) => {
    const t = i / 89;
    return [x + t * width + Math.sin(t * b * 3) * 5, y + Math.sin(t * a * 6) * c * (1 - t * 0.6) - t * 6] as const;
  });
  path(pen, points, colour, 1);
}

const tick = (pen: Pen, x: number, y: number, colour: Colour): void =>
  path(
    pen,
    [
      [x, y],
      [x + 3, y + 5],
      [x + 11, y - 8],
    ],
    colour,
    1.3,
  );

function ring(pen: Pen, chance: Chance, x: number, y: number, radius: number, colour: Colour): void {
  const wobble = chance.between(0.85, 1.1);
  path(
    pen,
    Array.from(
      { length: 42 },
      (_, i) =>
        [x + Math.cos(i / 6.2) * radius * (1 + i / 600), y + Math.sin(i / 6.2) * radius * 0.42 * wobble] as const,
    ),
    colour,
  );
}

function wave(pen: Pen, chance: Chance, x0: number, y0: number, x1: number, y1: number, colour: Colour): void {
  const high = chance.between(0, 2);
  path(
    pen,
    Array.from(
      { length: 30 },
      (_, i) => [x0 + ((x1 - x0) * i) / 29, y0 + ((y1 - y0) * i) / 29 + Math.sin(i / 2) * high] as const,
    ),
    colour,
  );
}

/** Account numbers that somebody wrote on the paper: digits of a few strokes. */
function hand(pen: Pen, chance: Chance, x: number, y: number, colour: Colour): void {
  const shapes: readonly (readonly (readonly [number, number])[])[] = [
    [
      [1, 0],
      [0, 3],
      [1, 6],
      [3, 6],
      [4, 3],
      [3, 0],
      [1, 0],
    ],
    [
      [0.5, 1.5],
      [2, 0],
      [1.8, 6],
    ],
    [
      [0, 1],
      [2, 0],
      [4, 1.5],
      [0, 6],
      [4, 5.6],
    ],
    [
      [0, 0.5],
      [3, 0.5],
      [1.5, 2.6],
      [4, 4],
      [1, 6],
    ],
    [
      [2, 0],
      [0, 4],
      [4, 3.8],
      [3, 1.5],
      [3, 6.4],
    ],
    [
      [4, 0],
      [1, 0.2],
      [0.6, 2.6],
      [4, 3.6],
      [2, 6],
      [0, 5.5],
    ],
    [
      [3, 0],
      [0.5, 3.6],
      [1.5, 6],
      [4, 4.4],
      [1, 3.8],
    ],
    [
      [0, 0.3],
      [4, 0],
      [1.6, 6.2],
    ],
  ];
  const tilt = chance.between(-0.2, 0.2);
  for (let i = 0; i < chance.integer(4, 6); i++)
    path(
      pen,
      chance.pick(shapes).map(([dx, dy]) => [x + i * 9 + dx * 1.7, y + i * tilt * 4 + dy * 1.9] as const),
      colour,
      1.2,
    );
}
