/** One at a time, in the order of arrival. A failure ends its own work only. */
export type Lane = <T>(work: () => Promise<T>) => Promise<T>;

export function createLane(): Lane {
  let last: Promise<unknown> = Promise.resolve();
  return (work) => {
    const mine = last.then(work, work);
    last = mine.catch(() => undefined);
    return mine;
  };
}

export type KeyedLane = <T>(keys: readonly string[], work: () => Promise<T>) => Promise<T>;

/** A lane for each key: what has one in common goes one after the other, everything else side by side. */
export function createKeyedLane(): KeyedLane {
  const last = new Map<string, Promise<void>>();
  return (keys, work) => {
    const before = keys.flatMap((key) => last.get(key) ?? []);
    const mine = Promise.all(before).then(work);
    const leave = (): void => {
      for (const key of keys) if (last.get(key) === ended) last.delete(key);
    };
    const ended: Promise<void> = mine.then(leave, leave);
    for (const key of keys) last.set(key, ended);
    return mine;
  };
}
