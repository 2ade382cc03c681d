import { expect, test } from 'vitest';
import { BUG_NAMES } from './bugs.ts';
import { firstToNotice, planOf, runMany, runOne } from './run.ts';
import { fails, shrink } from './shrink.ts';

const SEED = 2;

test('in some hundred random histories nothing is lost, overwritten in silence, or different in two places', () => {
  const { failures, counters } = runMany(SEED, { first: 0, end: 300, step: 1 });
  expect(failures).toEqual([]);
  // It is no proof if nothing happens in them.
  for (const count of Object.values(counters)) expect(count).toBeGreaterThan(30);
}, 120_000);

test('the same seed gives the same history', () => {
  expect(runOne(SEED, 7)).toEqual(runOne(SEED, 7));
});

test.each(BUG_NAMES)(
  'notices a planted error: %s',
  (bug) => {
    expect(firstToNotice(bug, SEED, 1_000)).toBeDefined();
  },
  120_000,
);

test('a history that fails is made smaller and still fails', () => {
  const at = firstToNotice('last-write-wins', SEED, 1_000) ?? 0;
  const plan = planOf(SEED, at);
  const smallest = shrink(plan, 'last-write-wins');
  expect(fails(smallest, 'last-write-wins')).toBe(true);
  expect(smallest.events.length).toBeLessThan(plan.events.length / 2);
}, 120_000);
