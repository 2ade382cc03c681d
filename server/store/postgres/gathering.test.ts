import { setTimeout as sleep } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { AppError } from '../../../core/contract/errors.ts';
import { createGathering } from './gathering.ts';

interface Asked {
  readonly keys: readonly string[];
  answer(): void;
  fail(error: Error): void;
}

const turn = (): Promise<void> => sleep(5);

/** A database that answers when it is told to. */
function desk() {
  const asked: Asked[] = [];
  const look = createGathering<string, string>({
    nameOf: (key) => key,
    load: (keys) =>
      new Promise((resolve, reject) => {
        asked.push({ keys, answer: () => resolve(keys.map((key) => key.toUpperCase())), fail: reject });
      }),
  });
  return { asked, look };
}

test('a lone look-up goes at once, those that come meanwhile go together, the same ones as one', async () => {
  const { asked, look } = desk();
  const first = look('a');
  await turn();
  const rest = [look('a'), look('b'), look('b'), look('c')];
  await turn();
  // What was sent before they came is nothing that they may have the answer of.
  expect(asked.map(({ keys }) => keys)).toEqual([['a']]);
  asked[0]?.answer();
  expect(await first).toBe('A');
  await turn();
  expect(asked.map(({ keys }) => keys)).toEqual([['a'], ['a', 'b', 'c']]);
  asked[1]?.answer();
  expect(await Promise.all(rest)).toEqual(['A', 'B', 'B', 'C']);
});

test('one that cannot be looked up is not the failure of the others', async () => {
  const { asked, look } = desk();
  const all = Promise.allSettled([look('a'), look('bad')]);
  await turn();
  asked[0]?.fail(new Error('no such text'));
  await turn();
  expect(asked.slice(1).map(({ keys }) => keys)).toEqual([['a'], ['bad']]);
  asked[1]?.answer();
  asked[2]?.fail(new Error('no such text'));
  expect((await all).map(({ status }) => status)).toEqual(['fulfilled', 'rejected']);
});

test('a database that is away is not asked again for each', async () => {
  const { asked, look } = desk();
  const all = Promise.allSettled([look('a'), look('b')]);
  await turn();
  asked[0]?.fail(new AppError('unavailable', 'away', { reason: 'database-away' }));
  expect((await all).map(({ status }) => status)).toEqual(['rejected', 'rejected']);
  expect(asked).toHaveLength(1);
  const next = look('c');
  await turn();
  asked[1]?.answer();
  expect(await next).toBe('C');
});

test('an answer that does not come holds up nobody else', async () => {
  const { asked, look } = desk();
  void look('stuck');
  const next = look('a');
  await sleep(5);
  expect(asked.map(({ keys }) => keys)).toEqual([['stuck', 'a']]);
  const later = look('b');
  await sleep(150);
  expect(asked.map(({ keys }) => keys)).toEqual([['stuck', 'a'], ['b']]);
  asked[1]?.answer();
  expect(await later).toBe('B');
  asked[0]?.answer();
  expect(await next).toBe('A');
});

test('more than a round trip takes go in several', async () => {
  const { asked, look } = desk();
  const all = Promise.all(Array.from({ length: 130 }, (_, at) => look(`k${at}`)));
  await turn();
  asked[0]?.answer();
  await turn();
  asked[1]?.answer();
  expect((await all).at(-1)).toBe('K129');
  expect(asked.map(({ keys }) => keys.length)).toEqual([100, 30]);
});
