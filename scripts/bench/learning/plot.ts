/** The curve as a picture: share of header fields right by number of corrected invoices seen. Drawn by hand: no library is needed for a few lines. */

export interface Plotted {
  readonly name: string;
  readonly colour: string;
  /** Shares by number of corrections. */
  readonly values: readonly number[];
}

const [WIDTH, HEIGHT] = [640, 360];
const FRAME = { left: 56, right: 150, top: 20, bottom: 48 };

export function plot(title: string, lines: readonly Plotted[], must: number): string {
  const least = Math.floor(Math.min(must - 5, ...lines.flatMap((line) => line.values)) / 5) * 5;
  const most = Math.max(...lines.map((line) => line.values.length - 1));
  const x = (k: number): number => FRAME.left + (k / most) * (WIDTH - FRAME.left - FRAME.right);
  const y = (value: number): number =>
    FRAME.top + ((100 - value) / (100 - least)) * (HEIGHT - FRAME.top - FRAME.bottom);
  const marks = Array.from({ length: (100 - least) / 5 + 1 }, (_, i) => least + i * 5);
  const point = (value: number, k: number): string => `${x(k).toFixed(1)},${y(value).toFixed(1)}`;
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${WIDTH} ${HEIGHT}" font-family="sans-serif" font-size="12" role="img" aria-label="${title}">`,
    `<rect width="${WIDTH}" height="${HEIGHT}" fill="#fff"/>`,
    ...marks.map(
      (mark) =>
        `<path d="M${FRAME.left} ${y(mark).toFixed(1)}H${WIDTH - FRAME.right}" stroke="#ddd"/><text x="${FRAME.left - 8}" y="${(y(mark) + 4).toFixed(1)}" text-anchor="end">${mark} %</text>`,
    ),
    `<path d="M${FRAME.left} ${y(must).toFixed(1)}H${WIDTH - FRAME.right}" stroke="#b00" stroke-dasharray="4 4"/><text x="${WIDTH - FRAME.right + 8}" y="${(y(must) + 4).toFixed(1)}" fill="#b00">must ${must} %</text>`,
    ...Array.from(
      { length: most + 1 },
      (_, k) => `<text x="${x(k).toFixed(1)}" y="${HEIGHT - FRAME.bottom + 18}" text-anchor="middle">${k}</text>`,
    ),
    `<text x="${(WIDTH - FRAME.right + FRAME.left) / 2}" y="${HEIGHT - 10}" text-anchor="middle">corrected invoices of the vendor seen</text>`,
    ...lines.map(
      ({ colour, values }) =>
        `<polyline fill="none" stroke="${colour}" stroke-width="2" points="${values.map(point).join(' ')}"/>${values.map((value, k) => `<circle cx="${x(k).toFixed(1)}" cy="${y(value).toFixed(1)}" r="3" fill="${colour}"/>`).join('')}`,
    ),
    ...lines.map(
      ({ name, colour }, i) =>
        `<text x="${WIDTH - FRAME.right + 8}" y="${HEIGHT - FRAME.bottom - 10 - i * 18}" fill="${colour}">${name}</text>`,
    ),
    '</svg>',
    '',
  ].join('\n');
}
