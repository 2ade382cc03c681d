/** Somebody has just signed in: a site that is away for a moment must not cost them that. Only for what may be asked twice. */
import { setTimeout as sleep } from 'node:timers/promises';
import { SiteRefusal } from './site-calls.ts';
import { SiteLinkError } from './site-link.ts';

const FIRST_MS = 500;
const LONGEST_MS = 5_000;
/** As long as a code of a sign-in is good for. */
const PATIENCE_MS = 60_000;

/** No answer, or one that a minute later may be another. */
const isPassing = (error: unknown): boolean =>
  error instanceof SiteRefusal
    ? error.status >= 500 || error.status === 429
    : error instanceof SiteLinkError && error.kind === 'unreachable';

/** Throws what it failed by last; the reason of the signal where it is given up. */
export async function patiently<T>(work: () => Promise<T>, signal: AbortSignal): Promise<T> {
  // A clock that is set in between is no reason to give up.
  const end = performance.now() + PATIENCE_MS;
  for (let tries = 0; ; tries += 1) {
    try {
      return await work();
    } catch (error) {
      if (!isPassing(error) || performance.now() > end) throw error;
    }
    await sleep(Math.min(LONGEST_MS, FIRST_MS * 2 ** tries), undefined, { signal });
  }
}
