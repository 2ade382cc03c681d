/**
 * How the screens and stations of a site hear who is at what. This process tells of what it changed, the others by the bus; besides, whoever is being listened to looks now
 * and then, as what runs out tells nobody. All who wait are answered from one look.
 */
import { createHash } from 'node:crypto';
import type { Together } from '../../core/contract/together-http.ts';
import type { Log } from '../log.ts';
import type { Bus } from '../queue/bus.ts';
import type { DeskView } from '../store/desk-store.ts';

/** Between two looks, whatever happens. */
const GATHER_MS = 400;
const LOOK_MS = 5_000;
/** Without a bus nobody hears what other processes changed. */
const ALONE_MS = 2_000;
/** What was seen just now is told to whoever asks. */
const FRESH_MS = 1_000;

export interface WatchParts {
  readonly site: string;
  readonly look: () => Promise<DeskView>;
  readonly bus: Bus;
  readonly log: Log;
  /** Screens that are open here. */
  readonly listeners: () => number;
  readonly publish: (together: Together) => void;
}

export interface Watch {
  /** This process changed something. */
  readonly changed: () => void;
  now(): Promise<Together>;
  /** When it is another than `tag` stands for, or the time is over. */
  wait(tag: string, ms: number, signal: AbortSignal): Promise<Together>;
  close(): void;
}

const tagOf = (view: DeskView): string =>
  createHash('sha256').update(JSON.stringify(view)).digest('base64url').slice(0, 22);

export function createWatch({ site, look, bus, log, listeners, publish }: WatchParts): Watch {
  const waiters = new Set<(closing: boolean) => void>();
  let shown: Together | undefined;
  let lookedAt = -Infinity;
  let looking: Promise<Together> | undefined;
  let gathering: NodeJS.Timeout | undefined;
  let told: string | undefined;
  let closed = false;

  const isHeard = (): boolean => listeners() > 0 || waiters.size > 0;

  function fresh(): Promise<Together> {
    looking ??= (async () => {
      const view = await look();
      lookedAt = performance.now();
      const tag = tagOf(view);
      shown = { on: true, tag, desks: [...view.desks], leases: [...view.leases] };
      if (listeners() > 0 && tag !== told) {
        told = tag;
        publish(shown);
      }
      for (const wake of waiters) wake(false);
      return shown;
    })().finally(() => (looking = undefined));
    return looking;
  }
  function lookNow(): void {
    gathering = undefined;
    if (closed || !isHeard()) return;
    fresh().catch((error: unknown) => log.warn('who is at what not read', { error }));
  }
  function lookSoon(): void {
    // What is known is old, for whoever asks next.
    lookedAt = -Infinity;
    if (!closed && isHeard()) gathering ??= setTimeout(lookNow, GATHER_MS).unref();
  }
  const leave = bus.onMessage((message) => {
    if (message.kind === 'desks' && message.site === site) lookSoon();
  });
  const timer = setInterval(() => {
    const since = performance.now() - lookedAt;
    if (since >= (bus.available() ? LOOK_MS : ALONE_MS)) lookNow();
  }, ALONE_MS).unref();

  const now = async (): Promise<Together> =>
    shown !== undefined && performance.now() - lookedAt < FRESH_MS ? shown : fresh();

  return {
    changed() {
      bus.tell({ kind: 'desks', site });
      lookSoon();
    },
    now,
    async wait(tag, ms, signal) {
      const until = performance.now() + ms;
      for (let view = await now(); ; view = shown ?? view) {
        const left = until - performance.now();
        if (view.tag !== tag || left <= 0 || closed || signal.aborted) return view;
        await new Promise<void>((resolve) => {
          const end = (): void => {
            clearTimeout(over);
            signal.removeEventListener('abort', end);
            waiters.delete(end);
            resolve();
          };
          const over = setTimeout(end, left);
          signal.addEventListener('abort', end);
          waiters.add(end);
        });
      }
    },
    close() {
      closed = true;
      leave();
      clearInterval(timer);
      clearTimeout(gathering);
      for (const wake of waiters) wake(true);
    },
  };
}
