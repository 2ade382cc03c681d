import { describe, expect, test } from 'vitest';
import { Settings } from '../core/contract/settings.ts';
import { hasAlready, matchOf, settingsTag } from './conditions.ts';

describe('If-Match', () => {
  test('is one tag, several, or whatever there is', () => {
    expect(matchOf(undefined)).toBeUndefined();
    expect(matchOf('"a-1"')).toMatchObject({ any: false });
    expect(matchOf('"a-1"')?.has('a-1')).toBe(true);
    expect(matchOf('"a-1"')?.has('a-2')).toBe(false);
    expect(matchOf(' "x" ,"y,z" , "" ')?.has('y,z')).toBe(true);
    expect(matchOf('"x", ""')?.has('')).toBe(true);
    expect(matchOf(' * ')).toMatchObject({ any: true });
  });

  test('compares strongly: a tag that a proxy made weak is none', () => {
    expect(matchOf('W/"a"')?.has('a')).toBe(false);
    expect(matchOf('W/"a", "b"')?.has('b')).toBe(true);
  });

  test('that is no list of tags is refused, not passed over', () => {
    for (const odd of ['', 'a', '"a', '"a" "b"', '"a",', '*, "a"', 'w/"a"', '"a\tb"'])
      expect(() => matchOf(odd), odd).toThrow('If-Match');
  });

  test('is looked at in no time, whatever stands there', () => {
    const from = performance.now();
    for (const odd of [`${'"a", '.repeat(4_000)}x`, `"${' '.repeat(16_000)}`, `${'W/'.repeat(8_000)}"`])
      expect(() => matchOf(odd)).toThrow('If-Match');
    expect(performance.now() - from).toBeLessThan(500);
  });
});

test('If-None-Match compares weakly, and what it cannot be is no condition', () => {
  expect(hasAlready('"a"', '"a"')).toBe(true);
  expect(hasAlready('"b", W/"a"', '"a"')).toBe(true);
  expect(hasAlready('*', '"a"')).toBe(true);
  expect(hasAlready('"b"', '"a"')).toBe(false);
  expect(hasAlready('a', '"a"')).toBe(false);
  expect(hasAlready(undefined, '"a"')).toBe(false);
  expect(hasAlready('*', undefined)).toBe(false);
});

test('the same settings have the same tag, in whatever order their keys came', () => {
  const settings = Settings.parse({ tolerances: { default: '0.01', TOTAL_MISMATCH: '0.05' } });
  const { tolerances, ...rest } = settings;
  const turned = { tolerances: Object.fromEntries(Object.entries(tolerances).toReversed()), ...rest };
  expect(settingsTag(turned)).toBe(settingsTag(settings));
  expect(settingsTag({ ...settings, minimumConfidence: 0.5 })).not.toBe(settingsTag(settings));
});
