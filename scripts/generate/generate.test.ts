import { describe, expect, test } from 'vitest';
import { add, round, subtract } from '../../core/invoice/decimal.ts';
import { readPdfPage } from './testing.ts';
import { drawDocument, planDocument, planSeries } from './generate.ts';
import { WORDS } from './house.ts';
import type { Family, Language, Spec } from './model.ts';
import { listOf } from './words/words.ts';

const LANGUAGES = ['en', 'de', 'fr', 'es', 'it', 'nl', 'pt'] as const satisfies readonly Language[];
const FAMILIES = [
  'letter',
  'boxed',
  'statement',
  'receipt',
  'utility',
  'hotel',
  'freight',
  'telecom',
] as const satisfies readonly Family[];
const digital = { digital: 1 } as const;

test('the same seed gives the same bytes, another index another document', async () => {
  const [once, again, other] = [
    await drawDocument(planDocument(7, 3, { kinds: digital })),
    await drawDocument(planDocument(7, 3, { kinds: digital })),
    await drawDocument(planDocument(7, 4, { kinds: digital })),
  ];
  expect(Buffer.from(again.bytes).equals(Buffer.from(once.bytes))).toBe(true);
  expect(again.truth).toEqual(once.truth);
  expect(other.truth['invoiceNumber']).not.toBe(once.truth['invoiceNumber']);
});

test('a scan is the same each time, and its boxes move with the paper', async () => {
  const spec = planDocument(7, 5, { kinds: { 'scan-pdf': 1 }, family: 'letter' });
  const [once, again] = [await drawDocument(spec), await drawDocument(spec)];
  expect(Buffer.from(again.bytes).equals(Buffer.from(once.bytes))).toBe(true);
  const { noise: _, ...clean } = spec;
  expect((await drawDocument(clean)).boxes.length).toBe(once.boxes.length);
});

describe.each(LANGUAGES)('%s', (language) => {
  test.each(FAMILIES)('%s is drawn', async (family) => {
    const { truth, boxes, bytes } = await drawDocument(
      planDocument(11, FAMILIES.indexOf(family) + 1, { kinds: digital, family, language }),
    );
    expect(bytes.length).toBeGreaterThan(1000);
    expect(truth['vendorName']).toBeTruthy();
    expect(truth['grossTotal']).toBeDefined();
    for (const { box, text } of boxes)
      expect([text, box[0] < box[2] && box[1] < box[3] && box[0] >= 0 && box[2] <= 10_000]).toEqual([text, true]);
  });
});

test('the arithmetic of every plan holds', () => {
  for (let index = 1; index <= 300; index++) {
    const spec: Spec = planDocument(3, index);
    const { totals, lines } = spec;
    expect(add(...lines.map(({ total }) => total))).toBe(totals.lineSum);
    const charged = add(
      subtract(totals.lineSum, totals.discount ?? '0'),
      totals.freight ?? '0',
      totals.surcharge ?? '0',
    );
    expect(charged).toBe(spec.taxCase === 'included' ? add(totals.net, totals.tax) : totals.net);
    expect(add(...totals.taxes.map(({ base }) => base))).toBe(totals.net);
    expect(add(totals.net, totals.tax, totals.rounding ?? '0')).toBe(totals.gross);
    expect(
      subtract(add(totals.gross, totals.previous ?? '0'), add(totals.withheld ?? '0', totals.prepaid ?? '0')),
    ).toBe(totals.due);
    expect(round(totals.due, 2)).toBe(totals.due);
  }
});

test('the boxes of the values hold their words', async () => {
  for (const index of [1, 2, 3, 4, 5, 6]) {
    const { bytes, boxes } = await drawDocument(planDocument(21, index, { kinds: digital }));
    const words = await readPdfPage(bytes);
    for (const { box, text, field } of boxes.filter((one) => one.page === 1 && one.field !== 'currency')) {
      const inside = words
        .filter(({ x, y }) => x > box[0] && x < box[2] && y > box[1] && y < box[3])
        .map((word) => word.text);
      const first = text.split(/[\s\u00a0]/)[0] ?? '';
      expect([index, field, inside.join(' ')]).toEqual([index, field, expect.stringContaining(first)]);
    }
  }
});

test('a series keeps a vendor and its layout', () => {
  const [first = [], second = []] = planSeries({ vendors: 2, perVendor: 4, seed: 9 });
  expect(new Set(first.map(({ vendor }) => vendor.name)).size).toBe(1);
  expect(new Set(first.map(({ style }) => JSON.stringify(style))).size).toBe(1);
  expect(new Set(first.map(({ number }) => number)).size).toBe(4);
  expect(second[0]?.vendor.name).not.toBe(first[0]?.vendor.name);
});

const names = (set: 'train' | 'test') =>
  new Set(Array.from({ length: 200 }, (_, i) => planDocument(1, i, { set }).vendor.name));

test('what the test set is made of, the train set has not seen', () => {
  const [train, held] = [names('train'), names('test')];
  expect([...held].filter((name) => train.has(name))).toEqual([]);
});

test('every language has the lists that are chosen from by place', () => {
  expect(
    Object.values(WORDS).map(({ qualities, months }) => [listOf(qualities).length, listOf(months).length]),
  ).toEqual(Object.values(WORDS).map(() => [20, 12]));
});
