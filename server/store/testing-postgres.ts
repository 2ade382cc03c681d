/** The test run's Postgres, for tests: `postgres.url`, or why there is none. Suites that need it are skipped then, and the run says so at its end. */
import { randomBytes } from 'node:crypto';
import { inject } from 'vitest';
import { createPostgresDatabase, type PostgresDatabase, type PostgresOptions } from './postgres/create.ts';
import { createTestDatabase, type TestDatabase } from './testing-roles.ts';
import { wish } from './testing-wish.ts';

interface Found {
  readonly url?: string;
  readonly reason?: string;
}

const path = inject('postgresSocket');
export const postgres: Found =
  path === undefined ? { reason: 'this configuration of vitest starts none' } : await wish<Found>(path);
if (postgres.url === undefined) process.stderr.write(`\nSKIPPED: no Postgres here (${postgres.reason ?? ''})\n\n`);

let shared: Promise<TestDatabase> | undefined;

/** One migrated database for the test file: tests keep apart by their sites. */
export function sharedDatabase(): Promise<TestDatabase> {
  const { url } = postgres;
  if (url === undefined) throw new Error('there is no Postgres');
  return (shared ??= createTestDatabase(url));
}

export const openDatabase = (url: string, more: Partial<PostgresOptions> = {}): Promise<PostgresDatabase> =>
  createPostgresDatabase({ url, poolSize: 5, now: Date.now, random: randomBytes, ...more });

export const newSite = (): string => `s-${randomBytes(6).toString('hex')}`;
