/** Who exports the invoices of a station that has, or had, a site. */
import { randomUUID } from 'node:crypto';
import { expect, test } from 'vitest';
import type { OpenStore } from '../open-store.ts';
import { sitePlace, startServing } from '../site/testing.ts';
import { enrol, openTestStation } from './testing-enrol.ts';

test('a connected station exports nothing, nor one that has left its site with invoices of it', async () => {
  const place = await sitePlace();
  const site = await startServing(place.config(undefined));
  const stores: OpenStore[] = [];
  const between = (opened: OpenStore): OpenStore => {
    stores.push(opened);
    return opened;
  };
  const made = await openTestStation({ between });
  const { exports } = made.station.context;
  const tried = (dryRun: boolean) =>
    exports
      .create({ format: 'csv', dryRun, batchId: randomUUID() })
      .catch((error: { details: object }) => error.details);
  expect(await tried(false)).toEqual({ skipped: [] });
  const who = await site.people.person('reviewer');
  expect((await enrol(made, site.people, who, { address: place.origin, deviceName: 'Front desk' })).step).toBe('done');
  expect([await tried(false), await tried(true)]).toEqual([{ reason: 'site-only' }, { reason: 'site-only' }]);
  await made.station.site.link.disconnect();
  // Nothing of the site came here.
  expect(await tried(false)).toEqual({ skipped: [] });
  await stores[0]?.sync.begin(who.site, 1);
  expect([await tried(false), await tried(true)]).toEqual([{ reason: 'site-left' }, { reason: 'site-left' }]);
  await made.close();
  await site.close();
  place.cleanUp();
});
