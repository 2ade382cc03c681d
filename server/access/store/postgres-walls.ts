/** What every call of the access store on Postgres goes through: its transactions, and its refusals where the database is away. */
import { drizzle, type NodePgDatabase } from 'drizzle-orm/node-postgres';
import { escapeLiteral } from 'pg';
import type pg from 'pg';
import { databaseError, isConnectionLost, isNeverSent, STATEMENT_TIMEOUT_MS } from '../../store/postgres/errors.ts';
import type { AccessStore } from './access-store.ts';

/** One that breaks at its beginning is given back, too: drizzle's own transactions keep such a connection for ever. */
export async function inTransaction<T>(
  pool: pg.Pool,
  site: string | undefined,
  run: (tx: NodePgDatabase) => Promise<T>,
): Promise<T> {
  const client = await pool.connect();
  const wall = site === undefined ? '' : `, set_config('app.site', ${escapeLiteral(site)}, true)`;
  try {
    await client.query(`BEGIN; SELECT set_config('statement_timeout', '${STATEMENT_TIMEOUT_MS}', true)${wall}`);
    const result = await run(drizzle({ client }));
    await client.query('COMMIT');
    client.release();
    return result;
  } catch (error) {
    const isEnded = !isConnectionLost(error) && (await client.query('ROLLBACK').then(Boolean, () => false));
    client.release(!isEnded);
    throw error;
  }
}

/** Every other one changes something. */
const READS: ReadonlySet<string> = new Set<keyof AccessStore>([
  'account',
  'accountByLogin',
  'accountBySubject',
  'accountByInvitation',
  'accounts',
  'device',
  'deviceByKey',
  'devices',
  'bearer',
  'events',
  'eventsAfter',
  'eventHead',
  'record',
  'signingKeys',
]);

/** What goes wrong at the database is told as the store of invoices tells it. */
export function tellingErrors(store: AccessStore): AccessStore {
  type Method = (...args: unknown[]) => Promise<unknown>;
  const told = Object.entries(store as unknown as Record<string, Method>).map(([name, method]): [string, Method] => [
    name,
    async (...args) => {
      try {
        return await method(...args);
      } catch (error) {
        throw databaseError(error, READS.has(name) || isNeverSent(error));
      }
    },
  ]);
  return Object.fromEntries(told) as unknown as AccessStore;
}
