/** The virtual clock: what happens at which millisecond, in one order for one seed. */
export interface Agenda {
  readonly now: () => number;
  at(ms: number, run: () => void): void;
  /** Runs what comes next; false where nothing does, or not before `until`. */
  step(until: number): boolean;
}

interface Entry {
  readonly at: number;
  readonly order: number;
  readonly run: () => void;
}

const isBefore = (a: Entry, b: Entry): boolean => a.at < b.at || (a.at === b.at && a.order < b.order);

export function createAgenda(): Agenda {
  const heap: Entry[] = [];
  let now = 0;
  let order = 0;
  const swap = (a: number, b: number): void => {
    const [one, other] = [heap[a], heap[b]];
    if (one === undefined || other === undefined) return;
    heap[a] = other;
    heap[b] = one;
  };
  const before = (a: number, b: number): boolean => {
    const [one, other] = [heap[a], heap[b]];
    return one !== undefined && other !== undefined && isBefore(one, other);
  };
  const down = (): void => {
    for (let at = 0; ;) {
      const [left, right] = [2 * at + 1, 2 * at + 2];
      const least = before(right, left) ? right : left;
      if (!before(least, at)) return;
      swap(at, least);
      at = least;
    }
  };
  return {
    now: () => now,
    at(ms, run) {
      heap.push({ at: Math.max(now, ms), order, run });
      order += 1;
      for (let at = heap.length - 1; at > 0 && before(at, (at - 1) >> 1); at = (at - 1) >> 1) swap(at, (at - 1) >> 1);
    },
    step(until) {
      const [next] = heap;
      if (next === undefined || next.at > until) {
        now = Math.max(now, until);
        return false;
      }
      swap(0, heap.length - 1);
      heap.pop();
      down();
      now = next.at;
      next.run();
      return true;
    },
  };
}
