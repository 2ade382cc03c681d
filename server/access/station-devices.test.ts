/** What stations need of a site beyond a person's sign-in: how to sign in at all, an id of their own, and to be told why they were removed. */
import { generateKeyPairSync, type KeyObject, randomUUID, sign } from 'node:crypto';
import * as oidc from 'openid-client';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { deviceProofText, standingProofText } from '../../core/contract/access.ts';
import { MOST_DEVICES } from './devices.ts';
import type { Person } from './testing-people.ts';
import { startSite, type TestSite } from './testing-site.ts';

let site: TestSite;
beforeAll(async () => {
  site = await startSite();
});
afterAll(() => site.close());

function keyPair() {
  const { publicKey, privateKey } = generateKeyPairSync('ed25519');
  return { key: publicKey.export({ format: 'jwk' }).x ?? '', privateKey };
}
const signed = (key: KeyObject, text: string): string => sign(null, Buffer.from(text), key).toString('base64url');

async function enrol(person: Person, access: string, device: string, pair = keyPair()) {
  const proof = signed(pair.privateKey, deviceProofText(person.site, person.id, pair.key, device));
  const wish = { name: 'Desk 4', device, platform: 'linux', version: '1.2.3', publicKey: pair.key, proof };
  const reply = await site.request('/api/v1/me/devices', access, { json: wish });
  return { pair, status: reply.status, body: (await reply.json()) as { id?: string; details?: object } };
}

const standing = async (at: string, device: string, proof: string): Promise<unknown> =>
  (await site.request('/api/v1/device-standing', undefined, { json: { site: at, device, proof } })).json();

test('whoever asks is told how stations sign in, and no more', async () => {
  expect(await (await site.request('/api/v1/site')).json()).toEqual({
    product: 'ap-intake',
    version: expect.any(String) as string,
    link: { oldest: 1, newest: 1 },
    signIn: { issuer: `${site.origin}/oidc`, clientId: 'ap-intake-station', scope: 'openid', audience: null },
  });
});

test('a station keeps the id of its database; another key never gets it', async () => {
  const person = await site.person('reviewer');
  const { access } = await site.signIn(person);
  const id = randomUUID();
  const first = await enrol(person, access, id);
  expect(first.body).toMatchObject({ id, platform: 'linux', version: '1.2.3' });
  const copy = await enrol(person, access, id);
  expect(copy.status).toBe(409);
  expect(copy.body.details).toMatchObject({ reason: 'device-known' });
  const other = await enrol(person, access, randomUUID(), first.pair);
  expect(other.body.details).toMatchObject({ reason: 'device-known' });
});

test('a proof is for one id', async () => {
  const person = await site.person('reviewer');
  const { access } = await site.signIn(person);
  const { key, privateKey } = keyPair();
  const proof = signed(privateKey, deviceProofText(person.site, person.id, key, randomUUID()));
  const wish = { name: 'x', device: randomUUID(), publicKey: key, proof };
  expect((await site.request('/api/v1/me/devices', access, { json: wish })).status).toBe(422);
});

test('removed: its tokens and its key are told when and by whom, nobody else is', async () => {
  const admin = await site.person('admin');
  const person = await site.person('reviewer');
  const { access } = await site.signIn(person);
  const id = randomUUID();
  const { pair } = await enrol(person, access, id);
  const ask = () => standing(person.site, id, signed(pair.privateKey, standingProofText(person.site, id)));
  expect(await ask()).toEqual({ standing: 'connected', revokedAt: null, revokedBy: null });

  const by = (await site.signIn(admin)).access;
  await site.request(`/api/v1/devices/${id}/revoke`, by, { json: {} });
  const name = `Person ${admin.login.split('@')[0]}`;
  const at = expect.any(String) as string;
  const refused = await (await site.request('/api/v1/me', access)).json();
  expect(refused).toMatchObject({ details: { reason: 'device-revoked', at, by: name } });
  expect(await ask()).toEqual({ standing: 'revoked', revokedAt: at, revokedBy: name });

  const unknown = { standing: 'unknown', revokedAt: null, revokedBy: null };
  const { privateKey } = keyPair();
  expect(await standing(person.site, id, signed(privateKey, standingProofText(person.site, id)))).toEqual(unknown);
  expect(await standing('nowhere', id, signed(pair.privateKey, standingProofText('nowhere', id)))).toEqual(unknown);
  expect(await standing(person.site, randomUUID(), 'A'.repeat(86))).toEqual(unknown);
});

test('a person has so many devices and no more; a revoked one makes room', async () => {
  const person = await site.person('reviewer');
  const { access } = await site.signIn(person);
  const first = await enrol(person, access, randomUUID());
  for (let n = 1; n < MOST_DEVICES; n += 1) await enrol(person, access, randomUUID());
  const over = await enrol(person, access, randomUUID());
  expect(over.status).toBe(409);
  expect(over.body.details).toMatchObject({ reason: 'device-limit', most: MOST_DEVICES });
  // By another sign-in: the first device's own is the one that ends.
  const other = await site.signIn(person);
  await site.request(`/api/v1/me/devices/${first.body.id}/revoke`, other.access, { json: {} });
  expect((await enrol(person, other.access, randomUUID())).status).toBe(200);
});

test('signed in anew, the sign-in before ends: it would outlive a revocation', async () => {
  const person = await site.person('reviewer');
  const before = await site.signIn(person);
  const id = randomUUID();
  const { pair } = await enrol(person, before.access, id);
  const after = await site.signIn(person);
  expect((await enrol(person, after.access, id, pair)).body.id).toBe(id);
  await expect(oidc.refreshTokenGrant(before.configuration, before.refresh)).rejects.toMatchObject({
    error: 'invalid_grant',
  });
  expect((await oidc.refreshTokenGrant(after.configuration, after.refresh)).access_token).toBeDefined();
});
