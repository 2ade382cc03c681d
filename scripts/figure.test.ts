import { expect, test } from 'vitest';
import { createFigures } from './figure.ts';

test('says which figures are short, by their names', () => {
  const lines: string[] = [];
  const figures = createFigures((line) => lines.push(line));
  figures.atMost('f0.lost', 0, 0);
  figures.atMost('f0.start-seconds', 2.5, 2);
  figures.atLeast('f0.saves', 0, 1);
  expect(figures.short()).toEqual(['f0.start-seconds', 'f0.saves']);
  expect(figures.ok()).toBe(false);
  expect(lines[1]).toBe('figure f0.start-seconds 2.5 <=2 short');
});
