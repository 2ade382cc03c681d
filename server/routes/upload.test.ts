/** Files over HTTP at the edges of what is allowed: too many, too large, broken off, asked twice at once, a store that is full. */
import { randomBytes, randomUUID } from 'node:crypto';
import { mkdtempSync } from 'node:fs';
import { request as httpRequest } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Readable } from 'node:stream';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { IntakeResult } from '../../core/contract/intake.ts';
import { api } from '../../core/contract/http.ts';
import { createApp } from '../app.ts';
import { readConfig } from '../config.ts';
import { openStation } from '../station.ts';
import { ask, multipart, type NamedBytes, upload } from '../testing.ts';
import { startClient, type TestClient } from '../testing-client.ts';

const MIB = 1024 * 1024;
let client: TestClient;
beforeAll(async () => {
  client = await startClient();
});
afterAll(async () => {
  await client.close();
});

const total = async (): Promise<number> =>
  (await client.request('/api/v1/invoices?limit=1')).json<{ total: number }>().total;
const fresh = (name: string, size = 200): NamedBytes => ({ name, bytes: randomBytes(size) });
const kinds = (results: readonly IntakeResult[]): string[] => results.map(({ kind }) => kind);

test('fifty files are one batch, fifty-one are none', async () => {
  const files = Array.from({ length: 51 }, (_, at) => fresh(`${at}.pdf`));
  const before = await total();
  const refused = await upload(client.place, files);
  expect(refused.json()).toMatchObject({ status: 413, code: 'too_large', details: { files: 50, bytes: 50 * MIB } });
  expect(await total()).toBe(before);
  const { reply, results } = await client.take(files.slice(0, 50));
  expect([reply.status, results.length]).toEqual([200, 50]);
  expect(results.map(({ file }) => file)).toEqual(files.slice(0, 50).map(({ name }) => name));
});

test('what is announced larger than any batch is refused before it is sent', async () => {
  const { type } = multipart([]);
  const announced = { 'content-type': type, 'content-length': String(50 * 50 * MIB + MIB), expect: '100-continue' };
  const refused = await ask(client.place, api.upload.path, { method: 'POST', headers: announced, body: '' }).catch(
    (error: unknown) => error,
  );
  expect(refused).toMatchObject({ status: 413 });
});

test('a file over the limit in the middle is refused alone; the batch may be larger than a file', async () => {
  const files = [fresh('a', 30 * MIB), fresh('big', 50 * MIB + 1), fresh('b', 30 * MIB), fresh('exact', 50 * MIB)];
  const { reply, results } = await client.take(files);
  expect([reply.status, kinds(results)]).toEqual([207, ['accepted', 'refused', 'accepted', 'accepted']]);
  expect(results[1]).toMatchObject({ file: 'big', reason: 'too-large', detail: 'The limit is 50 MB.' });
});

test('whoever breaks off in the middle has sent nothing, and may send it again with the same key', async () => {
  const files = [fresh('whole.pdf'), fresh('half.pdf', 3 * MIB)];
  const { body, type } = multipart(files);
  const key = randomUUID();
  const before = await total();
  const { port, token } = client.place;
  const headers = {
    authorization: `Bearer ${token}`,
    'content-type': type,
    'content-length': body.length,
    'idempotency-key': key,
  };
  await new Promise<void>((resolve) => {
    const broken = httpRequest({ host: '127.0.0.1', port, path: api.upload.path, method: 'POST', headers });
    broken.once('error', () => resolve());
    broken.write(body.subarray(0, MIB), () => broken.destroy(new Error('the line broke')));
  });
  await sleep(200);
  expect(await total()).toBe(before);
  const { results } = await client.take(files, key);
  expect(kinds(results)).toEqual(['accepted', 'accepted']);
  expect(await total()).toBe(before + 2);
  expect(client.logged()).not.toContain('request failed');
});

test('a form that ends in the middle is refused at once, wherever that is', async () => {
  const { body, type } = multipart([fresh('1.pdf', 40), fresh('2.pdf', 40)]);
  const before = await total();
  const places = Array.from({ length: body.length - 3 }, (_one, index) => index).filter((at) => at % 7 === 0);
  const answers = await Promise.all(
    places.map((at) =>
      ask(client.place, api.upload.path, { body: body.subarray(0, at), headers: { 'content-type': type } }),
    ),
  );
  expect(answers.filter((answer) => answer.status !== 400)).toEqual([]);
  expect(await total()).toBe(before);
  expect(client.logged()).not.toContain('request failed');
});

