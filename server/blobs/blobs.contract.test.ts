/** What every blob store has to keep. A second implementation is one more entry of `implementations`. */
import { createHash, randomBytes } from 'node:crypto';
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { PutObjectCommand } from '@aws-sdk/client-s3';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { ACCESS_KEY, hasRadosgw, type Radosgw, SECRET_KEY } from '../../e2e/site/radosgw.ts';
import { sharedRadosgw } from '../../e2e/site/shared-radosgw.ts';
import type { Blobs } from './blobs.ts';
import { createDiskBlobs } from './disk.ts';
import { createS3Client } from './s3-client.ts';
import { readS3Config, type S3Config } from './s3-config.ts';
import { createS3Storage } from './s3.ts';

interface Made {
  readonly blobs: Blobs;
  /** Harms what is kept under the name, below the port. */
  damage(sha256: string): Promise<void>;
  cleanUp(): Promise<void>;
}

let gateway: Radosgw | undefined;
let sites = 0;

function s3Config(): S3Config {
  const config = readS3Config({
    S3_ENDPOINT: gateway?.endpoint,
    S3_BUCKET: 'contract',
    S3_ACCESS_KEY_ID: ACCESS_KEY,
    S3_SECRET_ACCESS_KEY: SECRET_KEY,
  });
  if (config === undefined) throw new Error('The gateway is not running.');
  return config;
}

/** A site of its own each time, in one bucket. */
async function s3(): Promise<Made> {
  const folder = mkdtempSync(join(tmpdir(), 'blob cache-'));
  const config = s3Config();
  const storage = await createS3Storage({ config, folder, graceMs: 0 });
  await storage.prepare();
  const site = `site-${(sites += 1)}`;
  const blobs = storage.site(site);
  return {
    blobs,
    damage: async (sha256) => {
      const bytes = await blobs.bytes(sha256);
      bytes[0] = (bytes[0] ?? 0) ^ 1;
      const client = createS3Client(config);
      const Key = `${site}/${sha256.slice(0, 2)}/${sha256.slice(2, 4)}/${sha256}`;
      await client.send(new PutObjectCommand({ Bucket: config.bucket, Key, Body: bytes }));
      client.destroy();
    },
    cleanUp: async () => {
      expect(readdirSync(join(folder, 'incoming'))).toEqual([]);
      storage.close();
      rmSync(folder, { recursive: true });
    },
  };
}

const hasS3 = hasRadosgw('the contract of the blobs on S3');

const implementations: Record<string, () => Promise<Made>> = {
  s3,
  disk: async () => {
    const folder = mkdtempSync(join(tmpdir(), 'blobs with space-'));
    const blobs = await createDiskBlobs(folder);
    return {
      blobs,
      damage: async (sha256) => {
        const path = await blobs.localPath(sha256);
        const bytes = readFileSync(path);
        bytes[0] = (bytes[0] ?? 0) ^ 1;
        writeFileSync(path, bytes);
      },
      cleanUp: async () => rmSync(folder, { recursive: true }),
    };
  },
};

const sha = (bytes: Uint8Array): string => createHash('sha256').update(bytes).digest('hex');

async function collect(stream: Readable): Promise<Buffer> {
  const chunks: Buffer[] = [];
  for await (const chunk of stream) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks);
}

