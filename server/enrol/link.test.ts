/** The connection of a real database, without a site that answers. */
import { randomUUID } from 'node:crypto';
import { EventEmitter, once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { afterEach, expect, test } from 'vitest';
import { createLog } from '../log.ts';
import { closeAll, database, formerDevices } from '../store/sqlite/testing-sync.ts';
import { makeDeviceKey } from './device-key.ts';
import { createStationLink } from './link.ts';
import { type KeptLink, openLinkStore } from './link-store.ts';
import { createFileSecrets, LockedError, type Secrets } from './secrets.ts';

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

test('connected is told even where the disk had no place for the last word about it', async () => {
  const own = await database();
  const kept = createFileSecrets(join(own.folder, 'keys.json'), undefined);
  let noted = 0;
  const secrets: Secrets = {
    ...kept,
    set: async (name, value) => {
      if (name === 'incarnation') noted += 1;
      if (noted === 2) throw Object.assign(new Error('no space'), { code: 'ENOSPC' });
      await kept.set(name, value);
    },
  };
  const parts = { secrets, log: silent, now: Date.now, newMark: randomUUID, place: 'here' };
  const link = createStationLink({ ...parts, store: await openLinkStore(own.link) });
  const told: unknown[] = [];
  link.onChange((state) => told.push(state));
  const made = link.connect(keptOf(own.store.device), { access: 'a', refresh: 'r', until: Date.now() + 60_000 });
  await expect(made).rejects.toThrow('no space');
  expect(link.state()).toMatchObject({ enrolled: true });
  expect(told).toMatchObject([{ enrolled: true }]);
  link.close();
});

test('keys that did not open for a moment open again for who looks, without a new start', async () => {
  const own = await database();
  const { device } = own.store;
  const kept = createFileSecrets(join(own.folder, 'keys.json'), undefined);
  await makeDeviceKey(kept, device);
  let isHeld = false;
  const secrets: Secrets = {
    ...kept,
    get: (name) => (isHeld ? Promise.reject(new LockedError()) : kept.get(name)),
  };
  const clock = { ms: Date.now() };
  const parts = { secrets, log: silent, now: () => clock.ms, newMark: randomUUID, place: 'here' };
  const link = createStationLink({ ...parts, store: await openLinkStore(own.link) });
  await link.connect(keptOf(device), { access: 'a', refresh: 'r', until: Date.now() + 60_000 });
  isHeld = true;
  await expect(link.sign(new Uint8Array(1))).rejects.toMatchObject({ kind: 'locked' });
  link.look();
  isHeld = false;
  clock.ms += 10_000;
  link.look();
  await expect.poll(() => link.state()).toMatchObject({ enrolled: true, trouble: null });
  expect(await link.sign(new Uint8Array(1))).toHaveLength(64);
  link.close();
});

/** As `secrets`, with a person in the way. */
const guarded = (secrets: Secrets, way: Partial<Secrets>): Secrets => ({ ...secrets, ...way });

async function serving(
  answer: (request: IncomingMessage, reply: ServerResponse) => unknown,
  work: (address: string) => Promise<void>,
): Promise<void> {
  const server = createServer((request, reply) => void answer(request, reply));
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  await work(`http://127.0.0.1:${(server.address() as AddressInfo).port}`).finally(() => {
    server.closeAllConnections();
    server.close();
  });
}

/** What goes to the site with a request. */
async function sentBy(answering: (address: string) => Promise<void>): Promise<(string | undefined)[]> {
  const sent: (string | undefined)[] = [];
  await serving((request, reply) => {
    sent.push(request.headers.authorization);
    reply.end('{}');
  }, answering);
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

const part = (value: object): string => Buffer.from(JSON.stringify(value)).toString('base64url');

/** A site whose tokens end at once; each refresh token works once. Its clock is ahead of this one. */
async function renewing(work: (address: string) => Promise<void>, aheadMs = 0): Promise<string[]> {
  const renewed: string[] = [];
  const answer = async (request: IncomingMessage, reply: ServerResponse): Promise<void> => {
    const issuer = `http://${request.headers.host}`;
    const nowMs = Date.now() + aheadMs;
    reply.setHeader('date', new Date(nowMs).toUTCString());
    reply.setHeader('content-type', 'application/json');
    if (request.url === '/.well-known/openid-configuration')
      return void reply.end(JSON.stringify({ issuer, token_endpoint: `${issuer}/token` }));
    if (request.url !== '/token') return void reply.end('{}');
    const refresh = new URLSearchParams(await text(request)).get('refresh_token') ?? '';
    if (refresh !== `r${renewed.length}`) {
      reply.statusCode = 400;
      return void reply.end(JSON.stringify({ error: 'invalid_grant' }));
    }
    renewed.push(refresh);
    const seconds = Math.floor(nowMs / 1_000);
    const claims = { iss: issuer, sub: 'u', aud: 'station', iat: seconds, exp: seconds + 600 };
    const tokens = { access_token: 'a', token_type: 'bearer', expires_in: 1, refresh_token: `r${renewed.length}` };
    reply.end(JSON.stringify({ ...tokens, id_token: `${part({ alg: 'RS256' })}.${part(claims)}.c2ln` }));
  };
  await serving(answer, work);
  return renewed;
}

async function connectedAt(address: string, way: Partial<Secrets> = {}) {
  const own = await database();
  const secrets = createFileSecrets(join(own.folder, 'keys.json'), undefined);
  const parts = { log: silent, now: Date.now, newMark: randomUUID, place: 'here' };
  const store = await openLinkStore(own.link);
  const signIn = { issuer: address, clientId: 'station', scope: 'openid', audience: null };
  await store.save({ ...keptOf(own.store.device), address, signIn }, randomUUID());
  await secrets.set('refresh-token', 'r0');
  return { secrets, link: createStationLink({ ...parts, secrets: guarded(secrets, way), store }) };
}

test('a disk that has no room for a new token signs nobody out, and gets it when there is room', async () => {
  let isFull = true;
  const renewed = await renewing(async (address) => {
    const noPlace = Object.assign(new Error('no space left on device'), { code: 'ENOSPC' });
    const { secrets, link } = await connectedAt(address, {
      set: (name, value) => (isFull ? Promise.reject(noPlace) : secrets.set(name, value)),
    });
    for (let n = 0; n < 2; n += 1) expect((await link.authorisedFetch('/api/v1/me')).status).toBe(200);
    expect(await secrets.get('refresh-token')).toBe('r0');
    isFull = false;
    await link.authorisedFetch('/api/v1/me');
    expect(await secrets.get('refresh-token')).toBe('r3');
    link.close();
  });
  expect(renewed).toEqual(['r0', 'r1', 'r2']);
});

test.each([-80, -0.001, 0, 10])('a sign-in is renewed where the clock of the site is %d years ahead', async (years) => {
  const renewed = await renewing(
    async (address) => {
      const { link } = await connectedAt(address);
      for (let n = 0; n < 2; n += 1) expect((await link.authorisedFetch('/api/v1/me')).status).toBe(200);
      link.close();
    },
    years * 365 * 86_400_000,
  );
  expect(renewed).toEqual(['r0', 'r1']);
});
