/** The connection of a real database, without a site that answers. */
import { randomUUID } from 'node:crypto';
import { EventEmitter, once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { afterEach, expect, test } from 'vitest';
import { createLog } from '../log.ts';
import { closeAll, database, formerDevices } from '../store/sqlite/testing-sync.ts';
import { createStationLink } from './link.ts';
import { type KeptLink, openLinkStore } from './link-store.ts';
import { createFileSecrets, type Secrets } from './secrets.ts';

const silent = createLog({ write: () => undefined }, 'silent');
afterEach(closeAll);

const keptOf = (device: string): KeptLink => ({
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
});

test('a device that the site knows another history of is left for a new one, which a person connects', async () => {
  const own = await database();
  const { device } = own.store;
  const secrets = createFileSecrets(join(own.folder, 'keys.json'), undefined);
  const parts = { secrets, log: silent, now: Date.now, newMark: randomUUID, place: 'here' };
  const link = createStationLink({ ...parts, store: await openLinkStore(own.link) });
  const kept = keptOf(device);
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

/** As `secrets`, with a person in the way. */
const guarded = (secrets: Secrets, way: Partial<Secrets>): Secrets => ({ ...secrets, ...way });

/** What goes to the site with a request. */
async function sentBy(answering: (address: string) => Promise<void>): Promise<(string | undefined)[]> {
  const sent: (string | undefined)[] = [];
  const server = createServer((request, reply) => {
    sent.push(request.headers.authorization);
    reply.end('{}');
  });
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  await answering(`http://127.0.0.1:${(server.address() as AddressInfo).port}`).finally(() => {
    server.closeAllConnections();
    server.close();
  });
  return sent;
}
const inAMinute = (access: string) => ({ access, refresh: 'r', until: Date.now() + 60_000 });

test('who signs in while the token of the life before is looked up is who asks from then on', async () => {
  const own = await database();
  const { device } = own.store;
  const secrets = createFileSecrets(join(own.folder, 'keys.json'), undefined);
  await secrets.set('access-token', JSON.stringify({ access: 'old', until: Date.now() + 60_000 }));
  const parts = { log: silent, now: Date.now, newMark: randomUUID, place: 'here' };
  const store = await openLinkStore(own.link);
  const sent = await sentBy(async (address) => {
    await store.save({ ...keptOf(device), address }, randomUUID());
    const way = new EventEmitter();
    const looked = once(way, 'look');
    const going = once(way, 'go');
    const slow = guarded(secrets, {
      async get(name) {
        const value = await secrets.get(name);
        if (name !== 'access-token') return value;
        way.emit('look');
        await going;
        return value;
      },
    });
    const link = createStationLink({ ...parts, secrets: slow, store });
    const asked = link.authorisedFetch('/api/v1/me');
    await looked;
    await link.connect({ ...keptOf(device), address }, inAMinute('new'));
    way.emit('go');
    await (await asked).text();
    await (await link.authorisedFetch('/api/v1/me')).text();
    link.close();
  });
  expect(sent).toEqual(['Bearer new', 'Bearer new']);
});

test('a connection whose token cannot be kept leaves that of no earlier one', async () => {
  const own = await database();
  const { device } = own.store;
  const secrets = createFileSecrets(join(own.folder, 'keys.json'), undefined);
  await secrets.set('access-token', JSON.stringify({ access: 'old', until: Date.now() + 60_000 }));
  const full = guarded(secrets, {
    set: (name, value) =>
      name === 'access-token' ? Promise.reject(new Error('no space left')) : secrets.set(name, value),
  });
  const parts = { secrets: full, log: silent, now: Date.now, newMark: randomUUID, place: 'here' };
  const link = createStationLink({ ...parts, store: await openLinkStore(own.link) });
  await link.connect(keptOf(device), inAMinute('new'));
  expect(await secrets.get('access-token')).toBeUndefined();
  link.close();
});
