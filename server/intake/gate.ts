/**
 * Files that are about to be taken in are waited for, a moment: taken together they cost one transaction instead of one each. Who is alone does not wait. Only those
 * are waited for whose bytes have all come: a slow line holds nobody up.
 */
export interface Gate {
  /** One is about to come; the returned function says that it is here, or will not come. */
  expect(): () => void;
  /** Resolves when all that were expected are here, or after a moment. */
  pass(): Promise<void>;
}

/** A fifth of what a file takes on its way where many come at once. */
const LONGEST_MS = 20;
/** From the store to the transaction. */
const LAST_STEP_MS = 1;

export function createGate(longestMs = LONGEST_MS): Gate {
  let coming = 0;
  let waiting: (() => void)[] = [];
  let timer: NodeJS.Timeout | undefined;

  const openIn = (ms: number): void => {
    clearTimeout(timer);
    timer = setTimeout(() => {
      timer = undefined;
      const all = waiting;
      waiting = [];
      for (const go of all) go();
    }, ms);
  };
  return {
    expect() {
      coming += 1;
      let isHere = false;
      return () => {
        if (isHere) return;
        isHere = true;
        coming -= 1;
        if (coming === 0 && waiting.length > 0) openIn(LAST_STEP_MS);
      };
    },
    async pass() {
      if (coming === 0 && waiting.length === 0) return;
      await new Promise<void>((resolve) => {
        waiting.push(resolve);
        if (timer === undefined) openIn(longestMs);
      });
    },
  };
}
