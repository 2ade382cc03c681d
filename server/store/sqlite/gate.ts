/** Many may be in at once, or one that wants nobody else to be. */
export interface Gate {
  among<T>(run: () => Promise<T>): Promise<T>;
  /** Waits for those who are in; those who come wait for it. */
  alone<T>(run: () => Promise<T>): Promise<T>;
}

export function createGate(): Gate {
  const within = new Set<Promise<unknown>>();
  let shut: Promise<unknown> = Promise.resolve();
  return {
    async among(run) {
      for (let seen: Promise<unknown> | undefined; seen !== shut;) {
        seen = shut;
        await seen.catch(() => undefined); // its failure is told to whoever asked for it
      }
      const work = run();
      within.add(work);
      try {
        return await work;
      } finally {
        within.delete(work);
      }
    },
    alone(run) {
      const work = shut
        .catch(() => undefined)
        .then(async () => {
          await Promise.allSettled(within);
          return run();
        });
      shut = work;
      return work;
    },
  };
}
