/** Brings a database to what this program knows. Any number of replicas may try at once: one does it, the others wait for it. */
import type { ClientBase } from 'pg';
import { AppError } from '../../../core/contract/errors.ts';
import { withClient } from './clients.ts';
import { databaseError } from './errors.ts';
import { MIGRATIONS, type Migration } from './migrations.ts';

/** 'APIS' in ASCII. The lock ends with the transaction, so that it may go through pgbouncer. */
const LOCK = 0x41504953;

export interface MigrateOptions {
  /** Of the role that owns the database: the application's own may neither make tables nor change the log. */
  readonly url: string;
  readonly now: () => number;
  readonly migrations?: readonly Migration[];
}

export interface Migrated {
  readonly from: number;
  readonly to: number;
}

const VERSION_TABLE =
  'CREATE TABLE IF NOT EXISTS schema_version (version integer PRIMARY KEY, name text NOT NULL, needs integer NOT NULL, applied_at timestamptz(3) NOT NULL)';

/**
 * Postgres compiles plans that it expects to be expensive, where it was built with a compiler (Debian's and the official image are; npm's is not). What asks for jobs
 * every second looks expensive and hardly ever is: compiling it took all of a machine. It holds for connections that are opened from then on.
 */
const WITHOUT_COMPILER = `DO $$ BEGIN
  IF current_setting('jit') = 'on' THEN EXECUTE format('ALTER DATABASE %I SET jit = off', current_database()); END IF;
EXCEPTION WHEN insufficient_privilege THEN RAISE WARNING 'jit stays on: the database belongs to somebody else';
END $$`;

const newest = (migrations: readonly Migration[]): number => migrations.at(-1)?.version ?? 0;

/** Refuses a database that a newer program has changed so that this one cannot work on it. */
export function refuseNewer(needs: number, migrations: readonly Migration[] = MIGRATIONS): void {
  const known = newest(migrations);
  if (needs <= known) return;
  throw new AppError(
    'unavailable',
    `The database was changed by a newer version of this program (it needs database version ${needs}, this one knows ${known}). Install the newer version.`,
    { reason: 'newer-database', version: needs, known },
  );
}

export async function migrate({ url, now, migrations = MIGRATIONS }: MigrateOptions): Promise<Migrated> {
  try {
    return await withClient({ connectionString: url, application_name: 'ap-intake migrate' }, (client) =>
      migrateOn(client, now, migrations),
    );
  } catch (error) {
    throw databaseError(error);
  }
}

async function migrateOn(client: ClientBase, now: () => number, migrations: readonly Migration[]): Promise<Migrated> {
  await client.query('BEGIN');
  await client.query('SELECT pg_advisory_xact_lock($1)', [LOCK]);
  await client.query(VERSION_TABLE);
  const { rows } = await client.query<{ version: number; needs: number }>(
    'SELECT coalesce(max(version), 0) AS version, coalesce(max(needs), 0) AS needs FROM schema_version',
  );
  const { version: from = 0, needs = 0 } = rows[0] ?? {};
  refuseNewer(needs, migrations);
  const pending = migrations.filter(({ version }) => version > from);
  for (const { version, name, needs: least, sql } of pending) {
    await client.query(sql);
    await client.query('INSERT INTO schema_version (version, name, needs, applied_at) VALUES ($1, $2, $3, $4)', [
      version,
      name,
      least,
      new Date(now()),
    ]);
  }
  await client.query(WITHOUT_COMPILER);
  await client.query('COMMIT');
  return { from, to: Math.max(from, newest(migrations)) };
}
