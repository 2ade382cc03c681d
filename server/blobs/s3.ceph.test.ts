/** S3 where it is hard: a store that dies in the middle, wrong keys, large bytes, damage. Against a real gateway, or not at all. */
import { createHash, randomBytes, randomUUID } from 'node:crypto';
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { setTimeout as sleep } from 'node:timers/promises';
import {
  GetBucketLifecycleConfigurationCommand,
  GetObjectCommand,
  ListObjectVersionsCommand,
} from '@aws-sdk/client-s3';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { hasRadosgw } from '../../e2e/site/radosgw.ts';
import { startWorkbench, type Workbench } from '../../e2e/site/s3-workbench.ts';
import type { Patience } from './s3-client.ts';
import type { S3Config } from './s3-config.ts';

const MIB = 1024 * 1024;
const sha = (bytes: Uint8Array): string => createHash('sha256').update(bytes).digest('hex');
const SHORT: Partial<Patience> = { tries: 3, baseMs: 50, capMs: 200, connectMs: 1_000, idleMs: 5_000 };
const LONG: Partial<Patience> = { tries: 60, baseMs: 100, capMs: 1_000 };

let bench: Workbench;
const freshSite = () => bench.storage.site(`s-${randomUUID()}`);

const putWith = async (change: Partial<S3Config>) => {
  const storage = await bench.open({ config: { ...bench.config, ...change }, patience: SHORT });
  return storage.site('main').put(Buffer.from('y'));
};
const told = (reason: string) => ({ code: 'storage', details: { reason } });

