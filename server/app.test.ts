/** What every route has in common, and what is no invoice. */
import { randomUUID } from 'node:crypto';
import { mkdtempSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { readConfig } from './config.ts';
import { startServer } from './serve.ts';
import { ask, invoicePdf } from './testing.ts';
import { startClient, type TestClient } from './testing-client.ts';

let client: TestClient;
beforeAll(async () => {
  client = await startClient();
});
afterAll(async () => {
  await client.close();
});

test('everything that is no success is a problem', async () => {
  for (const [path, asked, status] of [
    ['/api/v1/nothing', {}, 404],
    [`/api/v1/invoices/${randomUUID()}`, {}, 404],
    ['/api/v1/invoices/not-a-uuid', {}, 400],
    ['/api/v1/invoices?limit=0', {}, 400],
    ['/api/v1/settings', { method: 'PUT', json: { timeZone: 'Mars/Olympus' } }, 422],
    ['/api/v1/invoices/upload', { json: {} }, 415],
    ['/api/v1/exports', { json: { format: 'csv', batchId: randomUUID(), invoices: [randomUUID()] } }, 409],
    ['/%', {}, 400],
  ] as const) {
    const reply = await client.request(path, asked);
    expect([path, reply.status]).toEqual([path, status]);
    expect(reply.headers['content-type']).toContain('application/problem+json');
    expect(reply.json()).toMatchObject({
      status,
      type: expect.stringMatching(/^urn:/) as string,
      title: expect.any(String) as string,
    });
  }
});

test('a form that is none, ends early or holds too much is refused whole', async () => {
  const form = (body: string, boundary = '; boundary=b') =>
    client.request('/api/v1/invoices/upload', {
      method: 'POST',
      body,
      headers: { 'content-type': `multipart/form-data${boundary}` },
    });
  const open = '--b\r\ncontent-disposition: form-data; name="file"; filename="a.pdf"\r\n\r\nabc';
  for (const reply of [await form(open), await form('garbage'), await form('garbage', ''), await form('--b--\r\n')])
    expect([reply.status, reply.json()]).toMatchObject([400, { code: 'bad_request' }]);
  const files = Array.from({ length: 51 }, (_, n) => ({ name: `${n}.pdf`, bytes: Buffer.from(`file ${n}`) }));
  const { reply } = await client.take(files);
  expect(reply.json()).toMatchObject({ status: 413, code: 'too_large' });
  const { total } = (await client.request('/api/v1/invoices')).json<{ total: number }>();
  expect(total).toBe(0);
});

test('originals come with ranges and inert, pages as pictures', async () => {
  const bytes = await invoicePdf({ number: 'R-1' });
  const id = await client.takeOne('r.pdf', bytes);
  const { document } = await client.read(id);
  const path = `/api/v1/documents/${document.sha256}`;
  const whole = await client.request(path);
  expect(whole.bytes.equals(Buffer.from(bytes))).toBe(true);
  expect(whole.headers).toMatchObject({ 'content-type': 'application/pdf', 'x-content-type-options': 'nosniff' });
  expect(whole.headers['content-disposition']).toMatch(/^attachment/);
  const part = await client.request(path, { headers: { range: 'bytes=5-9' } });
  expect([part.status, part.bytes.length, part.headers['content-range']]).toEqual([
    206,
    5,
    `bytes 5-9/${bytes.length}`,
  ]);
  expect((await client.request(path, { headers: { range: `bytes=${bytes.length}-` } })).status).toBe(416);
  const picture = await client.request(`${path}/pages/1/image?dpi=60`);
  expect([picture.status, picture.headers['content-type']]).toEqual([200, 'image/webp']);
  expect(picture.bytes.subarray(8, 12).toString('latin1')).toBe('WEBP');
  const words = (await client.request(`/api/v1/invoices/${id}/pages/1/words`)).json<{ words: { text: string }[] }>();
  expect(words.words.map((word) => word.text)).toContain('INVOICE');
});

test('metrics, interface description and health', async () => {
  const metrics = (await client.request('/metrics')).bytes.toString('utf8');
  for (const name of [
    'ap_jobs_total',
    'ap_stage_seconds',
    'ap_pages_total',
    'ap_queue_jobs',
    'ap_event_loop_delay_seconds',
    'ap_http_request_seconds',
  ])
    expect(metrics).toContain(name);
  expect((await client.request('/metrics', { headers: { authorization: '' } })).status).toBe(401);
  expect((await client.request('/health', { headers: { authorization: '' } })).json()).toMatchObject({ status: 'ok' });
  const docs = await client.request('/docs/', { headers: { authorization: '' } });
  expect([docs.status, docs.headers['content-type']]).toEqual([200, 'text/html; charset=utf-8']);
  const description = (await client.request('/docs/json')).json<{ openapi: string; paths: Record<string, unknown> }>();
  expect(description.openapi).toBe('3.1.0');
  expect(Object.keys(description.paths)).toContain('/api/v1/invoices/{id}/corrections');
});

test('on a private socket: readable by its owner alone, and the window is answered', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'ap-socket-'));
  const socket = join(folder, 'server.sock');
  const config = readConfig({ AP_DATA: folder, AP_SOCKET: socket, AP_THREADS: '1' });
  const secluded = await startServer(config, { logTo: { write: () => undefined } });
  try {
    expect(secluded.ready).toMatchObject({ transport: 'socket', url: 'ap://app', socket });
    expect(process.platform === 'win32' ? 0o600 : statSync(socket).mode & 0o777).toBe(0o600);
    const reply = await ask({ socket }, '/api/v1/status', { headers: { origin: 'ap://app' } });
    expect(reply.json()).toMatchObject({ workspace: 'own' });
    await expect(startServer(config, { logTo: { write: () => undefined } })).rejects.toThrow(/in use by another/);
  } finally {
    await secluded.close();
  }
});
