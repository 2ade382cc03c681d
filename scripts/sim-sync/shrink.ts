/** Makes a history that fails smaller: leaves out events, and what the network does to messages, as long as it still fails. */
import type { Bug } from './bugs.ts';
import { runHistory } from './history.ts';
import type { Plan } from './plan.ts';

const MOST_TRIES = 400;

/** An error of the program is a failure as good as any. */
export function fails(plan: Plan, bug: Bug | null): boolean {
  try {
    return runHistory(plan, bug).problems.length > 0;
  } catch {
    return true;
  }
}

export function shrink(plan: Plan, bug: Bug | null): Plan {
  let smallest = plan;
  let tries = 0;
  const attempt = (smaller: Plan): boolean => {
    tries += 1;
    if (tries > MOST_TRIES || !fails(smaller, bug)) return false;
    smallest = smaller;
    return true;
  };
  for (const calm of [{ drop: 0 }, { twice: 0 }, { crash: 0 }, { slowestMs: 50 }, { refusals: 0 }, { largest: 1_000 }])
    attempt({ ...smallest, ...calm });
  for (let size = Math.ceil(smallest.events.length / 2); size >= 1; size = size === 1 ? 0 : Math.ceil(size / 2)) {
    for (let at = 0; at < smallest.events.length;) {
      const events = smallest.events.toSpliced(at, size);
      if (!attempt({ ...smallest, events })) at += size;
    }
  }
  return smallest;
}
