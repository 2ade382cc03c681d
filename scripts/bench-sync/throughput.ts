/** Everybody in turns, round after round: what else the machine does changes by the second. */
import type { Figures } from '../figure.ts';
import type { Contestant } from './contest.ts';
import { median, range } from './numbers.ts';

export interface Throughput {
  readonly changes: number;
  readonly runs: number;
  readonly ours: Contestant;
  readonly peers: readonly Contestant[];
  /** Rows a second. */
  readonly copy: () => Promise<number>;
  readonly figures: Figures;
  readonly say: (line: string) => void;
}

interface Times {
  readonly save: number[];
  readonly push: number[];
  readonly pull: number[];
}

/** What is allowed of a peer's time. */
const MUSTS: Readonly<Record<string, { push: number; pull: number }>> = {
  Actual: { push: 1.25, pull: 0.5 },
  PouchDB: { push: 0.5, pull: 0.3 },
};

const by = (mine: readonly number[], theirs: readonly number[]): number[] =>
  mine.map((ms, at) => ms / (theirs[at] ?? Number.NaN));

const told = (times: readonly number[]): string => `${median(times).toFixed(0)} ms (${range(times)})`;

function linesOf(name: string, changes: number, { save, push, pull }: Times): string[] {
  const both = save.map((ms, at) => ms + (push[at] ?? Number.NaN));
  return [
    `${name}: ${changes} changes pushed in ${told(push)}, pulled and applied in ${told(pull)}`,
    `${name}: saved in ${told(save)}, saved and pushed in ${told(both)}`,
  ];
}

export async function measureThroughput(parts: Throughput): Promise<void> {
  const { changes, runs, ours, peers, copy, figures, say } = parts;
  const all = [ours, ...peers];
  const times = new Map<string, Times>(all.map(({ name }) => [name, { save: [], push: [], pull: [] }]));
  const rates: number[] = [];
  // The first round is nobody's: until everything that runs often is compiled.
  for (let run = -1; run < runs; run += 1) {
    for (const one of run % 2 === 0 ? all : all.toReversed()) {
      const [{ saved, pushed }, pull] = [await one.push(), await one.pull()];
      if (run < 0) continue;
      const of = times.get(one.name);
      of?.save.push(saved);
      of?.push.push(pushed);
      of?.pull.push(pull);
    }
    const rate = await copy();
    if (run >= 0) rates.push(rate);
  }
  for (const [name, one] of times) for (const line of linesOf(name, changes, one)) say(line);
  say(`COPY: ${median(rates).toFixed(0)} rows a second (${range(rates)})`);
  const own = times.get(ours.name) ?? { push: [], pull: [] };
  for (const { name } of peers) {
    const theirs = times.get(name) ?? { push: [], pull: [] };
    const must = MUSTS[name] ?? { push: 1, pull: 1 };
    const [push, pull] = [by(own.push, theirs.push), by(own.pull, theirs.pull)];
    say(`of ${name}'s time: push ${range(push, 2)}, pull ${range(pull, 2)}`);
    figures.atMost(`sync_push_per_${name.toLowerCase()}`, median(push), must.push);
    figures.atMost(`sync_pull_per_${name.toLowerCase()}`, median(pull), must.pull);
  }
  const perCopy = own.push.map((ms, at) => (changes * 1_000) / ms / (rates[at] ?? Number.NaN));
  say(`push of COPY: ${range(perCopy, 3)}`);
  figures.atLeast('sync_push_per_copy', median(perCopy), 0.12);
}
