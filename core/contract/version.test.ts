import { createHash } from 'node:crypto';
import { expect, test } from 'vitest';
import { z } from 'zod';
import * as access from './access.ts';
import * as desktop from './desktop.ts';
import * as erasureHttp from './erasure-http.ts';
import * as http from './http.ts';
import * as intake from './intake.ts';
import * as invoice from './invoice.ts';
import * as jobs from './jobs.ts';
import * as jobsHttp from './jobs-http.ts';
import * as keyStore from './key-store.ts';
import * as reading from './reading.ts';
import * as region from './region.ts';
import * as settings from './settings.ts';
import * as settingsHttp from './settings-http.ts';
import * as settlingHttp from './settling-http.ts';
import * as siteLinkHttp from './site-link-http.ts';
import * as snapshot from './snapshot.ts';
import * as stationSyncHttp from './station-sync-http.ts';
import * as syncHttp from './sync-http.ts';
import * as tasks from './tasks.ts';
import * as togetherHttp from './together-http.ts';
import * as uploadsHttp from './uploads-http.ts';
import * as vendors from './vendors.ts';
import * as vendorsHttp from './vendors-http.ts';
import * as webhooks from './webhooks.ts';
import * as op from '../sync/op.ts';
import { CONTRACT_VERSION, OP_SCHEMA } from './version.ts';

/** Everything in a module that is a schema, or holds schemas, as JSON Schema; plain values as they are. */
function described(value: unknown): unknown {
  if (value instanceof z.ZodType) return z.toJSONSchema(value, { io: 'input', unrepresentable: 'any' });
  if (Array.isArray(value)) return value.map(described);
  if (typeof value === 'object' && value !== null)
    return Object.fromEntries(
      Object.entries(value)
        .toSorted(([a], [b]) => (a < b ? -1 : 1))
        .map(([name, inner]) => [name, described(inner)]),
    );
  return typeof value === 'function' ? undefined : value;
}

const hashOf = (modules: unknown): string =>
  createHash('sha256')
    .update(JSON.stringify(described(modules)))
    .digest('hex')
    .slice(0, 16);

/** A changed contract gets the next version and its line here. */
const CONTRACTS: Readonly<Record<number, string>> = {
  1: '258b8076db9c756c',
  2: '2eafe0a80d1cbd3c',
  3: 'eeb34c3fae0ed60d',
  4: 'fe9fce2385154a7c',
  5: '1e581c0e27b02740',
  6: '1a7b2b2d6f05ba79',
};
/** The form of stored operations; an old one must stay readable for ever. */
const OPERATIONS: Readonly<Record<number, string>> = {
  1: 'cd6ba999fda049ef',
  2: 'f329b546ae0a1ebc',
  3: 'a9279c22127dc8af',
  4: '0090193b7df49cc7',
};

test('no contract changes silently', () => {
  const modules = {
    access,
    desktop,
    erasureHttp,
    http,
    intake,
    invoice,
    jobs,
    jobsHttp,
    keyStore,
    reading,
    region,
    settings,
    settingsHttp,
    settlingHttp,
    siteLinkHttp,
    snapshot,
    stationSyncHttp,
    syncHttp,
    tasks,
    togetherHttp,
    uploadsHttp,
    vendors,
    vendorsHttp,
    webhooks,
  };
  expect({ version: CONTRACT_VERSION, hash: hashOf({ ...modules }) }).toEqual({
    version: CONTRACT_VERSION,
    hash: CONTRACTS[CONTRACT_VERSION],
  });
});

test('no stored operation changes its form silently', () => {
  expect(hashOf({ ...op })).toBe(OPERATIONS[OP_SCHEMA]);
});
