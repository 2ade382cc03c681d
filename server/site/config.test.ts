import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { readServices, readSiteConfig } from './config.ts';

const folder = mkdtempSync(join(tmpdir(), 'ap-config-'));
afterAll(() => rmSync(folder, { recursive: true }));
const file = (name: string, text: string): string => {
  writeFileSync(join(folder, name), text);
  return join(folder, name);
};

const needed = {
  PUBLIC_URL: 'https://ap.harbour-clinic.test',
  SITE_KEY_FILE: file('key', `${Buffer.alloc(32, 7).toString('base64')}\n`),
};
const database = { DATABASE_URL: 'postgres://app@db:5432/ap' };
const s3 = {
  S3_ENDPOINT: 'https://s3.harbour-clinic.test',
  S3_BUCKET: 'ap-intake',
  S3_ACCESS_KEY_ID: 'a',
  S3_SECRET_ACCESS_KEY: 'b',
};
const read = (environment: Record<string, string>, services?: string) =>
  readSiteConfig({ ...needed, ...environment }, readServices(services));

test('one process with SQLite and a folder needs no more than the folder', () => {
  const config = read({ AP_DATA: folder });
  expect(config).toMatchObject({
    databaseUrl: undefined,
    redis: undefined,
    s3: undefined,
    port: 8000,
    internalPort: 9464,
  });
  expect([...config.services]).toEqual(['api', 'sync', 'worker', 'validation']);
  expect(config.access.sites).toEqual(['main']);
});

test('secrets of Redis come from a file, an empty variable is none', () => {
  const password = file('redis', 'p@ss/word\n');
  const config = read(
    { ...database, ...s3, REDIS_URL: 'redis://redis:6379/0', REDIS_PASSWORD_FILE: password, AP_UI: '' },
    'worker',
  );
  expect(config.redis).toEqual({ url: 'redis://:p%40ss%2Fword@redis:6379/0', ca: undefined });
  expect(config.ui).toBeUndefined();
});

test.each([
  [
    'Redis without Postgres',
    { AP_DATA: folder, REDIS_URL: 'redis://redis' },
    undefined,
    /REDIS_URL is set and DATABASE_URL is not/,
  ],
  ['S3 without Postgres', { AP_DATA: folder, ...s3 }, undefined, /S3_ENDPOINT is set and DATABASE_URL is not/],
  ['several processes on SQLite', { AP_DATA: folder }, 'api', /one process does everything/],
  ['several sites on SQLite', { AP_DATA: folder, SITES: 'main,north' }, undefined, /one site/],
  ['nowhere to keep documents', database, 'api', /AP_DATA is missing: the folder for the documents/],
  ['nowhere at all', {}, undefined, /AP_DATA is missing: the folder for the database/],
  ['an unknown service', { AP_DATA: folder }, 'api,mail', /no "mail"/],
  [
    'a value of the example file',
    { AP_DATA: folder, PUBLIC_URL: 'https://ap-intake.example.com' },
    undefined,
    /PUBLIC_URL/,
  ],
  [
    'two passwords',
    { ...database, ...s3, REDIS_URL: 'redis://:a@redis', REDIS_PASSWORD_FILE: '/x' },
    undefined,
    /leave one of them out/,
  ],
  [
    'a password file that is not there',
    { ...database, ...s3, REDIS_URL: 'redis://redis', REDIS_PASSWORD_FILE: '/nowhere/x' },
    undefined,
    /REDIS_PASSWORD_FILE: \/nowhere\/x cannot be read/,
  ],
  ['a port that is none', { AP_DATA: folder, AP_PORT: '70000' }, undefined, /AP_PORT/],
])('refused with the way out: %s', (_name, environment, services, message) => {
  expect(() => read(environment as Record<string, string>, services)).toThrow(message);
});
