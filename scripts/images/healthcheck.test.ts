/** The health check of the image, as the engine runs it, against servers that answer in each way. */
import { spawn } from 'node:child_process';
import { createServer, type RequestListener } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { SITE } from './paths.ts';

async function health(listener: RequestListener | undefined, variable = 'AP_INTERNAL_PORT') {
  const server = createServer(listener ?? ((_request, response) => response.end()));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  const close = () => new Promise<void>((resolve) => server.close(() => resolve()));
  if (listener === undefined) await close();
  const env = { PATH: process.env['PATH'], [variable]: String(port) };
  const child = spawn(process.execPath, [join(SITE, 'image', 'healthcheck.mjs')], {
    env,
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  let out = '';
  child.stdout.on('data', (chunk: Buffer) => (out += chunk.toString()));
  const code = await new Promise<number | null>((resolve) => child.once('close', resolve));
  if (listener !== undefined) await close();
  return { code, out };
}

test('healthy where readiness says so', async () => {
  const { code, out } = await health((request, response) => response.end(request.url));
  expect([code, out]).toEqual([0, '200 /health/ready\n']);
});

test('not healthy where the server answers, but the database behind it does not', async () => {
  const { code, out } = await health((_request, response) => response.writeHead(503).end('database'));
  expect([code, out]).toEqual([1, '503 database\n']);
});

test.each([404, 401])('a server without readiness (%s) is asked whether it is alive', async (status) => {
  const answer: RequestListener = (request, response) =>
    request.url === '/health' ? response.end('alive') : response.writeHead(status).end();
  expect(await health(answer, 'AP_PORT')).toEqual({ code: 0, out: '200 alive\n' });
});

test('not healthy where nobody listens, or somebody else does', async () => {
  const { code, out } = await health(undefined);
  expect([code, out.replace(/\d+/, 'N')]).toEqual([1, 'no answer at port N: ECONNREFUSED\n']);
  const elsewhere = await health((_request, response) =>
    response.writeHead(302, { location: 'https://ap.test/' }).end(),
  );
  expect(elsewhere.code).toBe(1);
});
