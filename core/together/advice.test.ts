import { expect, test } from 'vitest';
import type { Desk, LeaseHead } from '../contract/together-http.ts';
import { companies, isOwn, isTaken } from './advice.ts';

const NOW = '2026-03-02T10:00:00.000Z';
const LATER = '2026-03-02T18:00:00.000Z';
const ada = { actor: 'user:ada', device: null };
const desk = (invoice: string, actor: string, more: Partial<Desk> = {}): Desk => ({
  invoice,
  actor,
  device: null,
  since: NOW,
  claimed: true,
  ...more,
});
const lease = (id: string, actor: string, device: string, until = LATER): LeaseHead => ({
  id,
  actor,
  device,
  deviceName: 'Notebook',
  since: NOW,
  until,
  size: 2,
  left: 2,
});

test('a person at two screens is one; what a station took along is that station’s alone', () => {
  expect(isOwn({ actor: 'user:ada', device: 'd1', lease: null }, ada)).toBe(true);
  expect(isOwn({ actor: 'user:bo', device: null, lease: null }, ada)).toBe(false);
  expect(isOwn({ actor: 'user:ada', device: 'd1', lease: 'l' }, ada)).toBe(false);
  expect(isOwn({ actor: 'user:ada', device: 'd1', lease: 'l' }, { actor: 'local:d1', device: 'd1' })).toBe(true);
  expect(isOwn({ actor: 'user:ada', device: null, lease: 'l' }, ada)).toBe(false);
});

test('who is there: others in the order they came, whoever works on it, and who has it along', () => {
  const early = '2026-03-02T09:00:00.000Z';
  const known = {
    desks: [
      desk('a', 'user:bo'),
      desk('a', 'user:cy', { since: early, claimed: false }),
      desk('a', 'user:ada'),
      desk('b', 'user:bo'),
    ],
    leases: [lease('l1', 'user:ada', 'd1'), lease('l2', 'user:bo', 'd2', early)],
    within: new Map([
      ['l1', new Set(['c'])],
      ['l2', new Set(['d'])],
    ]),
  };
  const all = companies(known, ada, NOW);
  const a = all.get('a');
  expect(a?.others.map(({ actor }) => actor)).toEqual(['user:cy', 'user:bo']);
  expect(a?.worker?.actor).toBe('user:bo');
  expect([a?.away, a?.own]).toEqual([undefined, undefined]);
  expect(all.get('c')?.away?.id).toBe('l1');
  const hers = companies(known, { actor: 'local:d1', device: 'd1' }, NOW).get('c');
  expect(hers).toMatchObject({ own: { id: 'l1' } });
  expect(isTaken(hers)).toBe(false);
  // Its time is over.
  expect(all.get('d')).toBeUndefined();
  expect([...all].filter(([, one]) => isTaken(one)).map(([id]) => id)).toEqual(['c', 'a', 'b']);
});
