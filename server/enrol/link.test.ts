/** The connection of a real database, without a site that answers. */
import { randomUUID } from 'node:crypto';
import { join } from 'node:path';
import { afterEach, expect, test } from 'vitest';
import { createLog } from '../log.ts';
import { closeAll, database, formerDevices } from '../store/sqlite/testing-sync.ts';
import { createStationLink } from './link.ts';
import { type KeptLink, openLinkStore } from './link-store.ts';
import { createFileSecrets } from './secrets.ts';

const silent = createLog({ write: () => undefined }, 'silent');
afterEach(closeAll);

test('a device that the site knows another history of is left for a new one, which a person connects', async () => {
  const own = await database();
  const { device } = own.store;
  const secrets = createFileSecrets(join(own.folder, 'keys.json'), undefined);
  const parts = { secrets, log: silent, now: Date.now, newMark: randomUUID, place: 'here' };
  const link = createStationLink({ ...parts, store: await openLinkStore(own.link) });
  const kept: KeptLink = {
    site: 'northwind',
    address: 'https://site.example',
    signIn: { issuer: 'https://site.example', clientId: 'station', scope: 'openid', audience: null },
    user: { id: 'u', name: 'Ada', login: 'ada' },
    device,
    deviceName: 'Desk 3',
    siteKeys: ['key'],
    enrolledAt: '2026-01-01T00:00:00.000Z',
    disconnectedAt: null,
    trouble: null,
  };
  await link.connect(kept, { access: 'a', refresh: 'r', until: Date.now() + 60_000 });
  const told: unknown[] = [];
  link.onChange((state) => told.push(state));
  await link.forked();
  expect(told).toMatchObject([{ enrolled: true, trouble: { kind: 'copied' } }]);
  expect(own.store.device).not.toBe(device);
  expect(formerDevices(own)).toEqual([device]);
  // Told twice, it is one new device.
  const next = own.store.device;
  await link.forked();
  expect(own.store.device).toBe(next);
  await expect(link.authorisedFetch('/api/v1/me')).rejects.toMatchObject({ kind: 'copied' });
  link.close();
});
