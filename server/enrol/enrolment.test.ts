import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import { createPublicKey, generateKeyPairSync, sign, verify } from 'node:crypto';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { type Device, deviceProofText } from '../../core/contract/access.ts';
import type { Person } from '../access/testing-people.ts';
import { sitePlace, type SitePlace, startServing, type TestServing } from '../site/testing.ts';
import { MOST_DEVICES } from '../access/devices.ts';
import type { Station } from '../station.ts';
import { type SiteLinkState } from './site-link.ts';
import { enrol, openTestStation, signInWhere, stepOf, type TestStation } from './testing-enrol.ts';

let place: SitePlace;
let site: TestServing;
beforeAll(async () => {
  place = await sitePlace();
  site = await startServing(place.config(undefined));
}, 60_000);
afterAll(async () => {
  await site.close();
  place.cleanUp();
});

const open: TestStation[] = [];
async function station(options: Parameters<typeof openTestStation>[0] = {}): Promise<TestStation> {
  const made = await openTestStation(options);
  open.push(made);
  return made;
}
afterEach(async () => {
  for (const one of open.splice(0)) await one.close();
});

const connected = ({ site: { link } }: Station): Extract<SiteLinkState, { enrolled: true }> => {
  const state = link.state();
  if (!state.enrolled) throw new Error('not connected');
  return state;
};
const wish = () => ({ address: place.origin, deviceName: 'Front desk' });
async function devicesOf(who: Person): Promise<Device[]> {
  const { access } = await site.people.signIn(who);
  return ((await (await site.people.request('/api/v1/me/devices', access)).json()) as { items: Device[] }).items;
}
async function connect(who: Person, options: Parameters<typeof openTestStation>[0] = {}): Promise<TestStation> {
  const made = await station(options);
  expect((await enrol(made, site.people, who, wish())).step).toBe('done');
  return made;
}
const turn = (text: string): string => Buffer.from(Buffer.from(text).toReversed()).toString();
const kind = (promise: Promise<unknown>): Promise<unknown> =>
  promise.then(
    () => 'answered',
    (error: { kind?: string; message: string }) => error.kind ?? error.message,
  );

describe.each(['browser', 'code'] as const)('by %s', (way) => {
  test('a station is connected: the site knows its database, its key and its person', async () => {
    const who = await site.people.person('reviewer');
    const made = await station();
    expect(made.station.site.link.state()).toEqual({ enrolled: false });
    made.station.site.enrolments.start({ ...wish(), way });
    const shown = await stepOf(made.station, 'signing-in');
    expect(shown.userCode === null).toBe(way === 'browser');
    const page = await signInWhere(site.people, shown, who);
    expect(page).toContain(way === 'browser' ? 'go back to the station' : 'The station is connected');
    expect(await stepOf(made.station, 'done')).toMatchObject({ address: place.origin, open: null, userCode: null });
    const { device } = made.station.context.store;
    expect(connected(made.station)).toMatchObject({
      site: 'main',
      address: place.origin,
      deviceId: device,
      deviceName: 'Front desk',
      user: { id: who.id, login: who.login },
      trouble: null,
    });
    const [listed] = await devicesOf(who);
    expect(listed).toMatchObject({ id: device, name: 'Front desk', platform: 'Linux', revokedAt: null });

    const { link } = made.station.site;
    const me = await link.authorisedFetch('/api/v1/me');
    const { siteKeys } = connected(made.station);
    expect(await me.json()).toMatchObject({ account: who.id, device, siteKeys });
    // By them alone snapshots are proved, whatever comes with one.
    expect(siteKeys).toHaveLength(1);
    const signature = await link.sign(Buffer.from('a head'));
    const key = createPublicKey({ key: { kty: 'OKP', crv: 'Ed25519', x: listed!.publicKey }, format: 'jwk' });
    expect(verify(null, Buffer.from('a head'), key, signature)).toBe(true);
  });
});

test('keys and sign-in are for this user alone, and in no log', async () => {
  const made = await connect(await site.people.person('reviewer'));
  const path = join(made.folder, 'own', 'keys.json');
  expect(statSync(path).mode & 0o777).toBe(0o600);
  const { items } = JSON.parse(readFileSync(path, 'utf8')) as { items: Record<string, { text: string }> };
  const { d } = JSON.parse(items['device-key']!.text) as { d: string };
  const { access } = JSON.parse(items['access-token']!.text) as { access: string };
  for (const secret of [d, items['refresh-token']!.text, access]) expect(made.logged()).not.toContain(secret);
});

