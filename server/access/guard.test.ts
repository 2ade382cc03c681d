import { createPrivateKey, generateKeyPairSync, randomUUID, sign } from 'node:crypto';
import { exportJWK, generateKeyPair, SignJWT } from 'jose';
import * as oidc from 'openid-client';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { grants } from '../../core/access/can.ts';
import { ENDPOINT_ACTIONS } from '../../core/access/endpoints.ts';
import { ROLES, type Role } from '../../core/access/roles.ts';
import { accessApi, deviceProofText, type Device } from '../../core/contract/access.ts';
import { api } from '../../core/contract/http.ts';
import type { Endpoint } from '../endpoint.ts';
import type { Invoice } from '../../core/contract/invoice.ts';
import { until } from '../testing-client.ts';
import { ask, invoicePdf, upload } from '../testing.ts';
import { type Person } from './testing-people.ts';
import { startSite, type TestSite } from './testing-site.ts';

let site: TestSite;
beforeAll(async () => {
  site = await startSite();
});
afterAll(() => site.close());
// The provider's own clock cannot be set: what a test moved goes back.
afterEach(() => {
  site.clock.offsetMs = 0;
});

const endpoints = Object.entries<Endpoint>({ ...api, ...accessApi });

/** Times of tokens are whole seconds: the one in which everything was ended belongs to what was ended. */
const nextSecond = (): Promise<void> => new Promise((resolve) => void setTimeout(resolve, 1_100));

/** Asks with well-formed ids of nothing, and looks at the status alone: events never end. */
async function statusOf({ method, path, body }: Endpoint, headers: Readonly<Record<string, string>>): Promise<number> {
  const address = path
    .replace(':sha', 'a'.repeat(64))
    .replace(':page', '1')
    .replaceAll(/:\w+/g, () => randomUUID());
  const controller = new AbortController();
  const sent = body === null ? {} : { body: body === 'multipart' ? 'x' : '{}' };
  const type =
    body === null
      ? {}
      : { 'content-type': body === 'multipart' ? 'multipart/form-data; boundary=x' : 'application/json' };
  const reply = await fetch(`${site.origin}${address}`, {
    method,
    ...sent,
    headers: { ...type, ...headers },
    signal: controller.signal,
  });
  controller.abort();
  return reply.status;
}

function deviceKey(person: Person) {
  const { publicKey, privateKey } = generateKeyPairSync('ed25519');
  const key = publicKey.export({ format: 'jwk' }).x ?? '';
  const proofBy = (text: string) =>
    sign(null, Buffer.from(text), createPrivateKey(privateKey.export({ format: 'pem', type: 'pkcs8' }))).toString(
      'base64url',
    );
  return { publicKey: key, proof: proofBy(deviceProofText(person.site, person.id, key)), proofBy };
}

async function enrolled(role: Role) {
  const person = await site.person(role);
  const session = await site.signIn(person);
  const { publicKey, proof } = deviceKey(person);
  const reply = await site.request('/api/v1/me/devices', session.access, {
    json: { name: 'Desk 4', publicKey, proof },
  });
  return { person, ...session, publicKey, proof, reply, device: (await reply.json()) as Device };
}

async function transitionBy(token: string | undefined, to: string): Promise<number> {
  const wish = { opId: randomUUID(), to, digest: 'x' };
  return (await site.request(`/api/v1/invoices/${randomUUID()}/transitions`, token, { json: wish })).status;
}

