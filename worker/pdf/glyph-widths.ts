/**
 * How wide characters are against each other. pdf.js tells the width of a run, not of its characters: shares by the widths of Helvetica place the
 * words of any proportional sans serif within a hair, and those of a serif close by.
 */

/** Helvetica, thousandths of the size, U+0020 to U+007E (Adobe's metrics of the 14 standard fonts). */
const HELVETICA = [
  278, 278, 355, 556, 556, 889, 667, 191, 333, 333, 389, 584, 278, 333, 278, 278, 556, 556, 556, 556, 556, 556, 556,
  556, 556, 556, 278, 278, 584, 584, 584, 556, 1015, 667, 667, 722, 722, 667, 611, 778, 722, 278, 500, 667, 556, 833,
  722, 778, 667, 778, 722, 667, 611, 722, 667, 944, 667, 667, 611, 278, 278, 278, 469, 556, 333, 556, 556, 500, 556,
  556, 278, 556, 556, 222, 222, 500, 222, 833, 556, 556, 556, 556, 333, 500, 278, 556, 500, 722, 500, 500, 500, 334,
  260, 334, 584,
];
const USUAL = 556;
/** From here on (U+2E80) characters of East Asian scripts are as wide as they are tall. */
const IDEOGRAPHS = 0x2e80;
const FULL = 1_000;

function glyphWidth(character: string): number {
  // An accent takes no room of its own.
  const base = character.normalize('NFD').codePointAt(0) ?? 0;
  if (base >= IDEOGRAPHS) return FULL;
  return HELVETICA[base - 0x20] ?? USUAL;
}

export function textWidth(text: string, mono: boolean): number {
  let sum = 0;
  for (const character of text) sum += mono ? USUAL : glyphWidth(character);
  return sum;
}
