/**
 * Every connection to Postgres is opened here. One that breaks while nobody waits for an answer on it (the server was stopped, an operator ended it) says so by an
 * event, and an event nobody listens to ends the process: also within a transaction, between two statements, where no pool listens. Whoever works on the connection
 * hears of it by the next statement, and a pool opens another one.
 */
import pg from 'pg';

/** A request waits so long for a connection, and no longer. */
export const POOL_PATIENCE = { connectionTimeoutMillis: 5_000, idleTimeoutMillis: 30_000 } as const;
/** A machine that is gone does not say so: it is asked, on connections on which nothing is said. */
const ALIVE = { keepAlive: true, keepAliveInitialDelayMillis: 10_000 } as const;

const unheard = (): void => undefined;

export function createPool(config: pg.PoolConfig): pg.Pool {
  const pool = new pg.Pool({ ...ALIVE, ...config });
  pool.on('error', unheard);
  pool.on('connect', (client) => {
    client.on('error', unheard);
  });
  return pool;
}

export async function openClient(config: pg.ClientConfig): Promise<pg.Client> {
  const client = new pg.Client({ ...ALIVE, ...config });
  client.on('error', unheard);
  try {
    await client.connect();
  } catch (error) {
    await client.end().catch(unheard);
    throw error;
  }
  return client;
}

export async function withClient<T>(config: pg.ClientConfig, run: (client: pg.Client) => Promise<T>): Promise<T> {
  const client = await openClient(config);
  try {
    return await run(client);
  } finally {
    // Ends a transaction, too, where it was not committed.
    await client.end().catch(unheard);
  }
}
