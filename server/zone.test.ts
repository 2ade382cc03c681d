import { expect, test } from 'vitest';
import { dateIn, isTimeZone, startOfDay } from './zone.ts';

test('the date is the one on the wall', () => {
  const instant = Date.parse('2024-12-31T23:30:00Z');
  expect(dateIn('UTC', instant)).toBe('2024-12-31');
  expect(dateIn('Europe/Berlin', instant)).toBe('2025-01-01');
  expect(dateIn('America/New_York', instant)).toBe('2024-12-31');
});

test('the day begins at local midnight, also on the day the clock changes', () => {
  expect(startOfDay('UTC', Date.parse('2024-05-01T12:00:00Z'))).toBe('2024-05-01T00:00:00.000Z');
  expect(startOfDay('Europe/Berlin', Date.parse('2024-03-31T20:00:00Z'))).toBe('2024-03-30T23:00:00.000Z');
  expect(startOfDay('Europe/Berlin', Date.parse('2024-10-27T22:30:00Z'))).toBe('2024-10-26T22:00:00.000Z');
  // Midnight itself is skipped in Beirut at the end of March.
  expect(startOfDay('Asia/Beirut', Date.parse('2024-03-31T12:00:00Z'))).toBe('2024-03-30T22:00:00.000Z');
});

test('names of zones', () => {
  expect(isTimeZone('Europe/Berlin')).toBe(true);
  expect(isTimeZone('Mars/Olympus')).toBe(false);
});