test('a file without a name is taken as one without a name', async () => {
  const { body, type } = multipart([fresh('x')]);
  // latin1 keeps every byte of the file as it is.
  const nameless = Buffer.from(body.toString('latin1').replace('; filename="x"', ''), 'latin1');
  const reply = await ask(client.place, api.upload.path, { body: nameless, headers: { 'content-type': type } });
  expect([reply.status, reply.json()]).toMatchObject([200, { results: [{ kind: 'accepted', file: 'unnamed' }] }]);
});

test('the same request many times at once is one request', async () => {
  const files = [fresh('once.pdf'), fresh('twice.pdf')];
  const key = randomUUID();
  const before = await total();
  const answers = await Promise.all(Array.from({ length: 8 }, () => upload(client.place, files, key)));
  for (const answer of answers) expect([answer.status, answer.json()]).toEqual([200, answers[0]?.json()]);
  expect(await total()).toBe(before + 2);
  for (const bad of ['', 'two words', 'x'.repeat(201), 'ü'])
    expect((await upload(client.place, files, bad)).json(), bad).toMatchObject({ status: 400, code: 'bad_request' });
});

describe('a store that is full', () => {
  test('is said for each file, asked once, and no such answer is kept under a key', async () => {
    const config = readConfig({
      AP_DATA: mkdtempSync(join(tmpdir(), 'ap-upload-')),
      AP_THREADS: '1',
      AP_TOKEN: 't'.repeat(43),
    });
    const station = await openStation(config, { logTo: { write: () => undefined } });
    const { context } = station;
    const { log, metrics } = context;
    const app = await createApp({ config, log, metrics, checkReplies: true, contexts: () => context });
    await app.listen({ port: 0, host: '127.0.0.1' });
    const place = { port: (app.server.address() as AddressInfo).port, token: config.token ?? '' };
    const take = async (files: readonly NamedBytes[], key: string) => {
      const reply = await upload(place, files, key);
      return { reply, ...reply.json<{ results: IntakeResult[] }>() };
    };
    const files = [fresh('1.pdf'), fresh('2.pdf'), fresh('3.pdf')];
    const { blobs } = context;
    const put = blobs.put.bind(blobs);
    let asked = 0;
    const full = Object.assign(new Error('no space left'), { code: 'ENOSPC' });
    Object.assign(blobs, {
      put: async (bytes: Readable, options: { maxBytes: number }) => {
        asked += 1;
        if (asked === 1) return put(bytes, options);
        throw full;
      },
    });
    const key = randomUUID();
    const first = await take(files, key);
    Object.assign(blobs, { put });
    expect([first.reply.status, asked]).toEqual([207, 2]);
    expect(first.results).toMatchObject([
      { kind: 'accepted', file: '1.pdf' },
      { kind: 'refused', file: '2.pdf', reason: 'storage' },
      { kind: 'refused', file: '3.pdf', reason: 'storage' },
    ]);
    const second = await take(files, key);
    expect([second.reply.status, kinds(second.results)]).toEqual([200, ['already', 'accepted', 'accepted']]);
    expect((await take(files, key)).results).toEqual(second.results);
    await app.close();
    await station.close();
  });
});

test('a server whose documents are on a disk says where the files may go instead', async () => {
  const file = { name: 'a.pdf', sha256: 'a'.repeat(64), size: 3 };
  const asked = [
    ['/api/v1/invoices/uploads', { files: [file] }],
    ['/api/v1/invoices/uploads/complete', { files: [{ id: 'x', name: 'a.pdf' }] }],
  ] as const;
  const instead = { code: 'not_allowed', details: { instead: api.upload.path } };
  for (const [path, json] of asked) expect((await client.request(path, { json })).json()).toMatchObject(instead);
  const gone = await client.request('/api/v1/invoices/uploads/x', { method: 'DELETE' });
  expect(gone.json()).toMatchObject(instead);
});
