/** Widths of a plain sans-serif face (Helvetica's metrics, rounded) so that words can be placed without a font: enough that none overlaps. */
const NARROW_TO_WIDE: readonly (readonly [width: number, characters: string])[] = [
  [222, "ijl'|"],
  [278, ' !,./:;I[]\\ftìíîïÌÍÎÏ·'],
  [333, '()-`{}r„“”’‘'],
  [389, '*"'],
  [500, 'ckvxyzJs°'],
  [556, '0123456789abdeghnopquL?_#$€£§<>~ß'],
  [611, 'FTZ+='],
  [667, 'ABEKPSVXY&'],
  [722, 'CDHNRUw'],
  [778, 'GOQ'],
  [833, 'mM'],
  [889, '%'],
  [944, 'W'],
  [1000, '@—…'],
];
const WIDTHS = new Map(
  NARROW_TO_WIDE.flatMap(([width, characters]) => Array.from(characters, (c) => [c, width] as const)),
);

/** Latin letters with marks are as wide as without; marks alone have no width; scripts written in squares take a square. */
function glyphWidth(char: string): number {
  const known = WIDTHS.get(char);
  if (known !== undefined) return known;
  if (/^\p{M}$/u.test(char)) return 0;
  const base = char.normalize('NFD')[0] ?? char;
  const plain = WIDTHS.get(base);
  if (plain !== undefined) return plain;
  return char.codePointAt(0)! >= 0x1100 ? 1000 : 600;
}

/** Width in points of a text set in `size` points. */
export function textWidth(text: string, size: number): number {
  let thousandths = 0;
  for (const char of text) thousandths += glyphWidth(char);
  return (thousandths * size) / 1000;
}

/** As much of the text as fits; at least one character, so that whoever loops comes to an end. */
export function fitting(text: string, size: number, width: number): string {
  let used = 0;
  let end = 0;
  for (const char of text) {
    used += (glyphWidth(char) * size) / 1000;
    if (used > width && end > 0) break;
    end += char.length;
  }
  return text.slice(0, end);
}
