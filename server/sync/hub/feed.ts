/**
 * How stations hear that the log of their site went on. This process tells of what it added, the others by the bus; without a bus whoever waits looks once a second. Those who
 * wait are woken together, and a site not more often than every half second: pages are then read once for all of them.
 */
import type { Log } from '../../log.ts';
import type { Bus } from '../../queue/bus.ts';

const WAKE_MS = 500;
/** Between two words to the other processes about one site. */
const TELL_MS = 100;
const LOOK_MS = 1_000;

export interface FeedParts {
  readonly bus: Bus;
  readonly log: Log;
  /** The newest number of a site's log. */
  readonly look: (site: string) => Promise<number>;
}

export interface Feed {
  /** This process added to the log. */
  readonly added: (site: string, seq: number) => void;
  /** Until the site may be woken again, where there is more than `after`; at once otherwise. */
  turn(site: string, after: number, signal: AbortSignal): Promise<void>;
  /** Whether the log goes beyond `after` before the time is over. */
  wait(site: string, after: number, ms: number, signal: AbortSignal): Promise<boolean>;
  readonly waiting: (site: string) => number;
  close(): void;
}

interface Waiter {
  readonly after: number;
  readonly wake: (more: boolean) => void;
}

interface Place {
  seq: number;
  /** When those who waited were woken last. */
  wokenAt: number;
  waking: NodeJS.Timeout | undefined;
  readonly waiters: Set<Waiter>;
}

export function createFeed({ bus, log, look }: FeedParts): Feed {
  const places = new Map<string, Place>();
  let closed = false;

  function placeOf(site: string): Place {
    const known = places.get(site) ?? { seq: 0, wokenAt: -WAKE_MS, waking: undefined, waiters: new Set<Waiter>() };
    places.set(site, known);
    return known;
  }
  function wake(place: Place): void {
    place.waking = undefined;
    place.wokenAt = performance.now();
    for (const waiter of place.waiters) if (waiter.after < place.seq) waiter.wake(true);
  }
  /** Always later than whoever asks: they have to be among those who wait. */
  function wakeSoon(place: Place): void {
    if (place.waking !== undefined) return;
    const ms = Math.max(0, place.wokenAt + WAKE_MS - performance.now());
    place.waking = setTimeout(() => wake(place), ms);
  }
  function heard(site: string, seq: number): void {
    const place = placeOf(site);
    if (seq <= place.seq) return;
    place.seq = seq;
    if (place.waiters.size > 0) wakeSoon(place);
  }
  function wait(place: Place, after: number, ms: number, signal: AbortSignal): Promise<boolean> {
    if (closed || signal.aborted) return Promise.resolve(false);
    return new Promise((resolve) => {
      const end = (more: boolean): void => {
        clearTimeout(timer);
        signal.removeEventListener('abort', gone);
        place.waiters.delete(waiter);
        resolve(more);
      };
      const gone = (): void => end(false);
      const waiter: Waiter = { after, wake: end };
      const timer = setTimeout(gone, ms);
      signal.addEventListener('abort', gone);
      place.waiters.add(waiter);
      if (place.seq > after) wakeSoon(place);
    });
  }

  const leave = bus.onMessage((message) => {
    if (message.kind === 'log') heard(message.site, message.seq);
  });
  const timer = setInterval(() => {
    if (bus.available()) return;
    for (const [site, place] of places)
      if (place.waiters.size > 0)
        look(site).then(
          (seq) => heard(site, seq),
          (error: unknown) => log.warn('log not looked at', { error }),
        );
  }, LOOK_MS).unref();

  return {
    added: heard,
    async turn(site, after, signal) {
      const place = placeOf(site);
      const isSoon = performance.now() - place.wokenAt < WAKE_MS;
      if (place.seq > after && isSoon) await wait(place, after, WAKE_MS, signal);
    },
    wait: (site, after, ms, signal) => wait(placeOf(site), after, ms, signal),
    waiting: (site) => places.get(site)?.waiters.size ?? 0,
    close() {
      closed = true;
      leave();
      clearInterval(timer);
      for (const place of places.values()) {
        clearTimeout(place.waking);
        for (const waiter of place.waiters) waiter.wake(false);
      }
    },
  };
}

/** Tells the other processes of what this one adds: at once, and then not more often than they would listen. */
export function createLogTeller(bus: Bus): { readonly added: Feed['added']; close(): void } {
  const places = new Map<string, { seq: number; timer: NodeJS.Timeout | undefined }>();
  const tell = (site: string, seq: number): void => bus.tell({ kind: 'log', site, seq });
  return {
    added(site, seq) {
      const place = places.get(site) ?? { seq: 0, timer: undefined };
      places.set(site, place);
      if (seq <= place.seq) return;
      place.seq = seq;
      if (place.timer !== undefined) return;
      tell(site, seq);
      place.timer = setTimeout(() => {
        place.timer = undefined;
        if (place.seq > seq) tell(site, place.seq);
      }, TELL_MS).unref();
    },
    close() {
      for (const { timer } of places.values()) clearTimeout(timer);
    },
  };
}
