/**
 * Whether the database of a site is an older copy of itself and nobody told it so: without another epoch numbers would be given a second time, and no station would offer again what the
 * copy lacks. Two things prove it: the log of a process became shorter, and the site's own receipt for operations that it lacks. That a station says it was given more than there is
 * proves nothing, since it may say any number.
 */
import { Gauge, type Registry } from 'prom-client';
import type { Log } from '../../log.ts';

export interface SeenHistory {
  readonly epoch: number;
  readonly seq: number;
}

export interface WentBack {
  /** The log of a site as it is now; `said`: a number of it that a station says it was given. */
  seen(site: string, history: SeenHistory, said?: { readonly station: string; readonly after: number }): void;
  /** The site signed once that it received operations, and they are new to its log. */
  received(site: string, history: SeenHistory): void;
  /** Sites of which that is so. */
  sites(): readonly string[];
}

/** The history of a site that was never brought back; in later ones it lacks what it signed for, and knows. */
const FIRST_EPOCH = 1;
/** Reads overtake each other, by less than this. */
const SETTLED_MS = 30_000;

interface Mark extends SeenHistory {
  readonly at: number;
}

export function createWentBack(parts: {
  readonly log: Log;
  readonly registry: Registry;
  readonly now: () => number;
}): WentBack {
  const { log, now } = parts;
  /** The longest log that was seen, and of which history; a newer one takes its place when it has settled. */
  const longest = new Map<string, Mark>();
  const fallen = new Map<string, number>();
  /** Of which history a station said that it is longer: said once each. */
  const doubted = new Map<string, number>();
  const gauge = new Gauge({
    name: 'ap_sync_went_back',
    help: '1 where the database of a site is an older copy of itself: run "ap-intake site restored".',
    labelNames: ['site'],
    registers: [parts.registry],
  });

  function tell(site: string, { epoch, seq }: SeenHistory, had: number): void {
    if (fallen.get(site) === epoch) return;
    fallen.set(site, epoch);
    gauge.set({ site }, 1);
    log.error('the database went back to an older copy: run "ap-intake site restored"', {
      workspace: site,
      seq,
      count: had,
    });
  }
  function doubt(site: string, { epoch, seq }: SeenHistory, after: number, device: string): void {
    if (doubted.get(site) === epoch) return;
    doubted.set(site, epoch);
    log.warn('a station says that it was given more than there is: was the database brought back?', {
      workspace: site,
      seq,
      count: after,
      device,
    });
  }
  return {
    received(site, history) {
      if (history.epoch === FIRST_EPOCH) tell(site, history, history.seq);
    },
    seen(site, history, said) {
      const before = longest.get(site);
      const known = fallen.get(site);
      if (known !== undefined && known !== history.epoch) {
        fallen.delete(site);
        gauge.set({ site }, 0);
      }
      if (said !== undefined && said.after > history.seq) doubt(site, history, said.after, said.station);
      if (before?.epoch === history.epoch && history.seq < before.seq) {
        if (now() - before.at > SETTLED_MS) tell(site, history, before.seq);
        return;
      }
      // A log that stands still keeps the time at which it came to its length.
      if (before?.epoch !== history.epoch || history.seq > before.seq) longest.set(site, { ...history, at: now() });
    },
    sites: () => [...fallen.keys()],
  };
}
