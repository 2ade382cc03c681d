/** The test run's Postgres, for tests: `postgres.url`, or why there is none. Suites that need it are skipped then, and the run says so at its end. */
import { randomBytes } from 'node:crypto';
import { connect } from 'node:net';
import { inject } from 'vitest';
import { createPostgresDatabase, type PostgresDatabase, type PostgresOptions } from './postgres/create.ts';
import { createTestDatabase, type TestDatabase } from './testing-roles.ts';

interface Found {
  readonly url?: string;
  readonly reason?: string;
}

function ask(path: string | undefined): Promise<Found> {
  if (path === undefined) return Promise.resolve({ reason: 'this configuration of vitest starts none' });
  return new Promise((resolve, reject) => {
    let text = '';
    const socket = connect(path);
    socket.on('data', (chunk) => {
      text += String(chunk);
    });
    socket.once('error', reject);
    socket.once('end', () => resolve(JSON.parse(text) as Found));
  });
}

export const postgres = await ask(inject('postgresSocket'));
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
