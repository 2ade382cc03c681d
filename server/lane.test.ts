import { expect, test } from 'vitest';
import { createKeyedLane, createLane } from './lane.ts';

const turn = (): Promise<void> => new Promise((resolve) => void setImmediate(resolve));

test('a lane does one thing at a time, in order, whatever fails', async () => {
  const lane = createLane();
  const seen: string[] = [];
  const work =
    (name: string, fails = false) =>
    async () => {
      seen.push(`${name} begins`);
      await turn();
      seen.push(`${name} ends`);
      if (fails) throw new Error(name);
      return name;
    };
  const first = lane(work('a', true));
  const second = lane(work('b'));
  await expect(first).rejects.toThrow('a');
  expect(await second).toBe('b');
  expect(seen).toEqual(['a begins', 'a ends', 'b begins', 'b ends']);
});

test('lanes by key: what has one in common waits, the rest goes side by side', async () => {
  const lane = createKeyedLane();
  const seen: string[] = [];
  const gate: { open?: () => void } = {};
  const held = new Promise<void>((resolve) => {
    gate.open = resolve;
  });
  const done = (name: string) => async () => void seen.push(name);
  const first = lane(['x', 'y'], async () => {
    await held;
    seen.push('first');
    throw new Error('first');
  });
  const both = lane(['y', 'z'], done('both'));
  const after = lane(['z'], done('after'));
  await lane(['w'], done('other'));
  await lane([], done('free'));
  expect(seen).toEqual(['other', 'free']);
  gate.open?.();
  await expect(first).rejects.toThrow('first');
  await Promise.all([both, after]);
  expect(seen).toEqual(['other', 'free', 'first', 'both', 'after']);
});

test('lanes by key: the same key twice does not wait for itself, and nothing is kept of what has ended', async () => {
  const lane = createKeyedLane();
  expect(await lane(['x', 'x'], async () => 1)).toBe(1);
  expect(await lane(['x'], async () => 2)).toBe(2);
});
