/**
 * Connections that a database which vanished without a word (a machine that lost its power, a firewall that forgot it) does not hold up: while somebody works on one,
 * it may be silent for so long only. Where one was, the others that were open then are not tried one after the other.
 */
import type { Socket } from 'node:net';
import type pg from 'pg';

export interface Checkout {
  readonly client: pg.PoolClient;
  /** `broken`: nobody is to work on it any more. */
  readonly release: (broken?: boolean) => void;
}

export const socketOf = (client: pg.PoolClient): Socket =>
  (client as unknown as { readonly connection: { readonly stream: Socket } }).connection.stream;

export function createCheckout(pool: pg.Pool): (silenceMs: number) => Promise<Checkout> {
  let era = 0;
  const eras = new WeakMap<pg.PoolClient, number>();
  pool.on('connect', (client) => {
    eras.set(client, era);
    const socket = socketOf(client);
    socket.on('timeout', () => {
      era += 1;
      socket.destroy(new Error('Query read timeout'));
    });
  });
  async function current(): Promise<pg.PoolClient> {
    for (;;) {
      const client = await pool.connect();
      if (eras.get(client) === era) return client;
      client.release(true);
    }
  }
  return async (silenceMs) => {
    const client = await current();
    const socket = socketOf(client);
    socket.setTimeout(silenceMs);
    return {
      client,
      release(broken) {
        socket.setTimeout(0);
        client.release(broken);
      },
    };
  };
}
