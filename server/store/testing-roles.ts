/** Roles and databases for tests, as an operator makes them (docs/postgres.md): an owner who migrates, and an application that may neither own nor alter. */
import { randomBytes } from 'node:crypto';
import type pg from 'pg';
import { createPool, withClient } from './postgres/clients.ts';
import { migrate } from './postgres/migrate.ts';

const OWNER = 'ap_owner';
const APP = 'ap_intake';

const as = <T>(url: string, run: (client: pg.Client) => Promise<T>): Promise<T> =>
  withClient({ connectionString: url }, run);

/** Once a cluster. */
export const prepareCluster = (url: string): Promise<void> =>
  as(url, async (client) => {
    await client.query(
      `CREATE ROLE ${OWNER} LOGIN; CREATE ROLE app_rw NOLOGIN; CREATE ROLE ${APP} LOGIN IN ROLE app_rw`,
    );
  });

const urlOf = (base: string, user: string, database: string): string => {
  const url = new URL(base);
  url.username = user;
  url.pathname = `/${database}`;
  return url.href;
};

export interface TestDatabase {
  /** Of the application. */
  readonly url: string;
  readonly ownerUrl: string;
  readonly superUrl: string;
  /** Of the application; closed with the database. */
  pool(max: number): pg.Pool;
  drop(): Promise<void>;
}

/** An empty database, migrated unless told otherwise. */
export async function createTestDatabase(url: string, options: { migrated?: boolean } = {}): Promise<TestDatabase> {
  const name = `test_${randomBytes(6).toString('hex')}`;
  await as(url, (client) => client.query(`CREATE DATABASE ${name} OWNER ${OWNER}`));
  return openTestDatabase(url, name, options);
}

/** One that is the same as another, on which nobody may be working at the moment; migrated. */
export async function copyTestDatabase(url: string, template: string): Promise<TestDatabase> {
  const name = `copy_${randomBytes(6).toString('hex')}`;
  await as(url, (client) =>
    client.query(`CREATE DATABASE ${name} OWNER ${OWNER} TEMPLATE ${template} STRATEGY FILE_COPY`),
  );
  return openTestDatabase(url, name, {});
}

async function openTestDatabase(url: string, name: string, options: { migrated?: boolean }): Promise<TestDatabase> {
  const ownerUrl = urlOf(url, OWNER, name);
  if (options.migrated !== false) await migrate({ url: ownerUrl, now: Date.now });
  const appUrl = urlOf(url, APP, name);
  const pools: pg.Pool[] = [];
  return {
    url: appUrl,
    ownerUrl,
    superUrl: urlOf(url, 'postgres', name),
    pool: (max) => {
      const pool = createPool({ connectionString: appUrl, max });
      pools.push(pool);
      return pool;
    },
    drop: async () => {
      // The end of a pool does not wait for its connections: those still there are ended by force, which no one may mind.
      for (const pool of pools) await pool.end();
      await as(url, (client) => client.query(`DROP DATABASE ${name} WITH (FORCE)`));
    },
  };
}

/** Statements as somebody with every right: for looking and for tampering. */
export const asSuper = <T>(database: TestDatabase, run: (client: pg.Client) => Promise<T>): Promise<T> =>
  as(database.superUrl, run);
