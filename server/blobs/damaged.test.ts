/** Bytes that change on the disk by themselves are noticed before anybody gets them, kept aside, and fetched again where the site has them. */
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { createFetchingBlobs } from '../sync/station/fetching-blobs.ts';
import type { Blobs } from './blobs.ts';
import { createDiskBlobs } from './disk.ts';

const BYTES = Buffer.from('%PDF-1.7 an invoice');

let folder: string;
let blobs: Blobs;
let sha256: string;
beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'damaged-'));
  ({ sha256 } = await (await createDiskBlobs(folder)).put(BYTES));
  const file = join(folder, sha256.slice(0, 2), sha256.slice(2, 4), sha256);
  const bytes = readFileSync(file);
  bytes[3] = (bytes[3] ?? 0) ^ 0xff;
  writeFileSync(file, bytes);
  blobs = await createDiskBlobs(folder);
});
afterEach(() => rmSync(folder, { recursive: true }));

const damaged = { code: 'storage', details: { reason: 'damaged' } };

test.each(['read', 'bytes', 'localPath'] as const)('%s gives none of them, and keeps the file aside', async (way) => {
  await expect(blobs[way](sha256)).rejects.toMatchObject(damaged);
  expect(await blobs.has(sha256)).toBeUndefined();
  expect(readdirSync(join(folder, 'damaged'))).toEqual([sha256]);
  expect(await blobs.put(BYTES)).toMatchObject({ existed: false });
  expect(await blobs.bytes(sha256)).toEqual(BYTES);
});

test('two who ask at once are both told', async () => {
  const asked = await Promise.allSettled([blobs.bytes(sha256), blobs.read(sha256)]);
  expect(asked.map(({ status }) => status)).toEqual(['rejected', 'rejected']);
});

const fetching = (fetchAgain: () => Promise<'here' | 'unreachable'>) =>
  createFetchingBlobs({ blobs, missing: async () => undefined, fetchNow: async () => 'unknown', fetchAgain });

test('a connected station fetches them from its site', async () => {
  const here = fetching(async () => {
    await blobs.put(BYTES);
    return 'here';
  });
  expect(await here.bytes(sha256)).toEqual(BYTES);
});

test('where the site cannot be asked, the damage is told', async () => {
  await expect(fetching(async () => 'unreachable').localPath(sha256)).rejects.toMatchObject(damaged);
});