describe.runIf(hasRadosgw('what S3 has to bear'))('S3 on Ceph', () => {
  beforeAll(async () => {
    bench = await startWorkbench();
    await bench.storage.prepare();
  }, 120_000);
  afterAll(() => bench?.stop());

  test('a second start changes nothing, and the rules of the operator stay', async () => {
    expect(await bench.storage.prepare()).toEqual({ created: false, versioned: true, missing: [] });
    const { Rules = [] } = await bench.withClient((client) =>
      client.send(new GetBucketLifecycleConfigurationCommand({ Bucket: bench.config.bucket })),
    );
    expect(new Set(Rules.map((rule) => rule.ID))).toEqual(new Set(['ap-intake-incoming', 'ap-intake-parts']));
    await bench.storage.ping();
  });

  test('sites do not see each other, not even in the cache', async () => {
    const [a, b] = [freshSite(), freshSite()];
    const { sha256 } = await a.put(Buffer.from('confidential'));
    await a.localPath(sha256);
    expect(await b.has(sha256)).toBeUndefined();
    for (const ask of ['bytes', 'localPath', 'read'] as const) {
      await expect(b[ask](sha256)).rejects.toMatchObject({ code: 'not_found' });
    }
    expect((await b.put(Buffer.from('confidential'))).existed).toBe(false);
    expect(() => bench.storage.site('../other')).toThrow('cannot be the name of a site');
    expect(() => bench.storage.site('incoming')).toThrow('cannot be the name of a site');
  });

  test('of forty that put the same bytes at once, one was first; other processes do no harm', async () => {
    const [blobs, elsewhere] = [bench.storage.site('crowd'), (await bench.open()).site('crowd')];
    const bytes = randomBytes(50_000);
    const [puts] = await Promise.all([
      Promise.all(Array.from({ length: 40 }, () => blobs.put(bytes))),
      Promise.all(Array.from({ length: 40 }, () => elsewhere.put(bytes))),
    ]);
    expect(puts.filter((put) => !put.existed).length).toBeLessThanOrEqual(1);
    expect(await blobs.verify(sha(bytes))).toBe(true);
    const others = randomBytes(50_000);
    const alone = await Promise.all(Array.from({ length: 40 }, () => bench.storage.site('crowd').put(others)));
    expect(alone.filter((put) => !put.existed)).toHaveLength(1);
  });

  test('a damaged blob is not handed to a worker, and the copy from before is still there', async () => {
    const name = `s-${randomUUID()}`;
    const blobs = bench.storage.site(name);
    const bytes = randomBytes(1_000);
    const { sha256 } = await blobs.put(bytes);
    const key = `${name}/${sha256.slice(0, 2)}/${sha256.slice(2, 4)}/${sha256}`;
    await bench.putRaw(key, randomBytes(1_000));
    await expect(blobs.localPath(sha256)).rejects.toMatchObject({
      code: 'storage',
      details: { reason: 'blob-damaged' },
    });
    const versions = await bench.withClient((client) =>
      client.send(new ListObjectVersionsCommand({ Bucket: bench.config.bucket, Prefix: key })),
    );
    const VersionId = versions.Versions?.find((one) => one.IsLatest !== true)?.VersionId;
    const before = await bench.withClient(async (client) => {
      const reply = await client.send(new GetObjectCommand({ Bucket: bench.config.bucket, Key: key, VersionId }));
      return Buffer.from((await reply.Body?.transformToByteArray()) ?? []);
    });
    expect(before.equals(bytes)).toBe(true);
    expect((await blobs.put(bytes)).existed).toBe(false);
  });

  test('large bytes go in parts, with little in memory, and broken ones leave nothing', async () => {
    const name = `s-${randomUUID()}`;
    const blobs = bench.storage.site(name);
    // Larger than what stays in memory, and the same buffer again and again: what is measured is not made here.
    const [piece, count] = [randomBytes(2 * MIB), 80];
    const hash = createHash('sha256');
    const source = Readable.from(
      (async function* () {
        for (let index = 0; index < count; index += 1) {
          hash.update(piece);
          yield piece;
        }
      })(),
      { highWaterMark: 1 },
    );
    let most = 0;
    const watch = setInterval(() => (most = Math.max(most, process.memoryUsage().arrayBuffers)), 20);
    const before = process.memoryUsage().arrayBuffers;
    const put = await blobs.put(source);
    clearInterval(watch);
    expect(put).toEqual({ sha256: hash.digest('hex'), size: count * piece.length, existed: false });
    // Two parts of 8 MiB are held; the rest has not been collected yet.
    expect((most - before) / MIB).toBeLessThan(100);
    expect(await blobs.verify(put.sha256)).toBe(true);
    expect(await bench.openUploads(name)).toBe(0);

    const broken = Readable.from(
      (async function* () {
        for (let index = 0; index < 40; index += 1) yield randomBytes(MIB);
        throw new Error('connection lost');
      })(),
    );
    await expect(blobs.put(broken)).rejects.toThrow('connection lost');
    expect(await bench.keysUnder(`${name}/`)).toHaveLength(1);
    expect(await bench.openUploads(name)).toBe(0);
    expect(readdirSync(join(bench.folder, 'incoming'))).toEqual([]);
  });

  test('the same large bytes again are known, although their ETag says nothing', async () => {
    const blobs = (await bench.open({ sizes: { onePiece: 5 * MIB, partSize: 5 * MIB } })).site(`s-${randomUUID()}`);
    const bytes = randomBytes(6 * MIB);
    expect((await blobs.put(bytes)).existed).toBe(false);
    expect((await blobs.put(Readable.from([bytes]))).existed).toBe(true);
  });

  test('a gateway that dies in a put and comes back costs time only', async () => {
    const seen: string[] = [];
    let died: Promise<void> | undefined;
    const storage = await bench.open({
      patience: LONG,
      sizes: { onePiece: 5 * MIB, partSize: 5 * MIB },
      observe: ({ operation, outcome }) => {
        seen.push(`${operation} ${outcome}`);
        // In the middle: the first part is there, the others are on their way.
        if (operation === 'part' && outcome === 'ok') died ??= bench.gateway.killGateway();
      },
    });
    const blobs = storage.site('patient');
    const large = randomBytes(40 * MIB);
    const small = Array.from({ length: 20 }, () => randomBytes(200_000));
    const puts = Promise.all([blobs.put(Readable.from([large])), ...small.map((bytes) => blobs.put(bytes))]);
    await expect.poll(() => died !== undefined, { timeout: 20_000 }).toBe(true);
    await died;
    await sleep(300);
    await bench.gateway.startGateway();
    const kept = await puts;
    expect(seen).toContain('part retried');
    expect(kept.map((put) => put.sha256)).toEqual([sha(large), ...small.map(sha)]);
    for (const { sha256 } of kept) expect(await blobs.verify(sha256)).toBe(true);
    expect(await bench.openUploads('patient/')).toBe(0);
  });

  test('a download goes on where it broke off', async () => {
    const seen: string[] = [];
    const storage = await bench.open({ patience: LONG, observe: ({ operation }) => seen.push(operation) });
    const blobs = storage.site('reader');
    const bytes = randomBytes(64 * MIB);
    const { sha256 } = await blobs.put(bytes);
    const stream = await blobs.read(sha256, { start: 1_000, end: bytes.length - 1_001 });
    const chunks: Buffer[] = [];
    for await (const chunk of stream as AsyncIterable<Buffer>) {
      if (chunks.length === 3) {
        await bench.gateway.killGateway();
        await bench.gateway.startGateway();
      }
      chunks.push(chunk);
    }
    expect(Buffer.concat(chunks).equals(bytes.subarray(1_000, bytes.length - 1_000))).toBe(true);
    expect(seen.filter((operation) => operation === 'get').length).toBeGreaterThan(1);
  });

  test('a reader who goes away ends the download', async () => {
    const blobs = freshSite();
    const { sha256 } = await blobs.put(randomBytes(20 * MIB));
    for (let round = 0; round < 80; round += 1) (await blobs.read(sha256)).destroy();
    // More than there are connections: had any of them been held, this would wait for ever.
    expect(await blobs.has(sha256)).toBeDefined();
  });

  test('a gateway that stays away is named, and nothing is half-done when it is back', async () => {
    const seen: string[] = [];
    const away = await bench.open({
      patience: SHORT,
      observe: ({ operation, outcome }) => seen.push(`${operation} ${outcome}`),
    });
    const blobs = away.site('away');
    await bench.gateway.killGateway();
    const refusal = {
      code: 'storage',
      details: { reason: 's3-unreachable', endpoint: bench.gateway.endpoint, bucket: bench.config.bucket },
    };
    try {
      await expect(blobs.put(Buffer.from('x'))).rejects.toMatchObject(refusal);
      await expect(blobs.bytes(sha(Buffer.from('x')))).rejects.toMatchObject(refusal);
      await expect(away.ping()).rejects.toMatchObject(refusal);
    } finally {
      await bench.gateway.startGateway();
    }
    expect(seen.slice(0, 3)).toEqual(['head retried', 'head retried', 'head failed']);
    expect(readdirSync(join(bench.folder, 'incoming'))).toEqual([]);
    expect((await blobs.put(Buffer.from('x'))).existed).toBe(false);
  });

  test('wrong keys, a wrong bucket and an unknown certificate say what to do', async () => {
    await expect(putWith({ secretAccessKey: 'wrong-secret' })).rejects.toMatchObject(told('s3-refused'));
    await expect(putWith({ accessKeyId: 'nobody' })).rejects.toMatchObject(told('s3-refused'));
    await expect(putWith({ bucket: 'no-such-bucket' })).rejects.toMatchObject(told('s3-no-bucket'));
    const { secureEndpoint: endpoint, ca } = bench.gateway;
    await expect(putWith({ endpoint })).rejects.toMatchObject(told('s3-certificate'));
    await expect(putWith({ endpoint, ca })).resolves.toMatchObject({ existed: false });
    const refusal = await putWith({ secretAccessKey: 'wrong-secret' }).catch((error: unknown) => error);
    expect(JSON.stringify(Object.values(refusal as object)) + String(refusal)).not.toContain('wrong-secret');
  });
});