describe.each(Object.keys(implementations))('blobs: %s', (name) => {
  const runs = name !== 's3' || hasS3;
  beforeAll(async () => {
    if (name === 's3' && hasS3) gateway = await sharedRadosgw();
  }, 120_000);
  afterAll(async () => {
    if (name === 's3') await gateway?.stop();
  });
  let made: Made;
  beforeEach(async () => {
    if (!runs) return;
    made = await (implementations[name] as () => Promise<Made>)();
  });
  afterEach(() => (runs ? made.cleanUp() : undefined));

  test.runIf(runs)('bytes come back under their sha256, whole and in ranges', async () => {
    const bytes = randomBytes(300_000);
    const put = await made.blobs.put(Readable.from([bytes.subarray(0, 100_000), bytes.subarray(100_000)]));
    expect(put).toEqual({ sha256: sha(bytes), size: bytes.length, existed: false });
    expect(await made.blobs.has(put.sha256)).toEqual({ sha256: put.sha256, size: bytes.length });
    expect((await made.blobs.bytes(put.sha256)).equals(bytes)).toBe(true);
    expect((await collect(await made.blobs.read(put.sha256))).equals(bytes)).toBe(true);
    const range = await collect(await made.blobs.read(put.sha256, { start: 10, end: 19 }));
    expect(range.equals(bytes.subarray(10, 20))).toBe(true);
    expect(readFileSync(await made.blobs.localPath(put.sha256)).equals(bytes)).toBe(true);
  });

  test.runIf(runs)('the same bytes are kept once, and nothing at all is a blob too', async () => {
    const first = await made.blobs.put(Buffer.from('one'));
    const both = await Promise.all([
      made.blobs.put(Buffer.from('one')),
      made.blobs.put(Readable.from([Buffer.from('one')])),
    ]);
    expect(both.map((put) => put.sha256)).toEqual([first.sha256, first.sha256]);
    expect(both.every((put) => put.existed)).toBe(true);
    expect((await made.blobs.put(Buffer.alloc(0))).size).toBe(0);
  });

  test.runIf(runs)('two at once write the same bytes', async () => {
    const bytes = randomBytes(100_000);
    const puts = await Promise.all(Array.from({ length: 5 }, () => made.blobs.put(bytes)));
    expect(new Set(puts.map((put) => put.sha256))).toEqual(new Set([sha(bytes)]));
    expect(await made.blobs.verify(sha(bytes))).toBe(true);
  });

  test.runIf(runs)('bytes of another name than the given one are refused and leave nothing', async () => {
    const [bytes, others] = [randomBytes(1_000), randomBytes(1_000)];
    await expect(made.blobs.put(others, { sha256: sha(bytes) })).rejects.toMatchObject({ code: 'invalid_value' });
    expect([await made.blobs.has(sha(bytes)), await made.blobs.has(sha(others))]).toEqual([undefined, undefined]);
    expect(await made.blobs.put(bytes, { sha256: sha(bytes) })).toMatchObject({ sha256: sha(bytes) });
  });

  test.runIf(runs)('what is too large is refused and leaves nothing', async () => {
    const endless = Readable.from(
      (async function* () {
        for (;;) yield randomBytes(1_000);
      })(),
    );
    await expect(made.blobs.put(endless, { maxBytes: 10_000 })).rejects.toMatchObject({ code: 'too_large' });
    const exact = randomBytes(10_000);
    await expect(made.blobs.put(exact, { maxBytes: 10_000 })).resolves.toMatchObject({ size: 10_000 });
  });

  test.runIf(runs)('a source that breaks off leaves nothing', async () => {
    const broken = Readable.from(
      (async function* () {
        yield Buffer.from('begin');
        throw new Error('connection lost');
      })(),
    );
    await expect(made.blobs.put(broken)).rejects.toThrow('connection lost');
    expect(await made.blobs.has(sha(Buffer.from('begin')))).toBeUndefined();
  });

  test.runIf(runs)('what is not here is said so', async () => {
    const absent = sha(Buffer.from('absent'));
    expect(await made.blobs.has(absent)).toBeUndefined();
    expect(await made.blobs.verify(absent)).toBe(false);
    for (const ask of ['read', 'bytes', 'localPath'] as const) {
      await expect(made.blobs[ask](absent)).rejects.toMatchObject({ code: 'not_found' });
    }
    await expect(made.blobs.bytes('../../etc/passwd')).rejects.toMatchObject({ code: 'bad_request' });
  });

  test.runIf(runs)(
    'what is removed is not there any more, neither here nor in copies; removed once more, nothing happens',
    async () => {
      const [gone, kept] = [await made.blobs.put(randomBytes(700)), await made.blobs.put(randomBytes(700))];
      const copy = await made.blobs.localPath(gone.sha256);
      await made.blobs.remove(gone.sha256);
      await made.blobs.remove(gone.sha256);
      expect(await made.blobs.has(gone.sha256)).toBeUndefined();
      expect(existsSync(copy)).toBe(false);
      expect(await made.blobs.verify(kept.sha256)).toBe(true);
      await made.blobs.remove(kept.sha256, 'copies');
      expect(await made.blobs.verify(kept.sha256)).toBe(true);
    },
  );

  test.runIf(runs)('damage is found, and the same bytes put again mend it', async () => {
    const bytes = randomBytes(1_000);
    const { sha256 } = await made.blobs.put(bytes);
    expect(await made.blobs.verify(sha256)).toBe(true);
    await made.damage(sha256);
    expect(await made.blobs.verify(sha256)).toBe(false);
    expect((await made.blobs.put(bytes)).existed).toBe(false);
    expect(await made.blobs.verify(sha256)).toBe(true);
  });
});

test('disk: half-written files of a killed process are gone after the next start', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'blobs-'));
  mkdirSync(join(folder, 'incoming'));
  writeFileSync(join(folder, 'incoming', 'half'), 'hal');
  await createDiskBlobs(folder);
  expect(readdirSync(join(folder, 'incoming'))).toEqual([]);
  rmSync(folder, { recursive: true });
});
