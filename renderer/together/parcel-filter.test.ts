import { expect, test } from 'vitest';
import { parcelFilter } from './parcel-filter.ts';

const query = { q: ' Paper ', status: [], only: null, sort: 'createdAt', order: 'desc' } as const;
const shared = { status: [], sort: 'createdAt', order: 'desc' };

test('what is taken along is what the list shows', () => {
  expect(parcelFilter(query)).toEqual({ q: 'Paper', ...shared });
  expect(parcelFilter({ ...query, q: '', only: 'conflict' })).toEqual({ only: 'conflict', ...shared });
  expect(parcelFilter({ ...query, q: '', only: 'duplicate' })).toEqual({ only: 'duplicate', ...shared });
});

test('what waits for the site waits for nobody', () => {
  expect(parcelFilter({ ...query, only: 'waiting' })).toBeUndefined();
});