const refreshTokenIn = (folder: string): string => {
  const text = readFileSync(join(folder, 'own', 'keys.json'), 'utf8');
  return (JSON.parse(text) as { items: Record<string, { text: string }> }).items['refresh-token']!.text;
};

// What ends at that moment loses the answer to a renewal, and is signed out by it.
test('a start renews nothing while the access token of the life before is good', async () => {
  const { folder, station: first } = await connect(await site.people.person('reviewer'));
  const before = refreshTokenIn(folder);
  await first.close();
  const { station: again } = await openTestStation({ folder });
  expect((await again.site.link.authorisedFetch('/api/v1/me')).status).toBe(200);
  expect(refreshTokenIn(folder)).toBe(before);
  await again.close();
});

test('after a restart it is connected still; tokens are renewed, one refresh for many requests', async () => {
  const who = await site.people.person('reviewer');
  const first = await connect(who);
  const { folder } = first;
  const before = refreshTokenIn(folder);
  await first.station.close();
  const later = Date.now() + 3_600_000;
  const { station: again } = await openTestStation({ folder, now: () => later });
  const ask = async (): Promise<number> => (await again.site.link.authorisedFetch('/api/v1/me')).status;
  expect(await Promise.all([ask(), ask(), ask()])).toEqual([200, 200, 200]);
  expect(refreshTokenIn(folder)).not.toBe(before);
  expect(connected(again)).toMatchObject({ trouble: null });
  await again.close();
});

test('revoked: told by whom and when, at once and after its tokens have ended; it works on and comes back as a new device', async () => {
  const who = await site.people.person('reviewer');
  const [now, later] = [await connect(who), await connect(who)];
  const { people } = site;
  const admin = await people.person('admin');
  const { access } = await people.signIn(admin);
  const before = connected(later.station).deviceId;
  for (const { station: one } of [now, later])
    await people.request(`/api/v1/devices/${connected(one).deviceId}/revoke`, access, { json: {} });

  expect(await kind(now.station.site.link.authorisedFetch('/api/v1/me'))).toBe('revoked');
  const name = `Person ${admin.login.split('@')[0]}`;
  const trouble = { kind: 'revoked', by: name, at: expect.any(String) as string };
  expect(connected(now.station).trouble).toMatchObject(trouble);

  // One that was away for days has no token left; its key is what it is told by.
  await later.station.close();
  const days = Date.now() + 3 * 86_400_000;
  const { station: back } = await openTestStation({ folder: later.folder, now: () => days });
  expect(await kind(back.site.link.authorisedFetch('/api/v1/me'))).toBe('revoked');
  expect(connected(back).trouble).toMatchObject(trouble);
  // Nothing is asked any more.
  expect(await kind(back.site.link.sign(Buffer.from('x')))).toBe('revoked');
  expect((await back.context.status()).place).toBe('station');

  expect((await enrol({ ...later, station: back }, people, who, wish())).step).toBe('done');
  expect(connected(back)).toMatchObject({ trouble: null, deviceName: 'Front desk' });
  expect(connected(back).deviceId).not.toBe(before);
  expect(connected(back).deviceId).toBe(back.context.store.device);
  // What is done from here on is done in the name of the device of today, without a new start.
  expect((await back.context.status()).actor).toBe(`local:${connected(back).deviceId}`);
  expect(back.context.actor).toBe(`local:${connected(back).deviceId}`);
  expect((await back.site.link.authorisedFetch('/api/v1/me')).status).toBe(200);
  await back.close();
});

test('signed out: says so, and the same device goes on after a new sign-in', async () => {
  const who = await site.people.person('reviewer');
  const made = await connect(who);
  const { deviceId } = connected(made.station);
  await site.site.access.users.disable('main', 'service:test', who.id);
  expect(await kind(made.station.site.link.authorisedFetch('/api/v1/me'))).toBe('signed-out');
  expect(connected(made.station).trouble).toMatchObject({ kind: 'signed-out' });
  await site.site.access.users.enable('main', 'service:test', who.id);
  await new Promise((resolve) => void setTimeout(resolve, 1_100));
  expect((await enrol(made, site.people, who, wish())).step).toBe('done');
  expect(connected(made.station)).toMatchObject({ deviceId, trouble: null });
});

test('disconnected: the sign-in ends at the site, too; connected again it is the same device', async () => {
  const who = await site.people.person('reviewer');
  const made = await connect(who);
  const { link } = made.station.site;
  const { deviceId } = connected(made.station);
  expect(await link.disconnect()).toBe(true);
  expect(link.state()).toEqual({ enrolled: false });
  expect(await kind(link.authorisedFetch('/api/v1/me'))).toBe('not-enrolled');
  expect((await enrol(made, site.people, who, wish())).step).toBe('done');
  expect(connected(made.station).deviceId).toBe(deviceId);
});

