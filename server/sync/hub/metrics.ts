/** Sync as operators see it, by site. */
import { Counter, Gauge, Histogram, type Registry } from 'prom-client';
import { onceAScrape, show } from '../../gauges.ts';
import type { PushOutcome } from '../../store/hub-store.ts';

export interface SyncMetrics {
  pushed(site: string, outcome: PushOutcome): void;
  /** `behind`: what the station has not been given yet. */
  pulled(site: string, station: string, given: { readonly ops: number; readonly behind: number }): void;
}

export interface SyncNumbers {
  /** Invoices with a field or a row that only a person can settle. */
  readonly conflicts: number;
  /** Documents and readings that were named and have not come. */
  readonly blobs: number;
  /** Connected stations: seen within the last ten minutes or not, and removed ones. */
  readonly stations: Readonly<Record<'online' | 'offline' | 'revoked', number>>;
  /** Waiting for news at this process. */
  readonly waiting: number;
}

export interface SyncMetricsParts {
  readonly registry: Registry;
  readonly sites: readonly string[];
  readonly numbersOf: (site: string) => Promise<SyncNumbers>;
}

/** Longer than a station waits for news. */
const LATELY_MS = 60_000;
const BATCH = [1, 10, 50, 100, 250, 500, 1_000];

export function createSyncMetrics({ registry, sites, numbersOf }: SyncMetricsParts): SyncMetrics {
  const registers = [registry];
  const ops = new Counter({
    name: 'ap_sync_ops_total',
    help: 'Operations by site: pushed, pushed and refused by the rules, pulled.',
    labelNames: ['site', 'what'],
    registers,
  });
  const batches = new Counter({
    name: 'ap_sync_batches_total',
    help: 'Batches of operations that stations offered, by site and what came of them.',
    labelNames: ['site', 'outcome'],
    registers,
  });
  const sizes = new Histogram({
    name: 'ap_sync_batch_ops',
    help: 'New operations in a batch.',
    labelNames: ['site'],
    buckets: BATCH,
    registers,
  });
  const numbers = onceAScrape(() => Promise.all(sites.map(async (site) => [site, await numbersOf(site)] as const)));
  const gauge = (name: string, help: string, value: (of: SyncNumbers) => number): void => {
    const made: Gauge<'site'> = new Gauge({
      name,
      help,
      labelNames: ['site'],
      registers,
      collect: () => show(made, async () => (await numbers()).map(([site, of]) => [{ site }, value(of)] as const)),
    });
  };
  gauge('ap_sync_conflicts', 'Invoices with a conflict that a person has to settle.', (of) => of.conflicts);
  gauge(
    'ap_sync_blobs_missing',
    'Documents and readings that operations name and that have not come.',
    (of) => of.blobs,
  );
  gauge('ap_sync_waiting', 'Stations that wait for news at this process.', (of) => of.waiting);
  const stations: Gauge<'site' | 'state'> = new Gauge({
    name: 'ap_sync_stations',
    help: 'Connected stations by site and state; online: here within the last ten minutes.',
    labelNames: ['site', 'state'],
    registers,
    collect: () =>
      show(stations, async () =>
        (await numbers()).flatMap(([site, of]) =>
          Object.entries(of.stations).map(([state, count]) => [{ site, state }, count] as const),
        ),
      ),
  });
  const lags = new Map<string, { readonly site: string; readonly behind: number; readonly at: number }>();
  const lag = new Gauge({
    name: 'ap_sync_lag_ops',
    help: 'Operations that the slowest station that asked here lately has not been given yet.',
    labelNames: ['site'],
    registers,
    collect() {
      for (const [key, { at }] of lags) if (performance.now() - at > LATELY_MS) lags.delete(key);
      for (const site of sites)
        lag.set(
          { site },
          Math.max(0, ...[...lags.values()].filter((one) => one.site === site).map((one) => one.behind)),
        );
    },
  });
  return {
    pushed(site, outcome) {
      batches.inc({ site, outcome: outcome.kind });
      if (outcome.kind !== 'ok' || outcome.fresh === 0) return;
      ops.inc({ site, what: 'pushed' }, outcome.fresh);
      ops.inc({ site, what: 'refused' }, outcome.refused);
      sizes.observe({ site }, outcome.fresh);
    },
    pulled(site, station, given) {
      if (given.ops > 0) ops.inc({ site, what: 'pulled' }, given.ops);
      lags.set(`${site} ${station}`, { site, behind: given.behind, at: performance.now() });
    },
  };
}
