/** Seed and index -> everything a document says and looks like. No drawing here. */
import { type Options, planHouse } from './house.ts';
import { buyerFor, specOf } from './invoice.ts';
import type { Family, Kind, SetName, Spec } from './model.ts';
import { stream } from './random.ts';

export const DEFAULT_KINDS: Readonly<Record<Kind, number>> = {
  digital: 65,
  scan: 13,
  'scan-pdf': 8,
  fax: 4,
  'receipt-picture': 5,
  photo: 5,
};

const FAMILY_WEIGHTS: Readonly<Record<Family, number>> = {
  letter: 52,
  boxed: 12,
  statement: 5,
  receipt: 7,
  utility: 6,
  hotel: 5,
  freight: 7,
  telecom: 4,
};

export function planDocument(seed: number, index: number, options: Options = {}): Spec {
  const set = options.set ?? 'train';
  const chance = stream(set, seed, index, 'what');
  const kind = chance.weighted(options.kinds ?? DEFAULT_KINDS);
  const family =
    options.family ??
    (kind === 'receipt-picture'
      ? 'receipt'
      : chance.weighted(kind === 'photo' ? { ...FAMILY_WEIGHTS, receipt: 30, telecom: 0 } : FAMILY_WEIGHTS));
  const house = planHouse(stream(set, seed, index, 'house'), set, family, options);
  return specOf(house, stream(set, seed, index, 'document'), {
    seed,
    index,
    set,
    kind,
    ...(options.payment && { payment: options.payment }),
  });
}

export interface SeriesOptions {
  readonly vendors: number;
  readonly perVendor: number;
  readonly seed: number;
  readonly set?: SetName;
}

/** Vendors with layouts that a reader gets wrong at first, several invoices each: the source for learning from corrections. */
export function planSeries({ vendors, perVendor, seed, set = 'train' }: SeriesOptions): Spec[][] {
  return Array.from({ length: vendors }, (_, v) => {
    const chance = stream('series', set, seed, v);
    const family = chance.weighted<Family>({ letter: 60, boxed: 15, freight: 10, utility: 10, statement: 5 });
    const house = planHouse(chance, set, family, {}, true);
    const buyer = buyerFor(chance, house, set);
    return Array.from({ length: perVendor }, (_unused, nth) =>
      specOf(house, stream('series', set, seed, v, nth), {
        seed,
        index: v * perVendor + nth + 1,
        set,
        kind: 'digital',
        nth,
        buyer,
      }),
    );
  });
}
