import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { createOutboundFetch, isPrivate, type Resolver } from './outbound.ts';

let server: Server;
let asked: string[] = [];
/** What the server answers at /raw, byte for byte. */
let raw = '';
beforeAll(async () => {
  server = createServer((request, reply) => {
    asked.push(request.url ?? '');
    if (request.url === '/redirect') reply.writeHead(302, { location: 'http://127.0.0.1/' }).end();
    else if (request.url?.startsWith('/status/') === true) reply.writeHead(Number(request.url.slice(8))).end();
    else if (request.url === '/raw') reply.socket?.end(raw);
    else if (request.url === '/large') reply.end(Buffer.alloc(2_000_000));
    else reply.setHeader('content-type', 'application/json').end('{"ok":true}');
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
});
afterAll(() => new Promise((resolve) => server.close(resolve)));
const port = (): number => (server.address() as AddressInfo).port;

test.each([
  '127.0.0.1',
  '10.1.2.3',
  '172.31.0.1',
  '192.168.1.1',
  '169.254.169.254',
  '100.64.0.1',
  '0.0.0.0',
  '224.0.0.1',
  '255.255.255.255',
  '::1',
  '::',
  '::ffff:10.0.0.1',
  '::ffff:8.8.8.8',
  '64:ff9b::7f00:1',
  '2002:7f00:1::',
  'fe80::1',
  'fd00::1',
  'ff02::1',
  'not an address',
])('private: %s', (address) => {
  expect(isPrivate(address)).toBe(true);
});
test.each(['8.8.8.8', '93.184.216.34', '172.32.0.1', '2606:2800:220:1::1'])('public: %s', (address) => {
  expect(isPrivate(address)).toBe(false);
});

/** A name server that says this. */
const saying =
  (...addresses: string[]): Resolver =>
  (_host, done) =>
    done(
      null,
      addresses.map((address) => ({ address, family: address.includes(':') ? 6 : 4 })),
    );

test.each([
  ['plain http', 'http://idp.example/', []],
  ['loopback', 'https://127.0.0.1/', []],
  ['the address of cloud metadata', 'https://169.254.169.254/latest', []],
  ['a decimal address', 'https://2130706433/', []],
  ['an octal address', 'https://0177.0.0.1/', []],
  ['a hexadecimal address', 'https://0x7f000001/', []],
  ['a short address', 'https://127.1/', []],
  ['version 6 loopback', 'https://[::1]/', []],
  ['a mapped address', 'https://[::ffff:127.0.0.1]/', []],
  ['a name that leads inside', 'https://idp.example/', ['10.0.0.7']],
  ['a name with one address outside and one inside', 'https://idp.example/', ['93.184.216.34', '127.0.0.1']],
  ['a password in the address', 'https://a:b@idp.example/', ['93.184.216.34']],
])('refused: %s', async (_name, url, addresses) => {
  asked = [];
  const fetch = createOutboundFetch({ resolver: saying(...addresses) });
  await expect(fetch(url)).rejects.toMatchObject({ code: 'forbidden' });
  expect(asked).toEqual([]);
});

test('a name server that changes its mind is asked once: what was looked at is what is connected to', async () => {
  let times = 0;
  // The first answer is outside and this machine's own server would be the second.
  const resolver: Resolver = (_host, done) => {
    times += 1;
    done(null, [{ address: times === 1 ? '240.0.0.1' : '127.0.0.1', family: 4 }]);
  };
  await expect(createOutboundFetch({ resolver })(`https://rebinding.example:${port()}/`)).rejects.toMatchObject({
    code: 'forbidden',
  });
  expect(times).toBe(1);
});

test('a listed host is asked, on the private network too; redirects and long answers are not taken', async () => {
  const fetch = createOutboundFetch({ privateHosts: ['idp.internal'], resolver: saying('127.0.0.1') });
  const reply = await fetch(`http://idp.internal:${port()}/x`, { headers: { accept: 'application/json' } });
  expect(await reply.json()).toEqual({ ok: true });
  await expect(fetch(`http://idp.internal:${port()}/redirect`)).rejects.toMatchObject({ code: 'forbidden' });
  await expect(fetch(`http://idp.internal:${port()}/large`)).rejects.toMatchObject({ code: 'too_large' });
  await expect(fetch(`http://other.internal:${port()}/x`)).rejects.toMatchObject({ code: 'forbidden' });
});

const local = (statusOnly: boolean) => createOutboundFetch({ privateHosts: ['127.0.0.1'], statusOnly });

test.each([600, 700, 999])(
  'a status that means nothing is a failure of the request, not of the process: %i',
  async (status) => {
    for (const statusOnly of [true, false])
      await expect(local(statusOnly)(`http://127.0.0.1:${port()}/status/${status}`)).rejects.toMatchObject({
        details: { reason: 'bad-status', status },
      });
  },
);

test.each([204, 205])('a status without a body: %i', async (status) => {
  for (const statusOnly of [true, false]) {
    const reply = await local(statusOnly)(`http://127.0.0.1:${port()}/status/${status}`);
    expect([reply.status, await reply.text()]).toEqual([status, '']);
  }
});

test.each([
  ['a switch of protocols', 'HTTP/1.1 101 Go\r\nupgrade: x\r\nconnection: upgrade\r\n\r\n'],
  ['the same without saying to which', 'HTTP/1.1 101 Go\r\n\r\n'],
  ['a status of two digits', 'HTTP/1.1 42 Odd\r\ncontent-length: 0\r\n\r\n'],
  ['nothing', ''],
])('%s is a failure, and soon', async (_name, bytes) => {
  raw = bytes;
  for (const statusOnly of [true, false])
    await expect(local(statusOnly)(`http://127.0.0.1:${port()}/raw`)).rejects.toThrow(/./);
});
