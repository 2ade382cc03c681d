/** Where the processes of a site cannot tell each other what happens (no Redis, or none at the moment), those with open streams look for it. */
import type { JobView } from '../core/contract/jobs.ts';
import type { Hub } from './hub.ts';
import type { Log } from './log.ts';
import type { Bus } from './queue/bus.ts';
import type { Queue } from './queue/queue.ts';
import type { Store } from './store/store.ts';

const POLL_MS = 2_000;
/** Looked back at the first look: what happened while nobody told. */
const BACK_MS = 5_000;
const MOST = 100;
/** With more jobs than that their number says more than each of them. */
const MOST_JOBS = 500;

export interface EventPollParts {
  readonly hub: Hub;
  readonly queue: Pick<Queue, 'list' | 'counts'>;
  readonly store: Pick<Store, 'invoices'>;
  /** Undefined where there is no Redis at all. */
  readonly bus?: Pick<Bus, 'available'>;
  readonly now: () => number;
  readonly log: Log;
  readonly pollMs?: number;
}

interface Changing {
  readonly id: string;
  readonly updatedAt: string;
}

const keyOf = ({ id, updatedAt }: Changing): string => `${id}@${updatedAt}`;
/** Two changes can bear one instant: what was seen at the last look is left out by name. */
const newer = <T extends Changing>(all: readonly T[], than: string, seen: ReadonlySet<string>): T[] =>
  all.filter((one) => one.updatedAt >= than && !seen.has(keyOf(one)));

export function createEventPoll(parts: EventPollParts): { stop(): void } {
  const { hub, queue, store, bus, now, log, pollMs = POLL_MS } = parts;
  let since: string | undefined;
  let looking = false;

  let seen: ReadonlySet<string> = new Set();

  const look = async (): Promise<void> => {
    const from = since ?? new Date(now() - BACK_MS).toISOString();
    const { waiting, running } = await queue.counts();
    const all: readonly JobView[] = waiting + running > MOST_JOBS ? [] : await queue.list();
    const jobs = newer(all, from, seen);
    const { items } = await store.invoices({ sort: 'updatedAt', order: 'desc', limit: MOST });
    const invoices = newer(items, from, seen);
    const upTo = [from, ...[...jobs, ...invoices].map((one) => one.updatedAt)].toSorted().at(-1) ?? from;
    seen = new Set([...all, ...items].filter((one) => one.updatedAt >= upTo).map(keyOf));
    since = upTo;
    for (const job of jobs) hub.publish({ type: 'job', job });
    for (const summary of invoices) hub.invoice(summary);
    hub.touch();
  };
  const tick = async (): Promise<void> => {
    if (hub.streams === 0 || bus?.available() === true) {
      since = undefined;
      return;
    }
    if (looking) return;
    looking = true;
    try {
      await look();
    } catch (error) {
      log.warn('events not polled', { error });
    } finally {
      looking = false;
    }
  };
  const timer = setInterval(() => void tick(), pollMs).unref();
  return { stop: () => clearInterval(timer) };
}
