import fc from 'fast-check';
import { expect, test } from 'vitest';
import { type Copy, copyName, copyOf, toRemove } from './retention.ts';

const MAX = Number.MAX_SAFE_INTEGER;
const START = Date.parse('2026-01-01T00:00:00Z');
const copies = fc
  .uniqueArray(fc.integer({ min: 0, max: 60 * 24 * 60 }), { maxLength: 60 })
  .chain((minutes) =>
    fc.tuple(...minutes.map((minute) => fc.tuple(fc.constant(minute), fc.integer({ min: 0, max: 9 })))),
  )
  .map((list) =>
    list.map(([minute, kind]) => {
      const at = new Date(START + minute * 60_000).toISOString();
      return copyOf(copyName(at, kind === 0 ? 2 : undefined), 100 + kind) as Copy;
    }),
  );

test('names carry time and kind; other files are none of ours', () => {
  const at = '2026-03-04T05:06:07.890Z';
  expect(copyOf(copyName(at), 5)).toEqual({
    name: 'station-20260304T050607Z.db',
    at: '2026-03-04T05:06:07Z',
    bytes: 5,
    beforeMigration: false,
  });
  expect(copyOf(copyName(at, 3), 5)).toMatchObject({ at: '2026-03-04T05:06:07Z', beforeMigration: true });
  for (const name of ['station.db', 'station-20260304T050607Z.db.part', 'damaged', 'copy.db'])
    expect(copyOf(name, 1)).toBeUndefined();
});

test('with room, the newest six stay, the newest of each of seven days, and no more than needed', () => {
  fc.assert(
    fc.property(copies, (all) => {
      const gone = new Set(toRemove(all, MAX));
      const regular = all.filter((copy) => !copy.beforeMigration).toSorted((a, b) => (a.at < b.at ? 1 : -1));
      const days = [...new Set(regular.map((copy) => copy.at.slice(0, 10)))].slice(0, 7);
      const daily = days.map((day) => regular.find((copy) => copy.at.startsWith(day)));
      const expected = new Set([...regular.slice(0, 6), ...daily]);
      expect(new Set(regular.filter((copy) => !gone.has(copy)))).toEqual(expected);
      expect(all.filter((copy) => copy.beforeMigration && !gone.has(copy)).length).toBe(
        Math.min(3, all.length - regular.length),
      );
    }),
  );
});

const sum = (list: readonly Copy[]): number => list.reduce((total, { bytes }) => total + bytes, 0);

test('copies never take more than is left free, but two stay', () => {
  fc.assert(
    fc.property(copies, fc.integer({ min: 0, max: 3_000 }), (all, free) => {
      const gone = toRemove(all, free);
      const kept = all.filter((copy) => !gone.includes(copy));
      expect(kept.length <= 2 || sum(kept) <= free + sum(gone)).toBe(true);
      expect(kept.length).toBeGreaterThanOrEqual(Math.min(2, all.length));
    }),
  );
});
