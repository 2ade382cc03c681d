import fastify, { type FastifyInstance } from 'fastify';
import { mkdtempSync } from 'node:fs';
import { request as httpRequest, type IncomingMessage } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, expect, test } from 'vitest';
import { z } from 'zod';
import type { Transport } from './config.ts';
import { serve } from './endpoint.ts';
import { installGuard } from './guard.ts';
import { createLog } from './log.ts';
import { createErrorHandler } from './problem.ts';

const TOKEN = 'k'.repeat(43);
const apps: FastifyInstance[] = [];
afterEach(async () => {
  await Promise.all(apps.splice(0).map((app) => app.close()));
});

const echo = {
  method: 'POST',
  path: '/api/v1/echo',
  params: z.object({}),
  query: z.object({}),
  body: z.object({ text: z.string() }),
  reply: z.object({ text: z.string() }),
} as const;

async function start(transport: Transport, token: string | undefined) {
  const app = fastify();
  apps.push(app);
  app.decorate('checkReplies', true);
  app.setErrorHandler(createErrorHandler(createLog({ write: () => undefined }, 'info')));
  installGuard(app, transport, token);
  serve(app, echo, ({ body }) => body);
  app.get('/', { config: { open: true } }, async () => 'ui');
  if (transport.kind === 'socket') await app.listen({ path: transport.path });
  else await app.listen({ host: '127.0.0.1', port: 0 });
  const address = app.server.address();
  const place =
    typeof address === 'object' && address !== null
      ? { host: '127.0.0.1', port: address.port }
      : { socketPath: String(address) };
  return { place, host: 'port' in place ? `127.0.0.1:${place.port}` : 'app' };
}

type Started = Awaited<ReturnType<typeof start>>;

function ask(
  { place, host }: Started,
  options: { method?: string; path?: string; headers?: Record<string, string>; body?: string },
): Promise<{ status: number; type: string; body: string }> {
  return new Promise((resolve, reject) => {
    const headers = { host, ...options.headers };
    const sent = httpRequest(
      { ...place, method: options.method ?? 'POST', path: options.path ?? '/api/v1/echo', headers, setHost: false },
      (reply: IncomingMessage) => {
        let body = '';
        reply.setEncoding('utf8').on('data', (chunk: string) => (body += chunk));
        reply.on('end', () =>
          resolve({ status: reply.statusCode ?? 0, type: reply.headers['content-type'] ?? '', body }),
        );
      },
    );
    sent.on('error', reject);
    sent.end(options.body ?? (options.method === 'GET' ? undefined : '{"text":"hello"}'));
  });
}

const good = { authorization: `Bearer ${TOKEN}`, 'content-type': 'application/json' };

test('our own page with the token is answered', async () => {
  const server = await start({ kind: 'tcp', port: 0 }, TOKEN);
  const own = { ...good, origin: `http://${server.host}`, 'sec-fetch-site': 'same-origin' };
  expect(await ask(server, { headers: own })).toMatchObject({ status: 200, body: '{"text":"hello"}' });
});

test.each([
  ['another host name for the same address (DNS rebinding)', { host: 'evil.example' }, 403],
  ['localhost instead of the exact host', { host: 'localhost' }, 403],
  ['a page of another origin', { origin: 'https://evil.example' }, 403],
  ['an opaque origin', { origin: 'null' }, 403],
  ['our address with another port', { origin: 'http://127.0.0.1:1' }, 403],
  ['a cross-site request', { 'sec-fetch-site': 'cross-site' }, 403],
  ['a same-site request', { 'sec-fetch-site': 'same-site' }, 403],
  ['no token', { authorization: '' }, 401],
  ['the token of another start', { authorization: `Bearer ${'x'.repeat(43)}` }, 401],
  ['a form without script (text/plain)', { 'content-type': 'text/plain' }, 415],
  ['a form without script (urlencoded)', { 'content-type': 'application/x-www-form-urlencoded' }, 415],
])('refused: %s', async (_name, headers, status) => {
  const server = await start({ kind: 'tcp', port: 0 }, TOKEN);
  const reply = await ask(server, { headers: { ...good, ...headers } });
  expect(reply.status).toBe(status);
  expect(reply.type).toContain('application/problem+json');
  expect(JSON.parse(reply.body)).toMatchObject({ status });
});

test('a simple form of another site fails before anything is parsed', async () => {
  const server = await start({ kind: 'tcp', port: 0 }, TOKEN);
  const form = { origin: 'https://evil.example', 'content-type': 'text/plain', 'sec-fetch-site': 'cross-site' };
  expect((await ask(server, { headers: form, body: '{"text":"x"}' })).status).toBe(403);
});

test('the static user interface needs no token, but the right host', async () => {
  const server = await start({ kind: 'tcp', port: 0 }, TOKEN);
  expect((await ask(server, { method: 'GET', path: '/' })).status).toBe(200);
  expect((await ask(server, { method: 'GET', path: '/', headers: { host: 'evil.example' } })).status).toBe(403);
  expect((await ask(server, { method: 'GET', path: '/nothing' })).status).toBe(401);
});

test('on the private socket the page of the window is at home, others are not', async () => {
  const path = join(mkdtempSync(join(tmpdir(), 'ap-guard-')), 's');
  const server = await start({ kind: 'socket', path }, undefined);
  const json = { 'content-type': 'application/json' };
  expect((await ask(server, { headers: { ...json, origin: 'ap://app' } })).status).toBe(200);
  expect((await ask(server, { headers: { ...json, origin: 'http://127.0.0.1' } })).status).toBe(403);
});

test('wrong values are named with their place', async () => {
  const server = await start({ kind: 'tcp', port: 0 }, TOKEN);
  const reply = await ask(server, { headers: good, body: '{"text":7}' });
  expect(reply.status).toBe(400);
  expect(JSON.parse(reply.body)).toMatchObject({ code: 'bad_request', details: { issues: [{ path: 'body.text' }] } });
});
