/** What will happen in a history, drawn before it begins: so that a history that fails can be made smaller by leaving events out. */
import { createRandom, type Random } from '../random.ts';
import type { Deed, Dice } from './users.ts';

export type Fault =
  | 'backup'
  | 'rollback'
  | 'crash'
  | 'destroy'
  | 'join'
  | 'clone'
  | 'old-copy'
  | 'skew'
  | 'role'
  | 'revoke'
  | 'upgrade'
  | 'upgrade-site'
  | 'erase'
  | 'offline'
  | 'online';

export type What = { readonly deed: Deed; readonly atSite: boolean } | { readonly fault: Fault };

export interface Planned extends Dice {
  readonly at: number;
  readonly station: number;
  readonly what: What;
}

export interface Plan {
  readonly seed: number;
  readonly stations: number;
  /** By station: false where it works for itself first and is connected to the site later. */
  readonly connected: readonly boolean[];
  readonly drop: number;
  readonly twice: number;
  readonly slowestMs: number;
  readonly crash: number;
  readonly batch: number;
  readonly largest: number;
  readonly refusals: number;
  readonly events: readonly Planned[];
}

export const LENGTH_MS = 300_000;

const DEEDS: readonly Deed[] = [
  'edit',
  'edit',
  'edit',
  'edit',
  'edit',
  'edit',
  'edit',
  'newer-edit',
  'add-line',
  'delete-line',
  'restore-line',
  'decide',
];

/** How often each fault strikes in a history, on the average. */
const FAULTS: readonly (readonly [Fault, number])[] = [
  ['backup', 1.2],
  ['rollback', 1],
  ['crash', 1.5],
  ['destroy', 0.25],
  ['join', 0.4],
  ['clone', 0.5],
  ['old-copy', 0.3],
  ['skew', 0.6],
  ['role', 0.15],
  ['revoke', 0.15],
  ['upgrade', 0.6],
  ['upgrade-site', 0.3],
  ['offline', 1.2],
  ['online', 1.2],
];

const dice = (random: Random): Dice => ({ a: random.next(), b: random.next(), c: random.next() });

export function drawPlan(seed: number): Plan {
  const random = createRandom(seed);
  const stations = random.integer(2, 4);
  const events: Planned[] = [];
  const draw = (what: What): void => {
    const at = random.integer(0, LENGTH_MS);
    events.push({ at, station: random.integer(0, 7), what, ...dice(random) });
  };
  const deeds = random.integer(12, 60);
  for (let n = 0; n < deeds; n += 1) draw({ deed: random.pick(DEEDS), atSite: random.next() < 0.12 });
  for (const [fault, often] of FAULTS) {
    const times = Math.floor(2 * often * random.next() + random.next());
    for (let n = 0; n < times; n += 1) draw({ fault });
  }
  const plan = {
    seed,
    stations,
    connected: Array.from({ length: stations }, () => random.next() < 0.8),
    drop: random.pick([0, 0.05, 0.2]),
    twice: random.pick([0, 0.1]),
    slowestMs: random.pick([50, 2_000, 20_000]),
    crash: random.pick([0, 0.01, 0.05]),
    batch: random.pick([1, 3, 1_000]),
    largest: random.pick([2, 1_000]),
    refusals: random.pick([0, 0.1, 0.2]),
  };
  const strays = random.integer(0, 2);
  for (let n = 0; n < strays; n += 1) draw({ deed: 'stray', atSite: false });
  // An invoice is erased, or both are, in the second half of every third history or so.
  const erasures = Math.max(0, random.integer(0, 5) - 3);
  for (let n = 0; n < erasures; n += 1)
    events.push({
      at: random.integer(LENGTH_MS / 2, LENGTH_MS),
      station: 0,
      what: { fault: 'erase' },
      ...dice(random),
    });
  return { ...plan, events: events.toSorted((a, b) => a.at - b.at) };
}
