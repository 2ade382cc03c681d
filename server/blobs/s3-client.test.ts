/** What a store does that is ill: it hangs, it stalls in the middle, it has no time, it does not know a word. None of them a Ceph can be made to do at will. */
import { createHash } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, expect, test } from 'vitest';
import type { Patience } from './s3-client.ts';
import { readS3Config, type S3Config } from './s3-config.ts';
import { createS3Storage } from './s3.ts';

const QUICK: Partial<Patience> = { tries: 4, baseMs: 10, capMs: 50, connectMs: 1_000, idleMs: 300 };
const whole = Buffer.from('the whole of it, from the first to the last byte');
const sha256 = createHash('sha256').update(whole).digest('hex');

const ended: (() => Promise<void> | void)[] = [];
afterEach(async () => {
  for (const end of ended.splice(0)) await end();
});

type Answer = (request: IncomingMessage, response: ServerResponse, count: number) => void;

/** A site on a store that answers so; `seen` has the requests. */
async function against(answer: Answer, patience = QUICK) {
  const seen: { method: string; range: string | undefined; ifNoneMatch: string | undefined }[] = [];
  const server: Server = createServer((request, response) => {
    const { method = '', headers } = request;
    seen.push({ method, range: headers.range, ifNoneMatch: headers['if-none-match'] });
    request.resume();
    answer(request, response, seen.length);
  });
  await new Promise<void>((resolve) => {
    server.listen(0, '127.0.0.1', resolve);
  });
  const folder = mkdtempSync(join(tmpdir(), 's3-client-'));
  const config = readS3Config({
    S3_ENDPOINT: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    S3_ACCESS_KEY_ID: 'id',
    S3_SECRET_ACCESS_KEY: 'secret',
  }) as S3Config;
  const storage = await createS3Storage({ config, folder, patience });
  ended.push(async () => {
    storage.close();
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
    rmSync(folder, { recursive: true });
  });
  return { blobs: storage.site('main'), seen };
}

const refuse = (response: ServerResponse, status: number, code: string): void => {
  response.writeHead(status, { 'content-type': 'application/xml' });
  response.end(`<?xml version="1.0"?><Error><Code>${code}</Code><Message>no</Message></Error>`);
};

test('a store that takes the connection and never answers is given up, and named', async () => {
  const { blobs, seen } = await against(() => undefined);
  const from = performance.now();
  await expect(blobs.put(whole)).rejects.toMatchObject({ code: 'storage', details: { reason: 's3-unreachable' } });
  expect(seen).toHaveLength(4);
  expect(performance.now() - from).toBeLessThan(10_000);
});

test('somebody waits: after a time no further try is begun', async () => {
  const { blobs, seen } = await against(() => undefined, { ...QUICK, tries: 1_000, giveUpMs: 500 });
  await expect(blobs.bytes(sha256)).rejects.toMatchObject({ details: { reason: 's3-unreachable' } });
  expect(seen.length).toBeLessThanOrEqual(3);
});

test('a download that stalls goes on from where it is', async () => {
  const { blobs, seen } = await against((_request, response, count) => {
    const start = count === 1 ? 0 : 20;
    response.writeHead(count === 1 ? 200 : 206, { 'content-length': whole.length - start, etag: '"e"' });
    if (count === 1) response.write(whole.subarray(0, 20));
    else response.end(whole.subarray(start));
  });
  expect((await blobs.bytes(sha256)).toString()).toBe(whole.toString());
  expect(seen.map((one) => one.range)).toEqual([undefined, `bytes=20-${whole.length - 1}`]);
});

test('a store without time is asked again, one that refuses is not', async () => {
  const busy = await against((request, response, count) => {
    if (count <= 2) refuse(response, 503, 'SlowDown');
    else response.writeHead(request.method === 'HEAD' ? 404 : 200, { etag: '"e"' }).end();
  });
  expect((await busy.blobs.put(whole)).existed).toBe(false);
  expect(busy.seen.map((one) => one.method)).toEqual(['HEAD', 'HEAD', 'HEAD', 'PUT']);

  const strict = await against((_request, response) => refuse(response, 403, 'AccessDenied'));
  await expect(strict.blobs.bytes(sha256)).rejects.toMatchObject({ details: { reason: 's3-refused' } });
  expect(strict.seen).toHaveLength(1);
});

