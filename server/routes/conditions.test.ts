/** ETag and If-Match over HTTP: settings, transitions and what was learned of vendors are changed as they were seen, or not at all. */
import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Invoice } from '../../core/contract/invoice.ts';
import type { Settings } from '../../core/contract/settings.ts';
import type { Vendor, VendorSummary } from '../../core/contract/vendors.ts';
import { invoicePdf, type Reply } from '../testing.ts';
import { correctionOf, startClient, type TestClient, until } from '../testing-client.ts';

let client: TestClient;
beforeAll(async () => {
  client = await startClient();
});
afterAll(async () => {
  await client.close();
});

const tagOf = (reply: Reply): string => reply.headers.etag ?? '';
const put = (settings: Settings, tag?: string) =>
  client.request('/api/v1/settings', {
    method: 'PUT',
    json: settings,
    headers: tag === undefined ? {} : { 'if-match': tag },
  });
const post = (path: string, json: unknown, tag?: string) =>
  client.request(path, { json, headers: tag === undefined ? {} : { 'if-match': tag } });

const transit = (id: string, wish: object, tag?: string) =>
  post(`/api/v1/invoices/${id}/transitions`, { opId: randomUUID(), ...wish }, tag);

describe('settings', () => {
  test('are changed over what was seen, and without a condition as ever', async () => {
    const seen = await client.request('/api/v1/settings');
    const settings = seen.json<Settings>();
    expect(tagOf(seen)).toMatch(/^"[\w-]{22}"$/);
    const saved = await put({ ...settings, csvDecimal: ',' }, tagOf(seen));
    expect([saved.status, tagOf(saved) === tagOf(seen)]).toEqual([200, false]);
    const stale = await put({ ...settings, theme: 'dark' }, tagOf(seen));
    expect([stale.status, stale.headers['content-type']]).toEqual([
      412,
      expect.stringContaining('application/problem+json'),
    ]);
    expect(stale.json()).toMatchObject({ status: 412, code: 'precondition_failed' });
    const now = await client.request('/api/v1/settings');
    expect([tagOf(now), now.json<Settings>().theme]).toEqual([tagOf(saved), settings.theme]);
    expect((await put({ ...settings, theme: 'dark' }, `"other", ${tagOf(saved)}`)).status).toBe(200);
    expect((await put(settings, '*')).status).toBe(200);
    expect((await put(settings)).status).toBe(200);
    expect((await put(settings, 'no tag')).json()).toMatchObject({ status: 400, code: 'bad_request' });
  });

  test('of many who saw the same one changes them', async () => {
    const seen = await client.request('/api/v1/settings');
    const settings = seen.json<Settings>();
    const wishes = Array.from({ length: 6 }, (_, at) => put({ ...settings, minimumConfidence: at / 10 }, tagOf(seen)));
    const codes = (await Promise.all(wishes)).map(({ status }) => status);
    expect(codes.toSorted((a, b) => a - b)).toEqual([200, 412, 412, 412, 412, 412]);
  });

  test('who has them already is not sent them again', async () => {
    const tag = tagOf(await client.request('/api/v1/settings'));
    const known = await client.request('/api/v1/settings', { headers: { 'if-none-match': tag } });
    expect([known.status, tagOf(known), known.bytes.length]).toEqual([304, tag, 0]);
    expect((await client.request('/api/v1/settings', { headers: { 'if-none-match': '"x"' } })).status).toBe(200);
  });
});

