import { execFileSync, spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { createServer, type RequestListener, type Server } from 'node:http';
import { createServer as createTlsServer } from 'node:https';
import { type AddressInfo, createServer as createTcpServer, type Server as TcpServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { afterEach, expect, test } from 'vitest';
import { nearnessOf } from './nearness.ts';
import { createSiteFetch } from './site-fetch.ts';

const open: { close(): unknown }[] = [];
afterEach(() => {
  for (const one of open.splice(0)) one.close();
});

async function listening(server: TcpServer): Promise<number> {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  open.push({
    close() {
      (server as Partial<Server>).closeAllConnections?.();
      server.close();
    },
  });
  return (server.address() as AddressInfo).port;
}
async function site(answer: RequestListener) {
  const address = `http://127.0.0.1:${await listening(createServer(answer))}`;
  const fetch = createSiteFetch({ address });
  open.push(fetch);
  return { address, fetch };
}
async function* parts() {
  for (const part of ['one ', 'two']) yield Buffer.from(part);
}
const fetchFrom = (address: string): Promise<unknown> => kind(createSiteFetch({ address })(`${address}/x`));
const NETS = [
  ['.lan', '127.0.0.1'],
  ['.office', '10.1.2.3'],
  ['.local', '169.254.169.254'],
] as const;
/** Names that end in `.lan` are here, all but those of `NETS` on the internet. */
const resolver = (host: string, done: (error: null, found: { address: string; family: number }[]) => void): void =>
  done(null, [{ address: NETS.find(([end]) => host.endsWith(end))?.[1] ?? '93.184.216.34', family: 4 }]);

const from = (address: string, url: string): Promise<unknown> => kind(createSiteFetch({ address, resolver })(url));

const kind = (promise: Promise<unknown>): Promise<unknown> =>
  promise.then(
    () => 'answered',
    (error: { kind?: string; name: string }) => error.kind ?? error.name,
  );

test('an answer as it is, its body as it came', async () => {
  const packed = gzipSync('many lines');
  const { address, fetch } = await site((request, reply) => {
    reply.writeHead(request.headers['x-a'] === '1' ? 409 : 500, { 'content-encoding': 'gzip' });
    reply.end(packed);
  });
  const reply = await fetch(`${address}/x`, { headers: { 'x-a': '1' } });
  expect([reply.status, reply.headers.get('content-encoding')]).toEqual([409, 'gzip']);
  expect(Buffer.from(await reply.arrayBuffer())).toEqual(packed);
});

test('a body that is made while it is sent', async () => {
  const { address, fetch } = await site((request, reply) => void request.pipe(reply));
  expect(await (await fetch(`${address}/x`, { method: 'POST', body: parts })).text()).toBe('one two');
});

test('one connection for many requests', async () => {
  const ports = new Set<number | undefined>();
  const { address, fetch } = await site((request, reply) => {
    ports.add(request.socket.remotePort);
    reply.end('x');
  });
  for (let n = 0; n < 5; n += 1) await (await fetch(`${address}/x`)).text();
  expect(ports.size).toBe(1);
});

test('a kept connection that the other end has just closed costs no request; a new one is tried once', async () => {
  const asked: string[] = [];
  const seen = new Set<unknown>();
  const { address, fetch } = await site((request, reply) => {
    asked.push(request.url ?? '');
    const isOver = seen.has(request.socket) || request.url === '/never';
    seen.add(request.socket);
    if (isOver) request.socket.destroy();
    else request.pipe(reply);
  });
  await (await fetch(`${address}/first`)).text();
  for (const body of ['as text', () => parts()])
    expect(await (await fetch(`${address}/again`, { method: 'POST', body })).text()).toBe(
      body === 'as text' ? body : 'one two',
    );
  // The first try over the kept connection, the second over one that nothing was kept of.
  expect(asked).toEqual(['/first', '/again', '/again', '/again']);
  asked.length = 0;
  for (let n = 0; n < 2; n += 1) expect(await kind(fetch(`${address}/never`))).toBe('unreachable');
  // Once more for the kept connection; not for a new one.
  expect(asked).toEqual(['/never', '/never', '/never']);
});

test.each([0, 10, 300_000])('a body of %i bytes that nobody wants keeps no connection', async (bytes) => {
  const { address, fetch } = await site((_request, reply) => reply.end(Buffer.alloc(bytes)));
  for (let n = 0; n < 20; n += 1) await (await fetch(`${address}/x`, { headMs: 3_000 })).body?.cancel();
  expect(await (await fetch(`${address}/x`, { headMs: 3_000 })).arrayBuffer()).toHaveProperty('byteLength', bytes);
});

test('no redirect is followed; 304 is none', async () => {
  const { address, fetch } = await site((request, reply) => {
    reply.writeHead(request.url === '/same' ? 304 : 302, { location: 'http://127.0.0.1:1/' });
    reply.end();
  });
  expect(await kind(fetch(`${address}/x`))).toBe('bad-answer');
  expect((await fetch(`${address}/same`)).status).toBe(304);
});

test('more than is read, silence before and within the answer, and an answer that breaks off', async () => {
  const { address, fetch } = await site((request, reply) => {
    if (request.url === '/never') return;
    reply.writeHead(200, { 'content-length': '1000' });
    reply.write('x'.repeat(500));
    if (request.url === '/cut') setTimeout(() => reply.destroy(), 20);
    if (request.url === '/all') reply.end('x'.repeat(500));
  });
  const body = async (path: string, limits = {}): Promise<string> =>
    (await fetch(`${address}${path}`, { idleMs: 150, headMs: 150, ...limits })).text();
  expect((await body('/all')).length).toBe(1000);
  expect(await kind(body('/all', { mostBytes: 600 }))).toBe('bad-answer');
  expect(await kind(body('/never'))).toBe('unreachable');
  expect(await kind(body('/silent'))).toBe('unreachable');
  expect(await kind(body('/cut'))).toBe('unreachable');
});

test('the caller may give up', async () => {
  const { address, fetch } = await site(() => undefined);
  const controller = new AbortController();
  const asked = kind(fetch(`${address}/x`, { signal: controller.signal }));
  setTimeout(() => controller.abort(), 30);
  expect(await asked).toBe('AbortError');
});

test('nobody there, no such name, somebody who speaks something else', async () => {
  const free = createTcpServer();
  const port = await listening(free);
  free.close();
  expect(await fetchFrom(`http://127.0.0.1:${port}`)).toBe('unreachable');
  expect(await fetchFrom('https://nowhere.invalid')).toBe('unreachable');
  const talker = await listening(createTcpServer((socket) => socket.end('220 mail.example.com ESMTP\r\n')));
  expect(await fetchFrom(`http://127.0.0.1:${talker}`)).toBe('bad-answer');
  expect(await fetchFrom(`https://127.0.0.1:${talker}`)).toBe('bad-answer');
});

// Node makes no certificates.
const hasOpenssl = spawnSync('openssl', ['version']).status === 0;
if (!hasOpenssl) process.stderr.write('SKIPPED: certificates of a site (openssl is not installed)\n');

test.skipIf(!hasOpenssl)(
  'a certificate that nobody vouches for is told as that; with its authority it is fine',
  async () => {
    const folder = mkdtempSync(join(tmpdir(), 'ap-tls-'));
    open.push({ close: () => rmSync(folder, { recursive: true }) });
    const [key, cert] = [join(folder, 'key.pem'), join(folder, 'cert.pem')];
    const wish = ['-x509', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-nodes', '-days', '2'];
    const name = ['-subj', '/CN=site.test', '-addext', 'subjectAltName=IP:127.0.0.1'];
    execFileSync('openssl', ['req', ...wish, ...name, '-keyout', key, '-out', cert], { stdio: 'ignore' });
    const tls = { key: readFileSync(key), cert: readFileSync(cert) };
    const address = `https://127.0.0.1:${await listening(createTlsServer(tls, (_request, reply) => reply.end('in')))}`;
    expect(await kind(createSiteFetch({ address })(address))).toBe('untrusted');
    const trusting = createSiteFetch({ address, ca: [String(tls.cert)] });
    open.push(trusting);
    expect(await (await trusting(address)).text()).toBe('in');
  },
);

test('what a site names is on its own network, or on the internet', async () => {
  const target = await listening(createServer((_request, reply) => reply.end('inside')));
  expect(await from('http://site.lan', `http://store.lan:${target}/x`)).toBe('answered');
  expect(await from('https://site.example', `http://store.lan:${target}/x`)).toBe('bad-answer');
  expect(await from('https://site.example', `https://store.lan:${target}/x`)).toBe('bad-answer');
  expect(await from('https://site.example', 'https://169.254.169.254/x')).toBe('bad-answer');
  // A site with TLS sends nobody where there is none.
  expect(await from('https://site.lan', `http://store.lan:${target}/x`)).toBe('bad-answer');
});

test('a site in the house names nothing on this machine, and nobody names what only a machine itself knows', async () => {
  const target = await listening(createServer((_request, reply) => reply.end('inside')));
  const refused = [
    ['http://site.office', `http://127.0.0.1:${target}/x`],
    ['http://site.office', `http://[::1]:${target}/x`],
    ['http://site.office', `http://store.lan:${target}/x`],
    ['http://10.1.2.3', `http://store.lan:${target}/x`],
    ['http://site.office', 'http://169.254.169.254/x'],
    ['http://site.office', 'http://meta.local/x'],
    ['http://site.lan', 'http://meta.local/x'],
    ['http://site.lan', 'http://169.254.169.254/x'],
    ['http://site.lan', 'http://[::ffff:169.254.169.254]/x'],
    ['https://site.office', 'https://[fe80::1]/x'],
  ] as const;
  for (const [address, url] of refused) expect([url, await from(address, url)]).toEqual([url, 'bad-answer']);
  expect(await from('http://127.0.0.1', `http://store.lan:${target}/x`)).toBe('answered');
});

test('how near an address is', () => {
  expect(
    ['127.0.0.9', '::1', '169.254.0.1', 'fe80::2', '::ffff:7f00:1', '10.0.0.1', 'fd00::1', '9.9.9.9'].map(nearnessOf),
  ).toEqual(['loopback', 'loopback', 'link-local', 'link-local', 'link-local', 'private', 'private', 'public']);
});

test('answers that nobody reads give their connections back, in the end', async () => {
  const { address, fetch } = await site((request, reply) => {
    // More than the way holds.
    reply.end(request.url === '/big' ? Buffer.alloc(4_000_000) : 'x');
  });
  const kept = await Promise.all(Array.from({ length: 8 }, async () => fetch(`${address}/big`, { idleMs: 300 })));
  expect(await (await fetch(`${address}/x`, { headMs: 10_000 })).text()).toBe('x');
  // Too late.
  expect(await kind(kept[0]?.text() ?? Promise.resolve())).toBe('unreachable');
});

test('an answer that is read is given all the time it needs as long as something comes', async () => {
  const { address, fetch } = await site((_request, reply) => {
    let n = 0;
    const more = setInterval(() => {
      n += 1;
      reply.write('x');
      if (n < 6) return;
      clearInterval(more);
      reply.end();
    }, 100);
  });
  expect(await (await fetch(`${address}/x`, { idleMs: 400 })).text()).toBe('xxxxxx');
});