test('a copy of the whole folder goes on as another device, and the original stays what it was', async () => {
  const who = await site.people.person('reviewer');
  const original = await connect(who);
  const { deviceId } = connected(original.station);
  await original.station.close();
  const copy = mkdtempSync(join(tmpdir(), 'ap-copy-'));
  cpSync(original.folder, copy, { recursive: true });
  const second = await openTestStation({ folder: copy });
  expect(connected(second.station).trouble).toMatchObject({ kind: 'copied' });
  expect(second.station.context.store.device).not.toBe(deviceId);
  expect(await kind(second.station.site.link.authorisedFetch('/api/v1/me'))).toBe('copied');
  expect((await enrol(second, site.people, who, wish())).step).toBe('done');
  expect(connected(second.station).deviceId).toBe(second.station.context.store.device);

  const first = await openTestStation({ folder: original.folder });
  expect(connected(first.station)).toMatchObject({ deviceId, trouble: null });
  expect((await first.station.site.link.authorisedFetch('/api/v1/me')).status).toBe(200);
  await first.station.close();
  await second.station.close();
  rmSync(copy, { recursive: true });
});

test('a database that was brought back from an older copy is another device; so is one whose keys are gone', async () => {
  const made = await connect(await site.people.person('reviewer'));
  const { folder } = made;
  await made.station.close();
  const [database, older] = [join(folder, 'own', 'station.db'), join(folder, 'older.db')];
  cpSync(database, older);
  const { station: between } = await openTestStation({ folder });
  expect(connected(between).trouble).toBeNull();
  await between.close();
  cpSync(older, database);
  const { station: back } = await openTestStation({ folder });
  expect(connected(back).trouble).toMatchObject({ kind: 'copied' });
  await back.close();

  const other = await connect(await site.people.person('reviewer'));
  await other.station.close();
  const keys = join(other.folder, 'own', 'keys.json');
  writeFileSync(keys, 'torn');
  const { station: keyless } = await openTestStation({ folder: other.folder });
  expect(connected(keyless).trouble).toMatchObject({ kind: 'copied' });
  await keyless.close();
});

test('keys that cannot be read or written keep no station from working', async () => {
  const made = await connect(await site.people.person('reviewer'));
  const { folder } = made;
  await made.station.close();
  const keys = join(folder, 'own', 'keys.json');
  const kept = readFileSync(keys);
  rmSync(keys);
  mkdirSync(keys);
  const { station: without } = await openTestStation({ folder });
  expect(connected(without).trouble).toMatchObject({ kind: 'locked' });
  expect((await without.context.status()).place).toBe('station');
  await without.close();
  rmSync(keys, { recursive: true });
  writeFileSync(keys, kept, { mode: 0o600 });
  const { station: again } = await openTestStation({ folder });
  expect(connected(again).trouble).toBeNull();
  await again.close();
});

test('keys that cannot be kept are no connection; once they can, it is one', async () => {
  const who = await site.people.person('reviewer');
  const made = await station();
  const keys = join(made.folder, 'own', 'keys.json');
  mkdirSync(keys);
  expect(await enrol(made, site.people, who, wish())).toMatchObject({
    step: 'failed',
    failure: { code: 'not-kept', facts: { path: keys } },
  });
  expect(made.station.site.link.state()).toEqual({ enrolled: false });
  rmSync(keys, { recursive: true });
  expect((await enrol(made, site.people, who, wish())).step).toBe('done');
});

test('a key store that is away locks the connection, and opens it when it is back', async () => {
  const sealer = {
    name: 'backwards',
    seal: async (text: string) => turn(text),
    open: async (text: string) => turn(text),
  };
  const made = await connect(await site.people.person('reviewer'), { sealer });
  const { folder } = made;
  const { items } = JSON.parse(readFileSync(join(folder, 'own', 'keys.json'), 'utf8')) as {
    items: Record<string, { sealed: boolean; text: string }>;
  };
  expect(Object.values(items).map(({ sealed }) => sealed)).toEqual([true, true, true, true]);
  expect(() => JSON.parse(items['device-key']!.text) as unknown).toThrow(SyntaxError);
  await made.station.close();
  const { station: without } = await openTestStation({ folder });
  expect(connected(without).trouble).toMatchObject({ kind: 'locked' });
  expect(await kind(without.site.link.authorisedFetch('/api/v1/me'))).toBe('locked');
  await without.close();
  const { station: again } = await openTestStation({ folder, sealer });
  expect(connected(again).trouble).toBeNull();
  expect((await again.site.link.authorisedFetch('/api/v1/me')).status).toBe(200);
  await again.close();
});