test('a store that knows no conditions is asked without them from then on', async () => {
  const { blobs, seen } = await against((request, response) => {
    if (request.method === 'HEAD') response.writeHead(404).end();
    else if (request.headers['if-none-match'] !== undefined) refuse(response, 501, 'NotImplemented');
    else response.writeHead(200, { etag: '"e"' }).end();
  });
  await blobs.put(whole);
  await blobs.put(Buffer.from('another'));
  expect(seen.filter((one) => one.method === 'PUT').map((one) => one.ifNoneMatch)).toEqual(['*', undefined, undefined]);
});

const isKnown = async (): Promise<boolean> => false;
const etag = `"${createHash('md5').update(whole).digest('hex')}"`;

test('an answer that was lost is not taken for somebody else', async () => {
  const { blobs, seen } = await against((request, response, count) => {
    // The first write is done, and its answer never comes; the second finds the object of the first.
    if (request.method === 'HEAD' && count === 1) response.writeHead(404).end();
    else if (request.method === 'HEAD') response.writeHead(200, { 'content-length': whole.length, etag }).end();
    else if (count === 2) response.destroy();
    else refuse(response, 412, 'PreconditionFailed');
  });
  expect(await blobs.put(whole)).toEqual({ sha256, size: whole.length, existed: false });
  expect(seen.map((one) => one.method)).toEqual(['HEAD', 'PUT', 'PUT', 'HEAD']);
});

test('what nobody knows of is sent without a question, what is there all the same is looked at, what is large is asked for', async () => {
  const { blobs, seen } = await against((request, response, count) => {
    if (request.method === 'PUT' && count === 1) refuse(response, 412, 'PreconditionFailed');
    else if (request.method === 'HEAD' && count === 2)
      response.writeHead(200, { 'content-length': whole.length, etag }).end();
    else response.writeHead(request.method === 'HEAD' ? 404 : 200, { etag: '"e"' }).end();
  });
  expect(await blobs.put(whole, { isKnown })).toMatchObject({ existed: true });
  expect(await blobs.put(Buffer.from('another'), { isKnown })).toMatchObject({ existed: false });
  await blobs.put(Buffer.alloc(2 * 1024 * 1024), { isKnown });
  await blobs.put(Buffer.from('a third'), { isKnown: async () => true });
  expect(seen.map((one) => one.method)).toEqual(['PUT', 'HEAD', 'PUT', 'HEAD', 'PUT', 'HEAD', 'PUT']);
});

test('of the same bytes at the same time only the first are sent without a question', async () => {
  const { blobs, seen } = await against((request, response) => {
    const headers = request.method === 'HEAD' ? { 'content-length': whole.length, etag } : { etag };
    response.writeHead(200, headers).end();
  });
  const puts = await Promise.all([1, 2, 3].map(() => blobs.put(whole, { isKnown })));
  expect(puts.filter(({ existed }) => !existed)).toHaveLength(1);
  expect(seen.map((one) => one.method)).toEqual(['PUT', 'HEAD', 'HEAD']);
});

test('a bucket that is somewhere else is followed', async () => {
  const { blobs, seen } = await against((_request, response, count) => {
    // Of a bucket in another region, as Amazon says it; the SDK asks again there.
    if (count > 2) response.writeHead(200, { etag: '"e"' }).end();
    else {
      response.writeHead(301, { 'content-type': 'application/xml', 'x-amz-bucket-region': 'eu-central-1' });
      response.end('<?xml version="1.0"?><Error><Code>PermanentRedirect</Code><Message>no</Message></Error>');
    }
  });
  expect(await blobs.put(whole, { isKnown })).toMatchObject({ existed: false });
  expect(seen.map((one) => one.method)).toEqual(['PUT', 'PUT', 'PUT']);
});
