import sharp from 'sharp';
import { expect, test } from 'vitest';
import { drawDocument, planDocument } from './generate.ts';
import type { FieldBox, Spec } from './model.ts';
import type { Noise } from './noise.ts';

const calm: Partial<Noise> = {
  dpi: 150,
  pale: 0,
  shade: 0,
  speckle: 0,
  bleed: 0,
  folds: 0,
  creases: 0,
  holes: false,
  staple: false,
  marks: [],
  edge: 'white',
  table: 'cloth', // lighter than the ink
  shadow: 0,
  format: 'jpg',
  fade: 0,
};

function withNoise(kind: 'scan' | 'photo', noise: Partial<Noise>): Spec {
  const spec = planDocument(5, 2, { kinds: { [kind]: 1 }, family: 'letter', language: 'de' });
  if (spec.noise === undefined) throw new Error('a picture has noise');
  return {
    ...spec,
    lines: spec.lines.slice(0, 2),
    style: { ...spec.style, head: 'left', tableHead: 'line', rules: 'none', zebra: false },
    noise: { ...spec.noise, ...calm, ...noise },
  };
}

/** How much denser the ink is inside the boxes than on the whole page. */
async function concentration(bytes: Uint8Array, boxes: readonly FieldBox[]): Promise<{ dense: number; empty: number }> {
  const { data, info } = await sharp(bytes).greyscale().raw().toBuffer({ resolveWithObject: true });
  const dark = (x: number, y: number): number => ((data[(y * info.width + x) * info.channels] ?? 255) < 165 ? 1 : 0);
  let [ink, area, empty] = [0, 0, 0];
  for (const { box } of boxes) {
    const [x0, y0, x1, y1] = [
      (box[0] * info.width) / 1e4,
      (box[1] * info.height) / 1e4,
      (box[2] * info.width) / 1e4,
      (box[3] * info.height) / 1e4,
    ].map(Math.round) as [number, number, number, number];
    let own = 0;
    for (let y = y0; y < y1; y++) for (let x = x0; x < x1; x++) own += dark(x, y);
    if (own === 0) empty += 1;
    ink += own;
    area += (x1 - x0) * (y1 - y0);
  }
  let all = 0;
  for (let y = 0; y < info.height; y++) for (let x = 0; x < info.width; x++) all += dark(x, y);
  return { dense: ink / area / (all / (info.width * info.height)), empty };
}

test.each([
  ['scan', { skew: 0, turn: 0 }],
  ['scan', { skew: 3, turn: 90 }],
  ['scan', { skew: -2.5, turn: 270 }],
  ['scan', { skew: 1, turn: 180 }],
  ['photo', { skew: 2, turn: 0, perspective: 0.06 }],
  ['photo', { skew: -3, turn: 90, perspective: 0.06 }],
] as const)('the boxes of a %s stand on the ink: %j', async (kind, noise) => {
  const { bytes, boxes } = await drawDocument(withNoise(kind, noise));
  const { dense, empty } = await concentration(bytes, boxes);
  expect(empty).toBe(0);
  expect(dense).toBeGreaterThan(3);
});
