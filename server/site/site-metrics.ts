/** Numbers of a site as operators see them beside those of every server: its sites' invoices, who is looking, and the connections to the database. */
import { Gauge, type Registry } from 'prom-client';
import { onceAScrape, show } from '../gauges.ts';
import type { Desks } from './desks.ts';
import type { SiteStores } from './stores.ts';

export interface SiteMetricsParts {
  readonly registry: Registry;
  readonly sites: readonly string[];
  readonly stores: Pick<SiteStores, 'ping' | 'pool'>;
  readonly desks: Desks;
}

export function installSiteMetrics({ registry, sites, stores, desks }: SiteMetricsParts): void {
  const registers = [registry];
  const countersOf = async (site: string) => (await desks.of(site).workspace()).context.counters();
  const counters = onceAScrape(() => Promise.all(sites.map(async (site) => [site, await countersOf(site)] as const)));
  const invoices: Gauge<'site' | 'status'> = new Gauge({
    name: 'ap_invoices',
    help: 'Invoices by site and status.',
    labelNames: ['site', 'status'],
    registers,
    collect: () =>
      show(invoices, async () =>
        (await counters()).flatMap(([site, { byStatus }]) =>
          Object.entries(byStatus).map(([status, count]) => [{ site, status }, count] as const),
        ),
      ),
  });
  const done: Gauge<'site'> = new Gauge({
    name: 'ap_invoices_done_today',
    help: "Invoices confirmed since midnight of the site's time zone.",
    labelNames: ['site'],
    registers,
    collect: () =>
      show(done, async () => (await counters()).map(([site, { doneToday }]) => [{ site }, doneToday] as const)),
  });
  const streams = new Gauge({
    name: 'ap_event_streams',
    help: 'Screens that are open at this process, by site.',
    labelNames: ['site'],
    registers,
    collect() {
      for (const site of sites) streams.set({ site }, desks.of(site).hub.streams);
    },
  });
  const up = new Gauge({
    name: 'ap_database_up',
    help: '1 while the database answers this process; 0 otherwise: numbers that come from it are missing then.',
    registers,
    async collect() {
      const isUp = await stores.ping().then(
        () => true,
        () => false,
      );
      up.set(isUp ? 1 : 0);
    },
  });
  if (stores.pool() === undefined) return;
  const connections = new Gauge({
    name: 'ap_database_connections',
    help: 'Connections of this process to the database; waiting: requests that have none yet.',
    labelNames: ['state'],
    registers,
    collect() {
      const { total = 0, idle = 0, waiting = 0 } = stores.pool() ?? {};
      connections.set({ state: 'busy' }, total - idle);
      connections.set({ state: 'idle' }, idle);
      connections.set({ state: 'waiting' }, waiting);
    },
  });
}
