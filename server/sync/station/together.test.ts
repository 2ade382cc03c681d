/** The next invoice of a station, over a site that the test stands for: what its site does not have yet, or has read nowhere, is worked on all the same. */
import { randomUUID } from 'node:crypto';
import { expect, test } from 'vitest';
import type { Together } from '../../../core/contract/together-http.ts';
import type { Log } from '../../log.ts';
import { createStationTogether, type StationTogetherParts } from './together.ts';

const quiet: Log = { level: 'info', info: () => undefined, warn: () => undefined, error: () => undefined } as never;
const at = '2026-01-05T08:00:00.000Z';
const LATER = '2026-01-05T20:00:00.000Z';
const lease = (id: string) => ({ id, actor: 'user:b', device: 'other', deviceName: 'o', since: at, until: LATER });
const desk = (invoice: string, actor: string) => ({ invoice, actor, device: null, since: at, claimed: true });

function station() {
  const [person, device] = [randomUUID(), randomUUID()];
  const site = {
    view: { on: true, tag: 'one', desks: [], leases: [] } as Together,
    free: null as string | null,
    leased: new Map<string, readonly string[]>(),
  };
  const answer = (path: string): unknown => {
    if (path === '/api/v1/desks/next') return { invoice: site.free };
    const [, id] = /\/leases\/(.+)$/.exec(path) ?? [];
    if (id === undefined) return site.view;
    const invoices = site.leased.get(id) ?? [];
    const { length } = invoices;
    return { ...lease(id), size: length, left: length, invoices, end: null, endedAt: null, endedBy: null };
  };
  const together = createStationTogether({
    link: {
      state: () => ({ enrolled: true, trouble: null, site: 'main', user: { id: person } }),
      authorisedFetch: async (path: string) => {
        // Whoever waits for something else than it knows.
        if (path.includes('wait=')) await new Promise((resolve) => setTimeout(resolve, 1_000));
        return Response.json(answer(path));
      },
    },
    rows: { parcels: async () => [], saveParcel: async () => undefined, dropParcel: async () => undefined },
    store: { device },
    sync: { counts: async () => ({ unsent: 0 }) },
    hub: { streams: 1, publish: () => undefined },
    newId: randomUUID,
    now: () => performance.now(),
    log: quiet,
  } as unknown as StationTogetherParts);
  const leaseOf = (invoices: readonly string[]) => {
    const id = randomUUID();
    site.leased.set(id, invoices);
    return { ...lease(id), size: invoices.length, left: invoices.length };
  };
  return { together, site, leaseOf, me: `user:${person}` };
}

test('where the site has none of them free, the first that nobody else has is the next', async () => {
  const { together, site, leaseOf, me } = station();
  together.start();
  await expect.poll(() => together.view().on).toBe(true);
  const [first, second, third] = [randomUUID(), randomUUID(), randomUUID()];
  const all = [first, second, third];
  const next = (): Promise<string | null> => together.next(all, randomUUID());
  expect(await next()).toBe(first);
  site.free = third;
  expect(await next()).toBe(third);

  // Taken since this station heard of anybody, by somebody else or along; what is our own is no stranger's.
  site.free = null;
  const desks = [desk(first, 'user:b')];
  site.view = { ...site.view, tag: 'two', desks };
  expect(await next()).toBe(second);
  site.view = { ...site.view, tag: 'three', leases: [leaseOf([second])] };
  expect(await next()).toBe(third);
  site.view = { ...site.view, tag: 'four', desks: [...desks, desk(third, me)] };
  expect(await next()).toBe(third);
  site.view = { ...site.view, tag: 'five', desks: [...desks, desk(third, 'user:c')] };
  expect(await next()).toBeNull();
  await together.close();
});