describe('every endpoint, every role, no token, a revoked device', () => {
  const tokens: Partial<Record<Role, string>> = {};
  let revoked = '';
  beforeAll(async () => {
    for (const role of ROLES)
      tokens[role] =
        role === 'service' ? await (await site.service()).token() : (await site.signIn(await site.person(role))).access;
    const one = await enrolled('admin');
    revoked = one.access;
    await site.request(`/api/v1/devices/${one.device.id}/revoke`, tokens.admin, { json: {} });
  });

  test.each(endpoints)('%s', async (name, endpoint) => {
    // What is open looks at what it was sent: an empty body is not what it asks for.
    const nobody = endpoint.open !== true ? 401 : endpoint.body === null ? 200 : 400;
    expect(await statusOf(endpoint, {})).toBe(nobody);
    expect(await statusOf(endpoint, { authorization: 'Bearer x.y.z' })).toBe(nobody);
    expect(await statusOf(endpoint, { authorization: `Bearer ${revoked}` })).toBe(nobody);
    // One that does not say where to asks for the most.
    const action = name === 'transition' ? 'invoice.approve' : (ENDPOINT_ACTIONS[name] ?? 'workspace.switch');
    // Its own sign-out ends the sign-in that the other tests use.
    for (const role of name === 'signOut' ? [] : ROLES) {
      const status = await statusOf(endpoint, { authorization: `Bearer ${tokens[role]}` });
      const granted = action === 'open' || grants(role, action);
      expect([role, granted || status === 403]).toEqual([role, true]);
      expect([role, granted && (status === 401 || status === 403)]).toEqual([role, false]);
    }
  });

  test('a transition is allowed by what it leads to', async () => {
    expect(await transitionBy(tokens.reviewer, 'confirmed')).toBe(404);
    expect(await transitionBy(tokens.auditor, 'confirmed')).toBe(403);
    expect(await transitionBy(tokens.service, 'rejected')).toBe(403);
    expect(await transitionBy(tokens.reviewer, 'approved')).toBe(403);
    expect(await transitionBy(tokens.admin, 'approved')).toBe(403);
    expect(await transitionBy(tokens.approver, 'approved')).toBe(404);
  });

  test('the metrics are not on this listener, whoever asks', async () => {
    for (const role of ROLES) expect((await site.request('/metrics', tokens[role])).status).toBe(404);
    expect((await site.request('/metrics')).status).toBe(401);
    expect((await site.request('/nothing', tokens.admin)).status).toBe(404);
    expect((await site.request('/nothing')).status).toBe(401);
  });

  test('open without a token: health, sign-in, /docs, and nothing of the API', async () => {
    for (const path of ['/health', '/docs', '/oidc/.well-known/openid-configuration', '/sign-in/style.css'])
      expect([path, (await site.request(path)).status]).toEqual([path, 200]);
    const text = await (await site.request('/docs/json')).text();
    expect(text).toContain('/api/v1/users/{id}/disable');
  });

  test('people of another site are not there', async () => {
    const other = await site.person('admin', 'north');
    const { access } = await site.signIn(other);
    const mine = await site.person('reviewer');
    expect((await site.request(`/api/v1/users/${mine.id}`, access)).status).toBe(404);
    expect((await site.request(`/api/v1/users/${mine.id}/disable`, access, { json: {} })).status).toBe(404);
    const { items } = (await (await site.request('/api/v1/users', access)).json()) as { items: { login: string }[] };
    expect(items.map(({ login }) => login)).toEqual([other.login]);
  });
});

const encode = (value: unknown) => Buffer.from(JSON.stringify(value)).toString('base64url');

