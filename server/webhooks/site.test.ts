/** Webhooks of a whole site, over HTTP: who may what, and what a receiver hears when people work. */
import { afterAll, beforeAll, expect, test } from 'vitest';
import { ENDPOINT_ACTIONS } from '../../core/access/endpoints.ts';
import { grants } from '../../core/access/can.ts';
import { ROLES, type Role } from '../../core/access/roles.ts';
import { type Webhook, type WebhookDelivery, webhooksApi } from '../../core/contract/webhooks.ts';
import { until } from '../queue/testing-site.ts';
import { type SitePlace, sitePlace, startServing, type TestServing } from '../site/testing.ts';
import { newId } from '../store/testing-webhooks.ts';
import { invoicePdf, multipart } from '../testing.ts';
import { isSigned, type Receiver, startReceiver } from './testing-receiver.ts';

let receiver: Receiver;
let place: SitePlace;
let site: TestServing;
const tokens: Partial<Record<Role, string>> = {};

beforeAll(async () => {
  receiver = await startReceiver();
  place = await sitePlace({ WEBHOOK_PRIVATE_HOSTS: receiver.host });
  site = await startServing(place.config(undefined));
  for (const role of ROLES)
    tokens[role] =
      role === 'service'
        ? await (await site.people.service()).token()
        : (await site.people.signIn(await site.people.person(role))).access;
}, 60_000);
afterAll(async () => {
  await site.close();
  place.cleanUp();
  await receiver.close();
});

interface Made {
  readonly webhook: Webhook;
  readonly secret: string;
}
const asked = (path: string, json?: unknown, init: RequestInit = {}): Promise<Response> =>
  site.people.request(`/api/v1/webhooks${path}`, tokens.admin, json === undefined ? init : { ...init, json });
const answer = async <T>(reply: Promise<Response>): Promise<T> => {
  const got = await reply;
  expect(got.status, await got.clone().text()).toBe(200);
  return (await got.json()) as T;
};
const subscribe = (...events: string[]): Promise<Made> =>
  answer<Made>(asked('', { url: `${receiver.url}/${events.length}`, events, note: 'ERP' }));

test.each(Object.entries(webhooksApi))('%s: by role, and nobody without a token', async (name, { method, path }) => {
  const address = path.replaceAll(/:\w+/g, newId());
  const sent = method === 'GET' ? { method } : { method, body: '{}', headers: { 'content-type': 'application/json' } };
  expect((await site.people.request(address, undefined, sent)).status).toBe(401);
  const action = ENDPOINT_ACTIONS[name];
  if (action === undefined || action === 'open') throw new Error('it has no action');
  for (const role of ROLES) {
    const { status } = await site.people.request(address, tokens[role], sent);
    expect([role, status === 403]).toEqual([role, !grants(role, action)]);
    expect([role, status < 500]).toEqual([role, true]);
  }
});

test('an upload is heard of: received and read, signed, by the address that the site is reached at', async () => {
  const { webhook, secret } = await subscribe('invoice.received', 'invoice.read', 'invoice.unreadable');
  const { body, type } = multipart([{ name: 'Rechnung Müller.pdf', bytes: await invoicePdf({ number: 'R-7' }) }]);
  const init = { method: 'POST', body: new Uint8Array(body), headers: { 'content-type': type } };
  const uploaded = await site.people.request('/api/v1/invoices/upload', tokens.reviewer, init);
  const { results } = (await uploaded.json()) as { results: { invoices: string[] }[] };
  const invoice = results[0]?.invoices[0] ?? '';
  await until('both', () => receiver.at('/3').length === 2, 60_000);
  const told = receiver.at('/3').map((each) => {
    expect(isSigned(each, secret, Date.now())).toBe(true);
    expect(each.body).not.toContain('Müller');
    return JSON.parse(each.body) as {
      type: string;
      site: string;
      data: { invoice: string; links: { invoice: string } };
    };
  });
  expect(told.map((each) => each.type).toSorted()).toEqual(['invoice.read', 'invoice.received']);
  for (const each of told) {
    expect(each).toMatchObject({ site: 'main', data: { invoice } });
    expect(each.data.links.invoice).toBe(`${place.origin}/api/v1/invoices/${invoice}`);
    // The link is the invoice, for who may see it.
    const linked = new URL(each.data.links.invoice).pathname;
    expect((await site.people.request(linked, await (await site.people.service()).token())).status).toBe(200);
  }
  const listed = async () =>
    answer<{ items: WebhookDelivery[] }>(asked(`/${webhook.id}/deliveries?state=delivered&limit=5`));
  await until('listed', async () => (await listed()).items.length === 2);
  const jobs = await site.people.request('/api/v1/jobs', tokens.admin);
  expect(((await jobs.json()) as { items: { name: string }[] }).items.map(({ name }) => name)).not.toContain('webhook');
}, 90_000);

