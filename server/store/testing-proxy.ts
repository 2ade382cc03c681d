/** A way to a server that can turn into a hole: connections stay open and new ones are taken, but nothing goes through any more, and nobody is told. */
import { once } from 'node:events';
import { type AddressInfo, connect, createServer, type Socket } from 'node:net';

export interface Proxy {
  /** The same address by this way. */
  readonly url: string;
  swallow(): void;
  /** New connections go through again; what was swallowed stays so. */
  restore(): void;
  /** Connections that were opened by now. */
  readonly opened: number;
  close(): Promise<void>;
}

export async function startProxy(to: string): Promise<Proxy> {
  const target = new URL(to);
  const sockets = new Set<Socket>();
  let isHole = false;
  let opened = 0;
  const server = createServer((near) => {
    opened += 1;
    const far = connect(Number(target.port), target.hostname);
    for (const [one, other] of [
      [near, far],
      [far, near],
    ] as const) {
      sockets.add(one);
      let isLost = isHole;
      one.on('data', (chunk) => {
        isLost ||= isHole;
        if (!isLost) other.write(chunk);
      });
      one.on('error', () => undefined);
      one.on('close', () => {
        sockets.delete(one);
        if (!isHole) other.destroy();
      });
    }
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const url = new URL(to);
  url.port = String((server.address() as AddressInfo).port);
  return {
    url: url.href,
    swallow() {
      isHole = true;
    },
    restore() {
      isHole = false;
    },
    get opened() {
      return opened;
    },
    async close() {
      for (const socket of sockets) socket.destroy();
      server.close();
      await once(server, 'close');
    },
  };
}