describe('access tokens', () => {
  test('one that was altered in any part is none', async () => {
    const { access } = await site.signIn(await site.person('reviewer'));
    const [header = '', payload = '', signature = ''] = access.split('.');
    const claims = JSON.parse(Buffer.from(payload, 'base64url').toString()) as Record<string, unknown>;
    const flipped = `${signature.startsWith('A') ? 'B' : 'A'}${signature.slice(1)}`;
    const bad = [
      `${header}.${payload}.${flipped}`,
      `${header}.${encode({ ...claims, sub: 'main:somebody' })}.${signature}`,
      `${encode({ alg: 'none', typ: 'at+jwt' })}.${payload}.`,
      `${header}.${payload}`,
      `${access}x`,
      '',
    ];
    for (const token of bad) expect((await site.request('/api/v1/me', token)).status).toBe(401);
    expect((await site.request('/api/v1/me', access)).status).toBe(200);
  });

  test('by another key, for another audience, an ID token, an old one: none', async () => {
    const { access, tokens } = await site.signIn(await site.person('reviewer'));
    const { privateKey, publicKey } = await generateKeyPair('ES256');
    const sub = tokens.claims()?.sub ?? '';
    const forged = async (kid: string) =>
      new SignJWT({ grant: 'x' })
        .setProtectedHeader({ alg: 'ES256', typ: 'at+jwt', kid, jwk: await exportJWK(publicKey) })
        .setSubject(sub)
        .setIssuer(`${site.origin}/oidc`)
        .setAudience(`${site.origin}/api`)
        .setIssuedAt()
        .setExpirationTime('5m')
        .sign(privateKey);
    const [header = ''] = access.split('.');
    const { kid } = JSON.parse(Buffer.from(header, 'base64url').toString()) as { kid: string };
    for (const token of [await forged(kid), await forged('other'), tokens.id_token])
      expect((await site.request('/api/v1/me', token)).status).toBe(401);
    site.clock.offsetMs += 11 * 60_000;
    expect((await site.request('/api/v1/me', access)).status).toBe(401);
    site.clock.offsetMs -= 11 * 60_000;
  });

  test('disabled: every token and session ends with the next request, and stays ended', async () => {
    const admin = await site.signIn(await site.person('admin'));
    const who = await site.person('reviewer');
    const { access, configuration, refresh } = await site.signIn(who);
    expect((await site.request(`/api/v1/users/${who.id}/disable`, admin.access, { json: {} })).status).toBe(200);
    expect((await site.request('/api/v1/me', access)).status).toBe(401);
    await expect(oidc.refreshTokenGrant(configuration, refresh)).rejects.toMatchObject({ error: 'invalid_grant' });
    expect((await site.request(`/api/v1/users/${who.id}/enable`, admin.access, { json: {} })).status).toBe(200);
    await expect(oidc.refreshTokenGrant(configuration, refresh)).rejects.toMatchObject({ error: 'invalid_grant' });
    await nextSecond();
    expect((await site.request('/api/v1/me', (await site.signIn(who)).access)).status).toBe(200);
  });

  test('a stream of events that runs ends, too', async () => {
    const who = await site.person('reviewer');
    const { access } = await site.signIn(who);
    const stream = await site.request('/api/v1/events', access);
    expect(stream.status).toBe(200);
    await site.access.users.disable('main', 'service:test', who.id);
    // Read to its end, which comes as a broken connection.
    expect(await stream.text().catch(() => 'ended')).toBe('ended');
  });

  test('a role holds from the next request on; one that needs a second factor has to sign in again', async () => {
    const admin = await site.signIn(await site.person('admin'));
    const who = await site.person('reviewer');
    const { access } = await site.signIn(who);
    const seen = await site.request(`/api/v1/users/${who.id}`, admin.access);
    const change = (role: Role, tag: string) =>
      site.request(`/api/v1/users/${who.id}`, admin.access, {
        method: 'PUT',
        body: JSON.stringify({ name: 'Changed', role, limits: [] }),
        headers: { 'content-type': 'application/json', 'if-match': tag },
      });
    const tag = seen.headers.get('etag') ?? '';
    // Nothing that an admin decides on.
    await site.signIn(who, site.browser());
    const auditor = await change('auditor', tag);
    expect(auditor.status).toBe(200);
    expect((await site.request(`/api/v1/invoices/${randomUUID()}/cancel`, access, { json: {} })).status).toBe(403);
    expect((await site.request('/api/v1/security-events', access)).status).toBe(200);
    expect((await change('approver', tag)).status).toBe(412);
    expect((await change('approver', '*')).status).toBe(428);
    const disable = { json: {}, headers: { 'if-match': tag } };
    expect((await site.request(`/api/v1/users/${who.id}/disable`, admin.access, disable)).status).toBe(412);
    const known = { headers: { 'if-none-match': auditor.headers.get('etag') ?? '' } };
    expect((await site.request(`/api/v1/users/${who.id}`, admin.access, known)).status).toBe(304);
    expect((await change('approver', auditor.headers.get('etag') ?? '')).status).toBe(200);
    expect((await site.request('/api/v1/me', access)).status).toBe(401);
    await nextSecond();
    const again = await site.signIn(who, site.browser());
    expect(who.recovery).toHaveLength(10);
    expect(await (await site.request('/api/v1/me', again.access)).json()).toMatchObject({ role: 'approver' });
  });

  test('other limits end no sign-in of an approver, not even the first one', async () => {
    const who = await site.person('approver');
    const limits = [{ currency: 'EUR', minor: '500000' }];
    await site.access.users.change('main', 'service:test', who.id, { name: 'Changed', role: 'approver', limits });
    const { access } = await site.signIn(who);
    await site.access.users.change('main', 'service:test', who.id, { name: 'Changed', role: 'approver', limits: [] });
    expect((await site.request('/api/v1/me', access)).status).toBe(200);
  });

  test('nobody changes the own account', async () => {
    const person = await site.person('admin');
    const { access } = await site.signIn(person);
    for (const what of ['disable', 'enable', 'second-factor/reset', 'invitation'])
      expect((await site.request(`/api/v1/users/${person.id}/${what}`, access, { json: {} })).status).toBe(403);
  });
});

