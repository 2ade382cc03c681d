/** How a vendor's paper looks: independent choices, so that hundreds of layouts come of a few dozen pieces. */
import type { Column, Family, Format, Language, SetName, Style } from './model.ts';
import { type Chance, hash } from './random.ts';
import type { Region } from './regions.ts';

const COLOURS = [
  [0.1, 0.25, 0.5],
  [0.55, 0.1, 0.12],
  [0.1, 0.4, 0.25],
  [0.85, 0.4, 0.05],
  [0.2, 0.2, 0.22],
  [0.35, 0.15, 0.45],
  [0, 0.45, 0.55],
  [0.6, 0.45, 0.1],
  [0.75, 0.1, 0.35],
  [0.15, 0.15, 0.4],
] as const;

export function styleFor(chance: Chance, family: Family, region: Region, set: SetName): Style {
  for (;;) {
    const style = draft(chance, family, region);
    // A fifth of the pairings of head, meta block and totals is seen in the test set alone.
    const held = hash('layout', style.head, style.meta, style.totals) % 5 === 0;
    if (set === 'test' ? held || chance.chance(0.3) : !held) return style;
  }
}

function draft(chance: Chance, family: Family, region: Region): Style {
  const rightWindow =
    region.languages.includes('fr') || region.languages.includes('it') || region.languages.includes('es');
  return {
    paper: ['US', 'CA'].includes(region.country) ? 'letter' : 'A4',
    typeface: chance.weighted({
      helvetica: 64,
      times: 24,
      courier: family === 'boxed' || family === 'freight' ? 20 : 9,
    }),
    stretch: chance.chance(0.72) ? 1 : chance.pick([0.82, 0.88, 0.94, 1.06, 1.12]),
    size: chance.pick([8, 8.5, 9, 9, 9.5, 9.5, 10]),
    margin: chance.pick([36, 42, 48, 54, 60]),
    colour: chance.pick(COLOURS),
    head: chance.weighted({ left: 24, right: 16, center: 13, band: 12, sidebar: 8, split: 16, boxed: 5, plain: 6 }),
    logo: chance.weighted({ none: 42, shape: 33, monogram: 17, drawn: 8 }),
    vendorDetails: chance.weighted({ head: 36, foot: 26, both: 24, party: 14 }),
    parties: chance.weighted(
      rightWindow
        ? { 'window-right': 45, window: 8, columns: 17, boxes: 18, 'side-by-side': 12 }
        : region.languages.includes('de') || region.languages.includes('nl')
          ? { window: 60, 'window-right': 4, columns: 14, boxes: 12, 'side-by-side': 10 }
          : { window: 22, columns: 40, boxes: 23, 'side-by-side': 15 },
    ),
    meta: chance.weighted({
      list: 26,
      'list-right': 20,
      stack: 10,
      strip: 16,
      grid: 10,
      inline: family === 'letter' ? 7 : 3,
      'two-lists': 11,
    }),
    metaOrder: chance.chance(0.3) ? 'first' : 'after-parties',
    title: chance.weighted({ left: 32, right: 16, center: 12, big: 15, 'with-number': 17, none: 3 }),
    rules: chance.weighted({
      none: 16,
      rows: 34,
      grid: family === 'boxed' ? 60 : 18,
      columns: 10,
      double: 8,
      dotted: 8,
    }),
    zebra: chance.chance(0.22),
    tableHead: chance.weighted({ fill: 30, tint: 26, line: 34, boxed: 10 }),
    totals: chance.weighted({ right: 46, box: 16, strip: rightWindow ? 18 : 6, left: 5, full: 10, 'in-table': 10 }),
    payment: chance.weighted({ foot: 45, block: 35, box: 20 }),
    foot: chance.weighted({ columns: 46, center: 22, line: 20, none: 12 }),
    upper: chance.chance(0.16),
    colon: chance.chance(0.55),
    columns: columnsFor(chance, family),
    carry: chance.chance(0.5),
    tall: chance.chance(family === 'boxed' ? 0.6 : 0.08),
  };
}

const SETS: readonly (readonly Column[])[] = [
  ['position', 'description', 'quantity', 'price', 'total'],
  ['description', 'quantity', 'price', 'total'],
  ['quantity', 'description', 'price', 'total'],
  ['article', 'description', 'quantity', 'price', 'total'],
  ['position', 'article', 'description', 'quantity', 'unit', 'price', 'total'],
  ['position', 'quantity', 'unit', 'description', 'price', 'total'],
  ['article', 'description', 'quantity', 'unit', 'price', 'discount', 'total'],
  ['position', 'article', 'description', 'quantity', 'unit', 'price', 'rate', 'total'],
  ['description', 'rate', 'price', 'quantity', 'total'],
  ['quantity', 'unit', 'article', 'description', 'price', 'total'],
  ['article', 'description', 'unit', 'quantity', 'price', 'discount', 'total', 'rate'],
  ['description', 'quantity', 'price', 'rate', 'total'],
  ['date', 'description', 'quantity', 'price', 'total'],
  ['position', 'description', 'total'],
  ['description', 'total'],
  ['quantity', 'article', 'description', 'rate', 'price', 'total'],
  ['description', 'quantity', 'price', 'total', 'rate', 'gross'],
  ['description', 'quantity', 'price', 'total', 'rate', 'taxAmount', 'gross'],
  ['article', 'description', 'quantity', 'price', 'rate', 'taxAmount', 'total'],
];

function columnsFor(chance: Chance, family: Family): readonly Column[] {
  if (family === 'hotel')
    return chance.pick([
      ['date', 'description', 'quantity', 'price', 'total'],
      ['date', 'description', 'total'],
      ['date', 'description', 'rate', 'total'],
    ] as const);
  if (family === 'utility')
    return chance.pick([
      ['description', 'quantity', 'unit', 'price', 'total'],
      ['description', 'quantity', 'price', 'total', 'rate'],
    ] as const);
  if (family === 'telecom')
    return chance.pick([
      ['description', 'quantity', 'price', 'total'],
      ['date', 'description', 'quantity', 'total'],
      ['description', 'total', 'rate'],
    ] as const);
  if (family === 'freight')
    return chance.pick([
      ['article', 'description', 'quantity', 'price', 'total'],
      ['description', 'rate', 'total'],
      ['description', 'total'],
      ['date', 'article', 'description', 'total'],
    ] as const);
  return chance.pick(SETS);
}

export function formatFor(chance: Chance, region: Region, language: Language): Format {
  return {
    number: chance.pick(region.numbers),
    date: chance.pick(region.dates.filter((date) => language !== 'en' || !date.includes(' de '))),
    money: chance.pick(region.money),
    percent: language === 'en' || language === 'nl' ? '%' : chance.pick(['%', ' %']),
    negative: chance.weighted({ minus: 80, trailing: 12, brackets: 8 }),
    quantityDigits: Number(chance.weighted({ 0: 70, 2: 24, 3: 6 })),
  };
}
