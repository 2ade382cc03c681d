/** Histories by number: the same seed and number give the same history, on however many threads. */
import type { Bug } from './bugs.ts';
import { type Outcome, runHistory } from './history.ts';
import { drawPlan, type Plan } from './plan.ts';
import type { Problem } from './check.ts';
import type { Counters } from './world.ts';

/** Odd, so that the seeds of two runs do not walk over the same histories. */
const STRIDE = 0x9e3779b1;

export const planOf = (seed: number, history: number): Plan => drawPlan((Math.imul(seed, STRIDE) + history) >>> 0);

export interface Failure {
  readonly history: number;
  readonly problems: readonly Problem[];
}

export interface Tally {
  histories: number;
  readonly counters: Counters;
  readonly failures: Failure[];
}

export const emptyTally = (): Tally => ({
  histories: 0,
  counters: { ops: 0, rollbacks: 0, destroyed: 0, crashes: 0, requests: 0, refused: 0, conflicts: 0, numbered: 0 },
  failures: [],
});

function outcomeOf(plan: Plan, bug: Bug | null): Outcome {
  try {
    return runHistory(plan, bug);
  } catch (error) {
    const what = error instanceof Error ? (error.stack ?? error.message) : String(error);
    return { problems: [{ kind: 'diverged', what }], counters: emptyTally().counters };
  }
}

export function add(tally: Tally, { histories, counters, failures }: Tally): void {
  tally.histories += histories;
  for (const key of Object.keys(counters) as (keyof Counters)[]) tally.counters[key] += counters[key];
  tally.failures.push(...failures);
}

export function runOne(seed: number, history: number, bug: Bug | null = null): Tally {
  const { problems, counters } = outcomeOf(planOf(seed, history), bug);
  return { histories: 1, counters, failures: problems.length === 0 ? [] : [{ history, problems }] };
}

/** Every `step`th history from `first` on. */
export function runMany(seed: number, range: { first: number; end: number; step: number }): Tally {
  const tally = emptyTally();
  for (let at = range.first; at < range.end; at += range.step) add(tally, runOne(seed, at));
  return tally;
}

/** The first history that notices the error; undefined where none of them does. */
export function firstToNotice(bug: Bug, seed: number, most: number): number | undefined {
  for (let at = 0; at < most; at += 1) {
    const plan = planOf(seed, at);
    // An error of the program, or a history that fails anyway, is no proof of anything.
    if (runHistory(plan, bug).problems.length > 0 && runHistory(plan).problems.length === 0) return at;
  }
  return undefined;
}
