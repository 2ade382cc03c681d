import { createHash, randomBytes } from 'node:crypto';
import { existsSync, mkdtempSync, readdirSync, readFileSync, statSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { expect, test } from 'vitest';
import { createBlobCache } from './s3-cache.ts';

const sha = (bytes: Uint8Array): string => createHash('sha256').update(bytes).digest('hex');
const fresh = (): string => mkdtempSync(join(tmpdir(), 'cache-'));

function blob(size: number) {
  const bytes = randomBytes(size);
  const name = sha(bytes);
  let downloads = 0;
  return {
    bytes,
    name,
    key: `main/${name.slice(0, 2)}/${name.slice(2, 4)}/${name}`,
    downloads: () => downloads,
    download: async () => {
      downloads += 1;
      return Readable.from([bytes]);
    },
  };
}

test('a blob is downloaded once, however many ask', async () => {
  const cache = await createBlobCache({ folder: fresh(), maxBytes: 1e6 });
  const one = blob(1_000);
  const ask = () => cache.path(one.key, one.name, one.download);
  const paths = await Promise.all([ask(), ask(), ask()]);
  expect(new Set([...paths, await ask()]).size).toBe(1);
  expect(readFileSync(paths[0] ?? '').equals(one.bytes)).toBe(true);
  expect(one.downloads()).toBe(1);
});

test('the longest unused go, what is in use stays', async () => {
  const folder = fresh();
  let now = Date.now();
  const cache = await createBlobCache({ folder, maxBytes: 3_000, graceMs: 1_000, now: () => now });
  const blobs = [blob(1_000), blob(1_000), blob(1_000)];
  const paths: string[] = [];
  for (const one of blobs) {
    now += 10_000;
    paths.push(await cache.path(one.key, one.name, one.download));
  }
  const [first] = blobs;
  // Asked for again: now the second is the longest unused.
  now += 10_000;
  if (first !== undefined) await cache.path(first.key, first.name, first.download);
  now += 10_000;
  const fourth = blob(500);
  const path = await cache.path(fourth.key, fourth.name, fourth.download);
  expect([...paths, path].map((one) => existsSync(one))).toEqual([true, false, true, true]);
  // Handed out less than the grace ago, by whichever process: kept over the limit.
  const large = [blob(2_000), blob(2_000), blob(2_000)];
  const held = await Promise.all(large.map((one) => cache.path(one.key, one.name, one.download)));
  expect(held.map((one) => existsSync(one))).toEqual([true, true, true]);
});

test('processes that share a folder keep one limit and see what each other has', async () => {
  const folder = fresh();
  let now = Date.now();
  const options = { folder, maxBytes: 10_000, graceMs: 0, now: () => now };
  const [a, b] = [await createBlobCache(options), await createBlobCache(options)];
  const one = blob(1_000);
  expect(await a.path(one.key, one.name, one.download)).toBe(await b.path(one.key, one.name, one.download));
  expect(one.downloads()).toBe(1);
  const many = Array.from({ length: 60 }, () => blob(1_000));
  for (const [index, each] of many.entries()) {
    now += 1_000;
    await (index % 2 === 0 ? a : b).path(each.key, each.name, each.download);
  }
  const files = readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter((name) => /[0-9a-f]{64}$/.test(name));
  expect(files.length).toBeLessThanOrEqual(10);
  expect(files.length).toBeGreaterThan(5);
});

test('bytes that are not what their name says get no name', async () => {
  const folder = fresh();
  const cache = await createBlobCache({ folder, maxBytes: 1e6 });
  const one = blob(1_000);
  await expect(cache.path(one.key, one.name, blob(1_000).download)).rejects.toMatchObject({
    code: 'storage',
    details: { reason: 'blob-damaged' },
  });
  const broken = async () =>
    Readable.from(
      (async function* () {
        yield one.bytes.subarray(0, 500);
        throw new Error('connection lost');
      })(),
    );
  await expect(cache.path(one.key, one.name, broken)).rejects.toThrow('connection lost');
  expect(readdirSync(join(folder, 'incoming'))).toEqual([]);
  // A failure is not remembered.
  expect(statSync(await cache.path(one.key, one.name, one.download)).size).toBe(1_000);
});

test('what a killed process left half-done goes at the next start, what another one is doing stays', async () => {
  const folder = fresh();
  const { incoming } = await createBlobCache({ folder, maxBytes: 1e6 });
  const hoursAgo = new Date(Date.now() - 2 * 3_600_000);
  writeFileSync(join(incoming, 'old'), 'half');
  utimesSync(join(incoming, 'old'), hoursAgo, hoursAgo);
  writeFileSync(join(incoming, 'new'), 'half');
  await createBlobCache({ folder, maxBytes: 1e6 });
  expect(readdirSync(incoming)).toEqual(['new']);
});
