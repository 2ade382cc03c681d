import { once } from 'node:events';
import { setTimeout as sleep } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { createCrowding, MOST_PAGES, MOST_PUSHES } from './crowding.ts';

const never = new AbortController().signal;

test('more pushes than can be held are refused with when to come again, and taken once others are through', async () => {
  const crowding = createCrowding();
  const gate = new AbortController();
  const held = once(gate.signal, 'abort');
  const under = Array.from({ length: MOST_PUSHES }, async () => crowding.pushing(() => held));
  await expect(crowding.pushing(() => Promise.resolve(1))).rejects.toMatchObject({
    code: 'unavailable',
    details: { reason: 'busy', retryAfter: 2 },
  });
  gate.abort();
  await Promise.all(under);
  expect(await crowding.pushing(() => Promise.resolve(1))).toBe(1);
  await expect(crowding.pushing(() => Promise.reject(new Error('broken')))).rejects.toThrow('broken');
  expect(await crowding.pushing(() => Promise.resolve(2))).toBe(2);
});

test('of the requests of one station the newest waits, and those of others go on', async () => {
  const crowding = createCrowding();
  const ended: string[] = [];
  const wait = (station: string, name: string, ms: number) =>
    crowding.waiting(station, never, async (signal) => {
      await sleep(ms, undefined, { signal }).catch(() => undefined);
      ended.push(`${name}${signal.aborted ? ' cut' : ''}`);
    });
  await Promise.all([wait('a', 'first', 5_000), wait('b', 'other', 60), wait('a', 'second', 30)]);
  expect(ended).toEqual(['first cut', 'second', 'other']);
  await wait('a', 'third', 1);
  expect(ended.at(-1)).toBe('third');
});

test('a station has so many pages on their way, and others are not held up by it', () => {
  const crowding = createCrowding();
  const ends = Array.from({ length: MOST_PAGES }, () => new AbortController());
  for (const { signal } of ends) crowding.page('a', signal);
  expect(() => crowding.page('a', never)).toThrow(expect.objectContaining({ code: 'unavailable' }));
  crowding.page('b', never);
  ends[0]?.abort();
  crowding.page('a', never);
  expect(() => crowding.page('a', never)).toThrow(expect.objectContaining({ code: 'unavailable' }));
  for (const end of ends) end.abort();
  for (const _ of ends.slice(1)) crowding.page('a', never);
});
