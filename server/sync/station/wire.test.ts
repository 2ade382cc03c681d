import { gunzipSync } from 'node:zlib';
import { expect, test } from 'vitest';
import type { PushReply, WireOp } from '../../../core/contract/sync-http.ts';
import type { SiteLinkState, SiteRequest } from '../../enrol/site-link.ts';
import type { Offer } from '../../store/station-sync-store.ts';
import { createSyncWire, type Refused } from './wire.ts';

const DEVICE = '0b9c6d1e-4f7a-4c55-9f0e-0d6a4f6f2b11';
const signal = AbortSignal.timeout(60_000);

async function pushedTo(address: string) {
  const asked: SiteRequest[] = [];
  const reply: PushReply = { acked: 1, head: { seq: 1, site_hash: '0'.repeat(64), epoch: 1 }, results: [] };
  const wire = createSyncWire({
    link: {
      state: () => ({ enrolled: true, address }) as SiteLinkState,
      authorisedFetch: (_path, request = {}) =>
        Promise.resolve(void asked.push(request)).then(() => Response.json(reply)),
      sign: () => Promise.resolve(new Uint8Array(64)),
    },
    now: Date.now,
    onClock: () => undefined,
  });
  const ops: WireOp[] = [{ body: '{"value":"zwölf €"}'.repeat(200), content: null }];
  const offer: Offer = {
    device: DEVICE,
    own: true,
    isNew: true,
    first: 1,
    text: JSON.stringify(ops),
    count: ops.length,
    last: { devSeq: 1, hash: 'a'.repeat(64) },
    signed: null,
    publicKey: null,
  };
  const ready = await wire.ready('site', { epoch: 1, offer, waived: ['p'] });
  expect(await wire.push('site', ready, signal)).toEqual(reply);
  const { body = '', headers = {} } = asked[0] ?? {};
  const isPressed = headers['content-encoding'] === 'gzip';
  const text = isPressed ? gunzipSync(body as Uint8Array).toString() : (body as string);
  return { batch: JSON.parse(text) as unknown, ops, isPressed, wants: headers['accept-encoding'] };
}

test('a batch is the operations as the store printed them, and what proves them', async () => {
  const { batch, ops } = await pushedTo('https://site.example');
  const head = { device: DEVICE, dev_seq: 1, hash: 'a'.repeat(64), signature: expect.stringMatching(/^[\w-]{86}$/) };
  expect(batch).toEqual({ device: DEVICE, epoch: 1, first_dev_seq: 1, head, waived: ['p'], ops });
});

test('what leaves the machine is pressed, both ways; what stays on it is not', async () => {
  for (const address of [
    'https://site.example',
    'http://192.168.1.20:8080',
    'https://localhost.example',
    'http://[fd00::1]',
  ])
    expect(await pushedTo(address)).toMatchObject({ isPressed: true, wants: 'gzip' });
  for (const address of ['http://localhost:8080', 'http://127.0.0.1:8080', 'https://127.8.0.1', 'http://[::1]:8080'])
    expect(await pushedTo(address)).toMatchObject({ isPressed: false, wants: 'identity' });
});

const said = async (answer: Response): Promise<unknown> => {
  const wire = createSyncWire({
    link: {
      state: () => ({ enrolled: true, address: 'https://site.example' }) as SiteLinkState,
      authorisedFetch: () => Promise.resolve(answer),
      sign: () => Promise.resolve(new Uint8Array(64)),
    },
    now: Date.now,
    onClock: () => undefined,
  });
  return wire.head('site', signal).catch((error: Refused) => error.answer);
};
const problem = (status: number, details: object, type = 'application/problem+json') =>
  new Response(JSON.stringify({ type: '', title: '', status, detail: '', code: 'forbidden', details }), {
    status,
    headers: { 'content-type': type },
  });

test('what whoever stands before the site says is nothing about this station; a role is', async () => {
  for (const status of [400, 403])
    expect(await said(new Response('<h1>Blocked</h1>', { status }))).toEqual({ status: 502 });
  expect(await said(new Response('<h1>Too large</h1>', { status: 413 }))).toEqual({ status: 413 });
  expect(await said(problem(403, { reason: 'no-device' }))).toEqual({ status: 403, reason: 'no-device' });
  expect(await said(problem(403, { action: 'sync.push', role: 'auditor' }))).toEqual({ status: 403, reason: 'role' });
  // Words of a newer site are the site's all the same.
  const newer = new Response('{"code":"of-tomorrow"}', {
    status: 403,
    headers: { 'content-type': 'application/problem+json; charset=utf-8' },
  });
  expect(await said(newer)).toEqual({ status: 403 });
});
