import { expect, test } from 'vitest';
import { createClosing } from './closing.ts';

test('the last first, all of them, and the first failure is told', async () => {
  const closed: string[] = [];
  const { keep, closeAll } = createClosing();
  keep('store', (name) => void closed.push(name));
  keep('delivery', () => {
    throw new Error('Redis is away');
  });
  keep('runner', async (name) => void closed.push(name));
  await expect(closeAll()).rejects.toThrow('Redis is away');
  expect(closed).toEqual(['runner', 'store']);
  await closeAll();
  expect(closed).toEqual(['runner', 'store']);
});