describe('transitions', () => {
  test('take the tag of the invoice in place of its digest', async () => {
    const id = await client.takeOne('t.pdf', await invoicePdf({ number: 'T-1' }));
    const read = await client.read(id);
    const seen = await client.request(`/api/v1/invoices/${id}`);
    const corrected = await client.correct(id, [correctionOf(read, 'poNumber', 'PO-1')]);
    const now = await client.request(`/api/v1/invoices/${id}`);
    // What a change answers is tagged as what is read afterwards.
    expect(tagOf(corrected)).toBe(tagOf(now));
    expect(tagOf(now)).not.toBe(tagOf(seen));

    const hold = { to: 'on_hold', reason: 'asked' };
    expect((await transit(id, hold, tagOf(seen))).json()).toMatchObject({ status: 412, code: 'precondition_failed' });
    expect((await transit(id, { ...hold, digest: read.digest })).json()).toMatchObject({ status: 409, code: 'stale' });
    expect((await transit(id, hold)).json()).toMatchObject({ status: 428, code: 'precondition_required' });
    expect((await transit(id, hold, '*')).json()).toMatchObject({ status: 428, code: 'precondition_required' });
    // Both are given: both have to hold.
    expect((await transit(id, { ...hold, digest: read.digest }, tagOf(now))).status).toBe(409);
    expect((await transit(id, { ...hold, digest: now.json<Invoice>().digest }, tagOf(seen))).status).toBe(412);

    const opId = randomUUID();
    const held = await post(`/api/v1/invoices/${id}/transitions`, { opId, ...hold }, tagOf(now));
    expect([held.status, held.json<Invoice>().state]).toEqual([200, 'on_hold']);
    expect(tagOf(held)).toBe(tagOf(await client.request(`/api/v1/invoices/${id}`)));
    // The same request again, its answer was lost: it was done.
    const again = await post(`/api/v1/invoices/${id}/transitions`, { opId, ...hold }, tagOf(now));
    expect([again.status, tagOf(again)]).toEqual([200, tagOf(held)]);
    const back = await transit(id, { to: 'received', digest: held.json<Invoice>().digest }, '*');
    expect(back.json<Invoice>().state).toBe('received');
  });

  test('a new verdict is another thing to have seen, though no operation was written', async () => {
    const id = await client.takeOne('v.pdf', await invoicePdf({ number: 'V-1', wrongBy: 3 }));
    await client.read(id);
    const seen = await client.request(`/api/v1/invoices/${id}`);
    const { digest } = seen.json<Invoice>();
    const settings = (await client.request('/api/v1/settings')).json<Settings>();
    expect((await put({ ...settings, tolerances: { default: '5.00' } })).status).toBe(200);
    const now = await until('the verdict is another', async () => {
      const reply = await client.request(`/api/v1/invoices/${id}`);
      return tagOf(reply) === tagOf(seen) ? undefined : reply;
    });
    expect(now.json<Invoice>().digest).toBe(digest);
    expect((await transit(id, { to: 'confirmed' }, tagOf(seen))).status).toBe(412);
    expect((await transit(id, { to: 'confirmed' }, tagOf(now))).json<Invoice>().state).toBe('approved');
  });
});

describe('what was learned of a vendor', () => {
  test('is forgotten and brought back over what was seen', async () => {
    const id = await client.takeOne('l.pdf', await invoicePdf({ number: 'L-1', vendor: 'Bramble & Sons Ltd' }));
    const read = await client.read(id);
    const corrected = (await client.correct(id, [correctionOf(read, 'poNumber', 'PO-9')])).json<Invoice>();
    const wish = { opId: randomUUID(), to: 'confirmed', digest: corrected.digest, reason: 'checked' };
    expect((await post(`/api/v1/invoices/${id}/transitions`, wish)).status).toBe(200);
    const vendor = await until('the lesson is learned', async () => {
      const { items } = (await client.request('/api/v1/vendors')).json<{ items: VendorSummary[] }>();
      return items.find(({ name }) => name.startsWith('Bramble'))?.vendor;
    });
    const path = `/api/v1/vendors/${vendor}`;
    const seen = await client.request(path);
    const forgotten = await post(`${path}/forget`, {}, tagOf(seen));
    expect([forgotten.status, forgotten.json<Vendor>().active]).toEqual([200, 0]);
    expect(tagOf(forgotten)).toBe(tagOf(await client.request(path)));
    expect((await post(`${path}/restore`, {}, tagOf(seen))).json()).toMatchObject({ code: 'precondition_failed' });
    expect((await client.request(path)).json<Vendor>().active).toBe(0);
    const both = ['restore', 'restore'].map((what) => post(`${path}/${what}`, {}, tagOf(forgotten)));
    const codes = (await Promise.all(both)).map(({ status }) => status);
    expect(codes.toSorted((a, b) => a - b)).toEqual([200, 412]);
    // Without a condition it changes nothing more, and says so.
    expect((await post(`${path}/restore`, {})).json<Vendor>().active).toBe(1);
  });
});
