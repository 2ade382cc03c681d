import { once } from 'node:events';
import { type AddressInfo, connect, createServer } from 'node:net';
import { afterEach, expect, test } from 'vitest';
import { type Network, startNetwork } from './network.ts';

const echo = createServer((socket) => void socket.on('error', () => undefined).pipe(socket));
let way: Network | undefined;
afterEach(async () => {
  await way?.close();
  echo.close();
});

test('a network that heals resets what was dead in it, and carries what comes then', async () => {
  echo.listen(0, '127.0.0.1');
  await once(echo, 'listening');
  way = await startNetwork({ host: '127.0.0.1', port: (echo.address() as AddressInfo).port });
  const old = connect(way.port, '127.0.0.1');
  old.write('before');
  expect(String(((await once(old, 'data')) as [Buffer])[0])).toBe('before');
  way.turn({ kind: 'dead' });
  const told = once(old, 'error') as Promise<[NodeJS.ErrnoException]>;
  way.heal();
  expect((await told)[0].code).toBe('ECONNRESET');
  const next = connect(way.port, '127.0.0.1');
  next.write('after');
  expect(String(((await once(next, 'data')) as [Buffer])[0])).toBe('after');
  next.destroy();
});
