import { expect, test } from 'vitest';
import { lazy } from './lazy.ts';

test('a table is made once, and not before it is asked for', () => {
  let made = 0;
  const table = lazy(() => {
    made += 1;
    return undefined;
  });
  expect(made).toBe(0);
  expect(table()).toBeUndefined();
  expect(table()).toBeUndefined();
  expect(made).toBe(1);
});
