import { expect, test } from 'vitest';
import { over } from './broken.ts';

test('a part with an error planted is whole where it is spread, and keeps the error', () => {
  const real = { kept: () => 'real', broken: () => 'real' };
  const planted = over(real, { broken: () => 'planted' });
  const spread = { ...planted };
  expect([planted.kept(), planted.broken(), spread.kept(), spread.broken()]).toEqual([
    'real',
    'planted',
    'real',
    'planted',
  ]);
});