test('a database that has begun with the history of a site goes to no other', async () => {
  const who = await site.people.person('reviewer');
  const made = await connect(who);
  const elsewhere = await sitePlace();
  const other = await startServing(elsewhere.config(undefined));
  const stranger = await other.people.person('reviewer');
  await made.station.site.link.disconnect();
  const database = new Database(join(made.folder, 'own', 'station.db'));
  database.prepare("INSERT INTO sync_state (site, epoch, cursor, site_hash) VALUES ('main', 1, 0, '')").run();
  database.close();
  expect(await enrol(made, other.people, stranger, { address: elsewhere.origin })).toMatchObject({
    failure: { code: 'other-site', facts: { address: place.origin, site: 'main' } },
  });
  expect((await enrol(made, site.people, who, wish())).step).toBe('done');
  await other.close();
  elsewhere.cleanUp();
});

test('given up, or begun again: the one before changes nothing any more', async () => {
  const who = await site.people.person('reviewer');
  const made = await station();
  const { enrolments, link } = made.station.site;
  enrolments.start({ ...wish(), way: 'browser' });
  const shown = await stepOf(made.station, 'signing-in');
  enrolments.cancel();
  expect(enrolments.current()).toBeNull();
  await signInWhere(site.people, shown, who).catch(() => 'nobody listens');
  expect(link.state()).toEqual({ enrolled: false });
  expect((await enrol(made, site.people, who, { ...wish(), way: 'code' })).step).toBe('done');
});

test('a stranger at the loopback address is told nothing and ends nothing', async () => {
  const who = await site.people.person('reviewer');
  const made = await station();
  made.station.site.enrolments.start({ ...wish(), way: 'browser' });
  const shown = await stepOf(made.station, 'signing-in');
  const back = new URL(new URL(shown.open!).searchParams.get('redirect_uri')!);
  for (const query of ['?code=x&state=guessed', '?error=access_denied', ''])
    expect((await fetch(`${back.href}${query}`)).status).toBe(404);
  expect((await fetch(`http://localhost:${back.port}/callback`)).status).toBe(403);
  expect(made.station.site.enrolments.current()?.step).toBe('signing-in');
  await signInWhere(site.people, shown, who);
  expect((await stepOf(made.station, 'done')).step).toBe('done');
});

test('who cancels on the page is told so, on the page and in the station', async () => {
  const made = await station();
  made.station.site.enrolments.start({ ...wish(), way: 'browser' });
  const shown = await stepOf(made.station, 'signing-in');
  const browser = site.people.browser();
  const first = await browser.open(shown.open!);
  const end = await browser.open(`${first.url}/cancel`, {});
  expect(await (await fetch(end.url)).text()).toContain('The station was not connected');
  expect(await stepOf(made.station, 'done')).toMatchObject({ step: 'failed', failure: { code: 'denied' } });
});

test('each device of a person is one of so many', async () => {
  const who = await site.people.person('reviewer');
  const { access } = await site.people.signIn(who);
  const { devices } = await fill(who, access);
  expect(devices).toBe(MOST_DEVICES);
  const made = await station();
  expect(await enrol(made, site.people, who, wish())).toMatchObject({
    step: 'failed',
    failure: { code: 'device-limit', facts: { most: String(MOST_DEVICES) } },
  });
  expect(made.station.site.link.state()).toEqual({ enrolled: false });
});

async function fill(who: Person, access: string): Promise<{ devices: number }> {
  let devices = 0;
  for (; devices < MOST_DEVICES; devices += 1) {
    const { publicKey, privateKey } = generateKeyPairSync('ed25519');
    const key = publicKey.export({ format: 'jwk' }).x ?? '';
    const proof = sign(null, Buffer.from(deviceProofText('main', who.id, key)), privateKey).toString('base64url');
    await site.people.request('/api/v1/me/devices', access, { json: { name: 'x', publicKey: key, proof } });
  }
  return { devices };
}

test('of another person at the same site: refused, with the way out', async () => {
  const made = await connect(await site.people.person('reviewer'));
  await made.station.site.link.disconnect();
  const other = await site.people.person('reviewer');
  expect(await enrol(made, site.people, other, wish())).toMatchObject({
    step: 'failed',
    failure: { code: 'device-of-another' },
  });
});
