/**
 * Whether the database of a site is an older copy of itself and nobody told it so: without another epoch numbers would be given a second time, and no station would offer again what the
 * copy lacks. Two see it: a station that was given more of this history than there is, and a process whose own log became shorter.
 */
import { Gauge, type Registry } from 'prom-client';
import type { Log } from '../../log.ts';

export interface SeenHistory {
  readonly epoch: number;
  readonly seq: number;
}

export interface WentBack {
  /** The log of a site as it is now; `given`: a number of it that a station was given. */
  seen(site: string, history: SeenHistory, given?: { readonly station: string; readonly after: number }): void;
  /** Sites of which that is so. */
  sites(): readonly string[];
}

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
  const gauge = new Gauge({
    name: 'ap_sync_went_back',
    help: '1 where the database of a site is an older copy of itself: run "ap-intake site restored".',
    labelNames: ['site'],
    registers: [parts.registry],
  });

  function tell(site: string, { epoch, seq }: SeenHistory, had: number, station: string | undefined): void {
    if (fallen.get(site) === epoch) return;
    fallen.set(site, epoch);
    gauge.set({ site }, 1);
    log.error('the database went back to an older copy: run "ap-intake site restored"', {
      workspace: site,
      seq,
      count: had,
      ...(station === undefined ? {} : { device: station }),
    });
  }
  return {
    seen(site, history, given) {
      const before = longest.get(site);
      const known = fallen.get(site);
      if (known !== undefined && known !== history.epoch) {
        fallen.delete(site);
        gauge.set({ site }, 0);
      }
      if (given !== undefined && given.after > history.seq) tell(site, history, given.after, given.station);
      if (before?.epoch === history.epoch && history.seq < before.seq) {
        if (now() - before.at > SETTLED_MS) tell(site, history, before.seq, undefined);
        return;
      }
      // A log that stands still keeps the time at which it came to its length.
      if (before?.epoch !== history.epoch || history.seq > before.seq) longest.set(site, { ...history, at: now() });
    },
    sites: () => [...fallen.keys()],
  };
}
