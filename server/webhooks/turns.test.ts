import { expect, test } from 'vitest';
import { createTurns, type Turn } from './turns.ts';

const going = (turn: Turn) => {
  if (turn.kind !== 'go') throw new Error('it has no turn');
  return turn;
};
const waiting = (turn: Turn): number => {
  if (turn.kind !== 'later') throw new Error('it has a turn');
  return turn.afterMs;
};

test('one that is known to be quick has half of the seats', () => {
  const turns = createTurns({ seats: 32, now: () => 0 });
  for (let n = 0; n < 20; n += 1) going(turns.enter('quick')).leave({ ok: true, ms: 20 });
  for (let seat = 0; seat < 16; seat += 1) going(turns.enter('quick'));
  expect(waiting(turns.enter('quick'))).toBe(100);
  for (let n = 0; n < 20; n += 1) going(turns.enter('slow')).leave({ ok: true, ms: 2_000 });
  for (let seat = 0; seat < 4; seat += 1) going(turns.enter('slow'));
  expect(waiting(turns.enter('slow'))).toBeGreaterThan(400);
});

test('each receiver has a few seats at first, and what has none comes back one after the other', () => {
  const turns = createTurns({ seats: 32, now: () => 1_000 });
  const under = [1, 2, 3, 4].map(() => going(turns.enter('a')));
  const laters = [1, 2, 3, 4, 5].map(() => waiting(turns.enter('a')));
  expect(laters.every((ms, index) => index === 0 || ms > (laters[index - 1] ?? 0))).toBe(true);
  expect(turns.enter('b').kind).toBe('go');
  under[0]?.leave({ ok: true, ms: 2_000 });
  under[0]?.leave({ ok: true, ms: 2_000 });
  expect(turns.enter('a').kind).toBe('go');
  expect(turns.enter('a').kind, 'it leaves once').toBe('later');
});

test('who hangs has one seat, in a line of minutes at most; one answer, and it is as before', () => {
  let now = 0;
  const turns = createTurns({ seats: 32, now: () => now });
  going(turns.enter('a')).leave({ ok: false, ms: 10_000 });
  const one = going(turns.enter('a'));
  const line = Array.from({ length: 1_000 }, () => waiting(turns.enter('a')));
  expect(line[1]! - line[0]!).toBeGreaterThan(2_000);
  expect(Math.max(...line)).toBe(300_000);
  now = 20_000;
  one.leave({ ok: true, ms: 30 });
  for (let seat = 0; seat < 16; seat += 1) going(turns.enter('a'));
  expect(waiting(turns.enter('a')), 'the line of before is forgotten').toBe(100);
});

test('all that hang together take half of the seats', () => {
  const turns = createTurns({ seats: 8, now: () => 0 });
  const names = Array.from({ length: 20 }, (_, index) => `r${index}`);
  for (const name of names) going(turns.enter(name)).leave({ ok: false, ms: 10_000 });
  expect(names.filter((name) => turns.enter(name).kind === 'go')).toHaveLength(4);
  expect(turns.enter('well').kind).toBe('go');
});
