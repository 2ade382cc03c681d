/** A store that takes everything from everybody must not pass. */
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { runCli } from '../cli.ts';

const objects = new Map<string, Buffer>();

/** Objects without any signature looked at, as some emulators do it. */
async function careless(request: IncomingMessage, response: ServerResponse): Promise<void> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  const { pathname, searchParams } = new URL(request.url ?? '/', 'http://host');
  const query = [...searchParams.keys()].some((name) =>
    /^(uploads|uploadId|versioning|versions|lifecycle|list-type)$/.test(name),
  );
  const isBucket = pathname.split('/').filter((part) => part !== '').length < 2;
  if (query) {
    response.writeHead(501, { 'content-type': 'application/xml' }).end('<Error><Code>NotImplemented</Code></Error>');
  } else if (request.method === 'PUT') {
    if (!isBucket) objects.set(pathname, Buffer.concat(chunks));
    response.writeHead(200, { etag: '"x"' }).end();
  } else if (request.method === 'DELETE') {
    objects.delete(pathname);
    response.writeHead(204).end();
  } else {
    const found = isBucket ? Buffer.alloc(0) : objects.get(pathname);
    response.writeHead(found === undefined ? 404 : 200, { 'content-length': found?.length ?? 0 });
    response.end(request.method === 'HEAD' ? undefined : found);
  }
}

const server = createServer((request, response) => void careless(request, response));

beforeAll(
  () =>
    new Promise<void>((resolve) => {
      server.listen(0, '127.0.0.1', resolve);
    }),
);
afterAll(() => void server.close());

test('what takes bad signatures, no signatures and wrong bytes fails the check', async () => {
  let out = '';
  const code = await runCli(['s3-check', `http://127.0.0.1:${(server.address() as AddressInfo).port}`], {
    env: { S3_ACCESS_KEY_ID: 'id', S3_SECRET_ACCESS_KEY: 'secret' },
    cwd: '/',
    out: (text) => (out += text),
    say: () => undefined,
    signal: new AbortController().signal,
  });
  expect(code).toBe(1);
  const rows = out
    .trimEnd()
    .split('\n')
    .map((line) => line.split('\t'));
  const lacks = rows.filter(([state]) => state === 'not').map(([, , name]) => name);
  for (const name of [
    'bad signature refused',
    'anonymous refused',
    'wrong payload hash refused',
    'expired presigned put refused',
    'range',
    'multipart',
    'versioning',
  ]) {
    expect(lacks).toContain(name);
  }
  expect(rows.filter(([state]) => state === 'ok').map(([, , name]) => name)).toContain('put and get');
  expect(out).not.toContain('secret\n');
});

test('two addresses, or none, are refused', async () => {
  const around = {
    env: {},
    cwd: '/',
    out: () => undefined,
    say: () => undefined,
    signal: new AbortController().signal,
  };
  expect(await runCli(['s3-check'], around)).toBe(2);
  expect(await runCli(['s3-check', 'https://a', 'https://b'], around)).toBe(2);
});