describe('services', () => {
  test('sign in by their key alone; disabled they are out at once', async () => {
    const erp = await site.service();
    const token = await erp.token();
    expect(await (await site.request('/api/v1/me', token)).json()).toMatchObject({
      account: erp.user.id,
      role: 'service',
      name: 'ERP',
    });
    await site.access.users.disable('main', 'service:test', erp.user.id);
    expect((await site.request('/api/v1/me', token)).status).toBe(401);
    await expect(erp.token()).rejects.toMatchObject({ error: 'invalid_client' });
    expect((await site.access.users.enable('main', 'service:test', erp.user.id)).state).toBe('active');
    await nextSecond();
    expect((await site.request('/api/v1/me', await erp.token())).status).toBe(200);
  });

  test('are no people: no invitation, no other role; people are no services', async () => {
    const admin = (await site.signIn(await site.person('admin'))).access;
    const erp = await site.service();
    const invite = { login: 'robot@harbour.example', name: 'Robot', role: 'service' };
    expect((await site.request('/api/v1/users', admin, { json: invite })).status).toBe(409);
    expect((await site.request(`/api/v1/users/${erp.user.id}/invitation`, admin, { json: {} })).status).toBe(409);
    const tag = (await site.request(`/api/v1/users/${erp.user.id}`, admin)).headers.get('etag') ?? '';
    const change = await site.request(`/api/v1/users/${erp.user.id}`, admin, {
      json: { name: 'x', role: 'admin', limits: [] },
      method: 'PUT',
      headers: { 'if-match': tag },
    });
    expect(change.status).toBe(409);
  });
});

