import fc from 'fast-check';
import { expect, test } from 'vitest';
import { addDays, dateOfDay, dayNumber, daysBetween, isIsoDate, isoDate } from './date.ts';

test('day numbers agree with the platform calendar', () => {
  fc.assert(
    fc.property(fc.integer({ min: -700_000, max: 2_900_000 }), (day) => {
      const date = dateOfDay(day);
      return dayNumber(date) === day && Date.parse(`${date}T00:00:00Z`) === day * 86_400_000;
    }),
  );
});

test('days that do not exist are no dates', () => {
  expect(isoDate(2023, 2, 29)).toBeUndefined();
  expect(isoDate(2024, 2, 29)).toBe('2024-02-29');
  expect(isIsoDate('2024-13-01')).toBe(false);
  expect(isIsoDate('2024-1-1')).toBe(false);
});

test('spans count days', () => {
  expect(daysBetween('2024-02-28', '2024-03-01')).toBe(2);
  expect(addDays('2023-12-31', 1)).toBe('2024-01-01');
});
