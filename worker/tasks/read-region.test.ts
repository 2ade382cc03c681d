import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Box } from '../../core/contract/reading.ts';
import { textOf } from '../../core/region/words.ts';
import { bitmapOf, createFolder, letterPdf, pngOf, turned, type Folder } from '../testing.ts';
import { readRegion } from './read-region.ts';

let folder: Folder;
beforeAll(async () => {
  folder = await createFolder();
});
afterAll(() => folder.remove());

const page = { page: 1, turned: 0, skew: 0, languages: ['eng'] };

async function seen(input: Parameters<typeof readRegion>[0]) {
  const outcome = await readRegion(input);
  if (outcome.kind !== 'region') throw new Error(outcome.detail);
  return outcome;
}

/** The total of the letter: "Total amount due 2183.06", 14 points high, its baseline 384 points above the foot of an A4 page. */
const TOTAL: Box = [1_450, 5_250, 5_000, 5_490];

describe('readRegion', () => {
  it('reads what is in the area, and nothing beside it', async () => {
    const path = await folder.write('a.pdf', await letterPdf());
    const { words, confidence } = await seen({ ...page, path, type: 'pdf', box: TOTAL });
    expect(textOf(words)).toBe('Total amount due 2183.06');
    expect(confidence).toBeGreaterThan(0.8);
    for (const { box } of words)
      expect(
        box[0] >= TOTAL[0] - 60 && box[1] >= TOTAL[1] - 60 && box[2] <= TOTAL[2] + 60 && box[3] <= TOTAL[3] + 60,
      ).toBe(true);
  });

  it('reads several lines as several', async () => {
    const path = await folder.write('b.pdf', await letterPdf());
    const { words } = await seen({ ...page, path, type: 'pdf', box: [1_450, 4_700, 6_000, 5_490] });
    expect(textOf(words).split('\n')).toEqual(['Value added tax 348.56', 'Total amount due 2183.06']);
  });

  it('turns and levels as the page was read', async () => {
    const upright = await bitmapOf(await letterPdf(), 200);
    const aside = await folder.write('c.png', await pngOf(await turned(upright, 270)));
    // Turned anticlockwise, the place of the total lies on its side.
    const [x0, y0, x1, y1] = TOTAL;
    const box: Box = [y0, 10_000 - x1, y1, 10_000 - x0];
    const lying = await seen({ ...page, path: aside, type: 'image', turned: 90, box });
    expect(textOf(lying.words.toSorted((a, b) => b.box[1] - a.box[1])).replaceAll('\n', ' ')).toContain('2183.06');
    const skewed = await folder.write('d.png', await pngOf(await turned(upright, 3)));
    const whole = await seen({ ...page, path: skewed, type: 'image', skew: 3, box: [1_200, 4_600, 6_500, 6_200] });
    expect(textOf(whole.words)).toContain('2183.06');
  });

  it('finds nothing on empty paper, and only makes ready where no area is named', async () => {
    const path = await folder.write('e.pdf', await letterPdf());
    expect(await seen({ ...page, path, type: 'pdf', box: [7_000, 8_000, 9_000, 8_400] })).toMatchObject({
      words: [],
      confidence: 0,
    });
    expect(await seen({ ...page, path, type: 'pdf' })).toMatchObject({ words: [] });
  });

  it('says what has no page', async () => {
    const path = join(folder.path, 'e.pdf');
    expect(await readRegion({ ...page, path, type: 'xml', box: TOTAL })).toMatchObject({
      kind: 'unreadable',
      reason: 'no-pages',
    });
  });
});
