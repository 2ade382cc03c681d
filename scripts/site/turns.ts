/** Ways to do the same thing, in turns on one machine: how many a second each, and what one costs, by program. */
import { cpuSeconds } from './cpu.ts';

export interface Way<T> {
  readonly items: readonly T[];
  /** How many of the things that are counted an item is. */
  readonly size: (item: T) => number;
  readonly work: (item: T, client: number) => Promise<void>;
}

export interface Pace {
  /** Things a second of all rounds together. */
  readonly rate: number;
  readonly rates: readonly number[];
  /** Milliseconds of processor for one thing, by program. */
  readonly cost: ReadonlyMap<string, number>;
}

/** The first round is for warming up. */
const ROUNDS = 6;

interface Sum {
  readonly rates: number[];
  readonly cost: Map<string, number>;
  things: number;
  seconds: number;
}

/** Each of so many clients takes the next one when it has done its last. */
export async function atOnce<T>(items: readonly T[], clients: number, work: Way<T>['work']): Promise<void> {
  let next = 0;
  const client = async (_one: unknown, index: number): Promise<void> => {
    for (let item = items[next++]; item !== undefined; item = items[next++]) await work(item, index);
  };
  await Promise.all(Array.from({ length: clients }, client));
}

async function round<T>(way: Way<T>, items: readonly T[], clients: number, sum: Sum | undefined): Promise<void> {
  const before = cpuSeconds();
  const from = performance.now();
  await atOnce(items, clients, way.work);
  if (sum === undefined) return;
  const seconds = (performance.now() - from) / 1_000;
  const things = items.reduce((all, item) => all + way.size(item), 0);
  sum.seconds += seconds;
  sum.things += things;
  sum.rates.push(things / seconds);
  for (const [name, worked] of cpuSeconds())
    sum.cost.set(name, (sum.cost.get(name) ?? 0) + worked - (before.get(name) ?? 0));
}

export async function inTurns<T>(ways: readonly Way<T>[], clients: number): Promise<Pace[]> {
  const sums = ways.map((): Sum => ({ rates: [], cost: new Map(), things: 0, seconds: 0 }));
  for (let turn = 0; turn < ROUNDS; turn += 1)
    for (const [index, way] of ways.entries()) {
      const items = way.items.filter((_item, at) => at % ROUNDS === turn);
      await round(way, items, clients, turn === 0 ? undefined : sums[index]);
    }
  return sums.map(({ rates, cost, things, seconds }) => ({
    rate: things / seconds,
    rates,
    cost: new Map([...cost].map(([name, worked]) => [name, (worked * 1_000) / things])),
  }));
}

export function told({ rate, rates, cost }: Pace): string {
  const each = [...cost].filter(([, ms]) => ms >= 0.05).map(([name, ms]) => `${name} ${ms.toFixed(1)}`);
  const turns = rates.map((one) => one.toFixed(0)).join(' ');
  return `${rate.toFixed(1)} a second (${turns}), ms of processor each: ${each.join(', ')}`;
}