describe('devices', () => {
  test('enrolled by its key, named, listed, found with each request', async () => {
    const { reply, device, access, person } = await enrolled('reviewer');
    expect(reply.status).toBe(200);
    expect(device).toMatchObject({ name: 'Desk 4', account: person.id, revokedAt: null });
    expect(await (await site.request('/api/v1/me', access)).json()).toMatchObject({ device: device.id });
    const renamed = await site.request(`/api/v1/me/devices/${device.id}`, access, {
      method: 'PUT',
      body: JSON.stringify({ name: 'Front desk' }),
      headers: { 'content-type': 'application/json' },
    });
    expect(await renamed.json()).toMatchObject({ name: 'Front desk' });
    const other = await site.signIn(await site.person('reviewer'));
    expect((await site.request(`/api/v1/me/devices/${device.id}/revoke`, other.access, { json: {} })).status).toBe(404);
  });

  test('a proof by another key, or for another person, is none', async () => {
    const person = await site.person('reviewer');
    const { access } = await site.signIn(person);
    const [mine, theirs] = [deviceKey(person), deviceKey(await site.person('reviewer'))];
    const enrol = async (publicKey: string, proof: string) =>
      (await site.request('/api/v1/me/devices', access, { json: { name: 'x', publicKey, proof } })).status;
    expect(await enrol(mine.publicKey, theirs.proof)).toBe(422);
    expect(await enrol(theirs.publicKey, theirs.proof)).toBe(422);
    expect(await enrol('A'.repeat(43), mine.proof)).toBe(422);
    expect(await enrol('short', mine.proof)).toBe(400);
  });

  test('revoked: 401 with its reason at once, no new tokens, and its key comes back by no new sign-in', async () => {
    const admin = await site.signIn(await site.person('admin'));
    const { device, access, configuration, refresh, person, publicKey, proof } = await enrolled('reviewer');
    const other = await site.signIn(person);
    expect((await site.request(`/api/v1/devices/${device.id}/revoke`, admin.access, { json: {} })).status).toBe(200);
    const refused = await site.request('/api/v1/me', access);
    expect(refused.status).toBe(401);
    expect(await refused.json()).toMatchObject({ code: 'unauthorized', details: { reason: 'device-revoked' } });
    await expect(oidc.refreshTokenGrant(configuration, refresh)).rejects.toMatchObject({ error: 'invalid_grant' });
    // The person's other sign-ins are not the device's.
    expect((await site.request('/api/v1/me', other.access)).status).toBe(200);
    expect(
      (await site.request('/api/v1/me/devices', other.access, { json: { name: 'again', publicKey, proof } })).status,
    ).toBe(403);
  });

  test('after a new sign-in the same device is known again', async () => {
    const { device, person, publicKey, proof } = await enrolled('reviewer');
    const { access } = await site.signIn(person);
    const reply = await site.request('/api/v1/me/devices', access, { json: { name: 'Desk 4', publicKey, proof } });
    expect(await reply.json()).toMatchObject({ id: device.id });
    expect(await (await site.request('/api/v1/me', access)).json()).toMatchObject({ device: device.id });
  });
});

test('another host name for the same address is refused', async () => {
  const place = { port: site.port, token: 'x' };
  for (const host of ['evil.example', 'localhost', `127.0.0.1:1`])
    expect((await ask(place, '/sign-in/style.css', { headers: { host } })).status).toBe(403);
  expect((await ask(place, '/health', { headers: { host: 'api' } })).status).toBe(200);
});

test('an invoice through the site; export, download and settings are in the chain, a preview and a refusal are not', async () => {
  const who = await site.person('admin');
  const { access } = await site.signIn(who);
  const before = (await site.store.eventHead('main')).seq;
  const batchId = randomUUID();
  const make = (dryRun: boolean) =>
    site.request('/api/v1/exports', access, { json: { format: 'csv', dryRun, batchId } });
  expect((await make(false)).status).toBe(409);
  const sent = await upload({ port: site.port, token: access }, [
    { name: 'a.pdf', bytes: await invoicePdf({ number: 'A-1' }) },
  ]);
  const id = sent.json<{ results: { invoices: string[] }[] }>().results[0]?.invoices[0] ?? '';
  const invoice = await until('the reading', async () => {
    const seen = (await (await site.request(`/api/v1/invoices/${id}`, access)).json()) as Invoice;
    return seen.status === 'reading' ? undefined : seen;
  });
  const wish = { opId: randomUUID(), to: 'confirmed', digest: invoice.digest, reason: 'checked by hand' };
  expect((await site.request(`/api/v1/invoices/${id}/transitions`, access, { json: wish })).status).toBe(200);
  expect((await make(true)).status).toBe(200);
  expect((await make(false)).status).toBe(200);
  expect((await site.request(`/api/v1/exports/${batchId}/file`, access)).status).toBe(200);
  const settings = (await (await site.request('/api/v1/settings', access)).json()) as object;
  expect((await site.request('/api/v1/settings', access, { json: settings, method: 'PUT' })).status).toBe(200);
  const { items } = (await (await site.request('/api/v1/security-events?limit=10', access)).json()) as {
    items: { seq: number; kind: string; actor: string; data: Record<string, string> }[];
  };
  const told = items.filter(({ seq }) => seq > before).toReversed();
  const actor = `user:${who.id}`;
  expect(told.map((one) => [one.kind, one.actor, one.data])).toEqual([
    ['export', actor, { batch: batchId, format: 'csv' }],
    ['export', actor, { batch: batchId, what: 'file' }],
    ['settings', actor, {}],
  ]);
});
