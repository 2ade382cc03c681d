import { setTimeout as sleep } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { createGate } from './gate.ts';

test('who is alone passes at once', async () => {
  const gate = createGate(60_000);
  await expect(gate.pass()).resolves.toBeUndefined();
  gate.expect()();
  await expect(gate.pass()).resolves.toBeUndefined();
});

test('those who come while others are expected pass together, when the last one is here', async () => {
  const gate = createGate(60_000);
  const passed: string[] = [];
  const through = async (name: string): Promise<void> => {
    await gate.pass();
    passed.push(name);
  };
  const [first, second] = [gate.expect(), gate.expect()];
  const all = [through('a')];
  await sleep(20);
  first();
  all.push(through('b'));
  await sleep(20);
  expect(passed).toEqual([]);
  second();
  // Said twice, it counts once.
  second();
  all.push(through('c'));
  await Promise.all(all);
  expect(passed).toEqual(['a', 'b', 'c']);
});

test('nobody waits longer than a moment, and the next ones have a moment of their own', async () => {
  const gate = createGate(20);
  gate.expect();
  for (const _ of [1, 2]) {
    const from = performance.now();
    await Promise.all([gate.pass(), gate.pass()]);
    expect(performance.now() - from).toBeGreaterThan(15);
  }
});
