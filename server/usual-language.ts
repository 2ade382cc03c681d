/** The language of most of the documents read lately: where the next scan is in it too, it is read once (decision 0012). */
import { setTimeout as sleep } from 'node:timers/promises';

export interface UsualLanguage {
  /**
   * ISO 639-1; undefined before the first document. Those that start while the first is being read wait for it a moment: it takes less than the
   * pass over a scan that the wrong language costs.
   */
  guess(): Promise<string | undefined>;
  saw(language: string): void;
}

/** A station that changes its customers changes its mind within a morning. */
const REMEMBERED = 15;
const PATIENCE_MS = 1_000;

export function createUsualLanguage(patienceMs = PATIENCE_MS): UsualLanguage {
  const last: string[] = [];
  let told: (() => void) | undefined;
  const first = new Promise<void>((resolve) => (told = resolve));
  let waiting: Promise<unknown> | undefined;
  return {
    async guess() {
      if (waiting === undefined) waiting = Promise.race([first, sleep(patienceMs, undefined, { ref: false })]);
      else await waiting;
      const counts = new Map<string, number>();
      // Latest first: of two as frequent, the later one wins.
      for (const language of last) counts.set(language, (counts.get(language) ?? 0) + 1);
      return [...counts].toSorted((a, b) => b[1] - a[1])[0]?.[0];
    },
    saw(language) {
      last.unshift(language);
      last.length = Math.min(last.length, REMEMBERED);
      told?.();
    },
  };
}