test('made, changed over what was seen, pinged, rotated, disabled, deleted; each a security event, none with a secret', async () => {
  const { webhook, secret } = await subscribe('export.created', 'job.dead');
  const shown = await asked(`/${webhook.id}`);
  expect(shown.headers.get('etag')).toBe('"1"');
  expect(await shown.text()).not.toContain(secret.slice(6));
  expect(await answer(asked(`/${webhook.id}/ping`, {}))).toMatchObject({ delivered: true, status: 204 });
  expect(JSON.parse(receiver.at('/2').at(-1)!.body)).toMatchObject({ type: 'webhook.ping', data: {} });

  const wish = JSON.stringify({ url: `${receiver.url}/new`, events: ['invoice.void', 'invoice.read'] });
  const put = (match: string): Promise<Response> =>
    asked(`/${webhook.id}`, undefined, {
      method: 'PUT',
      body: wish,
      headers: { 'content-type': 'application/json', 'if-match': match },
    });
  expect((await put('*')).status).toBe(400);
  expect((await put('"9"')).status).toBe(409);
  expect(await answer(put('"1"'))).toMatchObject({ events: ['invoice.read', 'invoice.void'], note: '', version: 2 });
  const rotated = await answer<Made>(asked(`/${webhook.id}/secret`, {}));
  expect(rotated.secret).not.toBe(secret);
  await answer(asked(`/${webhook.id}/ping`, {}));
  const last = receiver.at('/new').at(-1)!;
  expect([secret, rotated.secret].map((each) => isSigned(last, each, Date.now()))).toEqual([true, true]);
  expect(await answer(asked(`/${webhook.id}/disable`, {}))).toMatchObject({ state: 'disabled', disabledBy: 'admin' });
  expect(await answer(asked(`/${webhook.id}/enable`, {}))).toMatchObject({ state: 'active', disabledBy: null });
  expect(await answer(asked(`/${webhook.id}/delete`, {}))).toEqual({ deleted: true });
  expect((await asked(`/${webhook.id}`)).status).toBe(404);

  const events = await site.people.request('/api/v1/security-events?limit=100', tokens.admin);
  const text = await events.text();
  const { items } = JSON.parse(text) as { items: { kind: string; actor: string; data: Record<string, string> }[] };
  const own = items.filter(({ kind, data }) => kind === 'webhook' && data['webhook'] === webhook.id).toReversed();
  expect(own.map(({ data }) => data['what'])).toEqual([
    'created',
    'changed',
    'secret',
    'disabled',
    'enabled',
    'deleted',
  ]);
  expect(own.every(({ actor }) => actor.startsWith('user:'))).toBe(true);
  for (const each of [secret, rotated.secret]) {
    expect(text).not.toContain(each.slice(6, 30));
    expect(site.logged()).not.toContain(each.slice(6, 30));
  }
});

test.each([
  ['a private address', { url: 'https://169.254.169.254/latest', events: ['invoice.read'] }, 403],
  ['plain http', { url: 'http://example.com/', events: ['invoice.read'] }, 403],
  ['no address', { url: 'erp', events: ['invoice.read'] }, 400],
  ['no event', { url: 'https://example.com/', events: [] }, 400],
  ['an event that does not exist', { url: 'https://example.com/', events: ['invoice.*'] }, 400],
  ['another scheme', { url: 'file:///etc/passwd', events: ['invoice.read'] }, 403],
])('refused: %s', async (_name, wish, status) => {
  expect((await asked('', wish)).status).toBe(status);
});
