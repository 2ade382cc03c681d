/** A reliability diagram as SVG: confidence to the right, right answers upwards, the size of a point for how many values stand behind it. */
import type { Reliability } from './reliability.ts';

export interface Series {
  readonly name: string;
  readonly colour: string;
  readonly reliability: Reliability;
}

const SIDE = 260;
const LEFT = 44;
const TOP = 30;
const WIDTH = LEFT + SIDE + 16;
const HEIGHT = TOP + SIDE + 72;
/** A bin of fewer values says nothing; the table has it. */
const LEAST = 5;
const TICKS = [0, 0.2, 0.4, 0.6, 0.8, 1];

const round = (value: number): number => Math.round(value * 10) / 10;
const x = (value: number): number => round(LEFT + value * SIDE);
const y = (value: number): number => round(TOP + (1 - value) * SIDE);

function frame(title: string): string[] {
  const ticks = TICKS.flatMap((tick) => [
    `<path class="grid" d="M${x(tick)} ${y(0)}V${y(1)}M${x(0)} ${y(tick)}H${x(1)}"/>`,
    `<text x="${x(tick)}" y="${y(0) + 14}" text-anchor="middle">${tick}</text>`,
    `<text x="${x(0) - 6}" y="${y(tick) + 3}" text-anchor="end">${tick}</text>`,
  ]);
  return [
    `<text class="title" x="${LEFT}" y="18">${title}</text>`,
    ...ticks,
    `<path class="exact" d="M${x(0)} ${y(0)}L${x(1)} ${y(1)}"/>`,
    `<text x="${x(0.5)}" y="${y(0) + 30}" text-anchor="middle">confidence</text>`,
    `<text transform="translate(12 ${y(0.5)}) rotate(-90)" text-anchor="middle">share right</text>`,
  ];
}

function series({ name, colour, reliability }: Series, row: number): string[] {
  const { count, error } = reliability;
  const bins = reliability.bins.filter((bin) => bin.count >= LEAST);
  const line = bins.map((bin, i) => `${i === 0 ? 'M' : 'L'}${x(bin.said)} ${y(bin.right)}`).join('');
  const points = bins.map((bin) => {
    const radius = round(1.5 + 8 * Math.sqrt(bin.count / Math.max(count, 1)));
    const title = `${bin.count} values, confidence ${bin.said.toFixed(3)}, right ${bin.right.toFixed(3)}`;
    return `<circle cx="${x(bin.said)}" cy="${y(bin.right)}" r="${radius}" fill="${colour}" fill-opacity="0.75"><title>${title}</title></circle>`;
  });
  const at = y(0) + 46 + row * 15;
  return [
    `<path d="${line}" fill="none" stroke="${colour}" stroke-width="1.2"/>`,
    ...points,
    `<circle cx="${LEFT + 5}" cy="${at - 3}" r="4" fill="${colour}"/>`,
    `<text x="${LEFT + 14}" y="${at}">${name}: ${count} values, error ${(100 * error).toFixed(1)} %</text>`,
  ];
}

export function diagram(title: string, list: readonly Series[]): string {
  const style =
    'text{font:11px sans-serif;fill:#333}.title{font-weight:bold;font-size:12px}.grid{stroke:#e3e3e3}.exact{stroke:#999;stroke-dasharray:4 3}';
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" width="${WIDTH}" height="${HEIGHT}" viewBox="0 0 ${WIDTH} ${HEIGHT}" role="img" aria-label="${title}">`,
    `<style>${style}</style>`,
    `<rect width="${WIDTH}" height="${HEIGHT}" fill="#fff"/>`,
    ...frame(title),
    ...list.flatMap(series),
    '</svg>',
    '',
  ].join('\n');
}
