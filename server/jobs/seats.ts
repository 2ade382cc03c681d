/** So many at a time and no more; who comes first is served first. */
export interface Seats {
  /** Resolves when there is a seat; the returned function gives it back. */
  take(): Promise<() => void>;
}

export function createSeats(count: number): Seats {
  const waiting: (() => void)[] = [];
  let free = count;
  const give = (): void => {
    const next = waiting.shift();
    if (next === undefined) free += 1;
    else next();
  };
  const once = (): (() => void) => {
    let given = false;
    return () => {
      if (given) return;
      given = true;
      give();
    };
  };
  return {
    take: () =>
      new Promise((resolve) => {
        if (free > 0) {
          free -= 1;
          resolve(once());
        } else waiting.push(() => resolve(once()));
      }),
  };
}
