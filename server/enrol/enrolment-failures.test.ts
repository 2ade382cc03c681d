/** Every way in which connecting fails before a person has signed in, and the endpoints that the window uses. */
import { mkdtempSync, rmSync } from 'node:fs';
import { createServer, type RequestListener, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, describe, expect, test } from 'vitest';
import { LINK_VERSION, type SiteInfo } from '../../core/contract/access.ts';
import { type Enrolment, siteLinkApi, SiteLinkView } from '../../core/contract/site-link-http.ts';
import { readConfig } from '../config.ts';
import { type RunningServer, startServer } from '../serve.ts';
import { openTestStation, stepOf, type TestStation } from './testing-enrol.ts';

const closing: (() => unknown)[] = [];
afterEach(async () => {
  for (const close of closing.splice(0).toReversed()) await close();
});

async function answering(listener: RequestListener): Promise<string> {
  const server: Server = createServer(listener);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  closing.push(() => {
    server.closeAllConnections();
    server.close();
  });
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}
const json = (body: unknown, status = 200): RequestListener => {
  return (_request, reply) => {
    reply.writeHead(status, { 'content-type': 'application/json' });
    reply.end(JSON.stringify(body));
  };
};
const problem = (status: number, details: object): RequestListener =>
  json({ type: 'about:blank', title: 'x', status, detail: 'as it says', code: 'forbidden', details }, status);
const info = (more: Partial<SiteInfo>): SiteInfo => ({
  product: 'ap-intake',
  version: '9.0.0',
  link: { oldest: LINK_VERSION, newest: LINK_VERSION },
  signIn: null,
  ...more,
});

const elsewhere: RequestListener = (_request, reply) => {
  reply.writeHead(302, { location: 'https://ap.example.com/' }).end();
};
const link = (by: number): SiteInfo['link'] => ({ oldest: LINK_VERSION + by, newest: LINK_VERSION + by });

let station: TestStation | undefined;
async function failureAt(address: string): Promise<Enrolment['failure']> {
  if (station === undefined) {
    const made = (station = await openTestStation());
    closing.unshift(async () => {
      await made.close();
      station = undefined;
    });
  }
  station.station.site.enrolments.start({ address, way: 'code' });
  return (await stepOf(station.station, 'done')).failure;
}

describe('a site that is none, or not for this station', () => {
  test('what was typed', async () => {
    expect(await failureAt('two words')).toMatchObject({ code: 'address' });
    expect(await failureAt('http://ap.example.com')).toMatchObject({ code: 'plain-http' });
    expect(await failureAt('nowhere.invalid')).toMatchObject({ code: expect.stringMatching(/^un/) as string });
    expect(await failureAt('http://127.0.0.1:1')).toMatchObject({ code: 'unreachable' });
  });

  test('another product, a page of a proxy, a redirect', async () => {
    expect(await failureAt(await answering(json({ hello: 'world' })))).toMatchObject({ code: 'not-a-site' });
    expect(await failureAt(await answering((_, reply) => reply.end('<html>')))).toMatchObject({ code: 'not-a-site' });
    expect(await failureAt(await answering(json({}, 404)))).toMatchObject({ code: 'not-a-site' });
    expect(await failureAt(await answering(elsewhere))).toMatchObject({ code: 'not-a-site' });
    expect(await failureAt(await answering(json({}, 503)))).toMatchObject({ code: 'unreachable' });
  });

  test('another name, another version, no sign-in for stations', async () => {
    const named = await answering(problem(403, { reason: 'host', host: 'ap.example.com' }));
    expect(await failureAt(named)).toMatchObject({ code: 'other-name', facts: { host: 'ap.example.com' } });
    const newer = await answering(json(info({ link: link(1) })));
    expect(await failureAt(newer)).toMatchObject({ code: 'station-too-old', facts: { site: '9.0.0' } });
    expect(await failureAt(await answering(json(info({ link: link(-1) }))))).toMatchObject({ code: 'site-too-old' });
    expect(await failureAt(await answering(json(info({}))))).toMatchObject({ code: 'no-station-sign-in' });
  });

  test('a provider that sends people where they must not go', async () => {
    const issuer = await answering((request, reply) => {
      const origin = `http://${request.headers.host}`;
      const metadata = {
        issuer: origin,
        authorization_endpoint: 'file:///etc/passwd',
        token_endpoint: `${origin}/token`,
        response_types_supported: ['code'],
      };
      json(metadata)(request, reply);
    });
    const signIn = { issuer, clientId: 'x', scope: 'openid', audience: null };
    const address = await answering(json(info({ signIn })));
    expect(await failureAt(address)).toMatchObject({ code: 'not-a-site' });
    station!.station.site.enrolments.start({ address, way: 'browser' });
    expect((await stepOf(station!.station, 'done')).failure).toMatchObject({ code: 'not-a-site' });
  });
});

describe('the endpoints', () => {
  const { path } = siteLinkApi.getEnrolment;
  let server: RunningServer;
  async function start(workspace: 'demo' | 'own'): Promise<void> {
    const folder = mkdtempSync(join(tmpdir(), 'ap-link-'));
    const config = readConfig({ AP_DATA: folder, AP_THREADS: '1', AP_WORKSPACE: workspace });
    server = await startServer(config, { logTo: { write: () => undefined }, checkReplies: true });
    closing.push(async () => {
      await server.close();
      rmSync(folder, { recursive: true });
    });
  }
  async function ask(method: string, url: string, body?: object): Promise<{ status: number; body: unknown }> {
    const reply = await fetch(`${server.ready.url}${url}`, {
      method,
      headers: {
        authorization: `Bearer ${server.ready.token}`,
        ...(body === undefined ? {} : { 'content-type': 'application/json' }),
      },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    return { status: reply.status, body: await reply.json() };
  }

  test('alone, on the way, given up', async () => {
    await start('own');
    const alone = SiteLinkView.parse((await ask('GET', siteLinkApi.getSiteLink.path)).body);
    expect(alone).toMatchObject({ state: 'alone', mayConnect: true, address: null, keys: { keyStore: null } });
    expect((await ask('GET', path)).body).toEqual({ enrolment: null });
    expect((await ask('POST', path, { address: '', way: 'browser' })).status).toBe(400);
    const silent = await answering(() => undefined);
    const started = await ask('POST', path, { address: silent, way: 'browser' });
    expect(started.body).toMatchObject({ step: 'looking', failure: null });
    expect((await ask('GET', path)).body).toMatchObject({ enrolment: { address: silent } });
    expect((await ask('DELETE', path)).body).toEqual({ enrolment: null });
    expect((await ask('GET', path)).body).toEqual({ enrolment: null });
    expect((await ask('DELETE', siteLinkApi.disconnectSite.path)).body).toEqual({ told: false });
  });

  test('the demo is connected to nothing', async () => {
    await start('demo');
    expect((await ask('GET', siteLinkApi.getSiteLink.path)).body).toMatchObject({ state: 'alone', mayConnect: false });
    const refused = await ask('POST', path, { address: 'ap.example.com', way: 'code' });
    expect(refused).toMatchObject({ status: 409, body: { details: { reason: 'demo' } } });
  });
});
