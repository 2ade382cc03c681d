/** Presigned uploads and `s3-check`, against a real gateway, or not at all. */
import { createHash, randomBytes, randomUUID } from 'node:crypto';
import { readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { ListObjectsV2Command } from '@aws-sdk/client-s3';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { DOMAIN, hasRadosgw } from '../../e2e/site/radosgw.ts';
import { sendTo, startWorkbench, type Workbench } from '../../e2e/site/s3-workbench.ts';
import { runCli } from '../cli.ts';
import { createPresign } from './s3-presign.ts';

const MIB = 1024 * 1024;
const sha = (bytes: Uint8Array): string => createHash('sha256').update(bytes).digest('hex');
const bytes = randomBytes(100_000);
const promised = { sha256: sha(bytes), size: bytes.length };

let bench: Workbench;

/** A site of its own for each test, and what lies in its two places. */
function freshSite() {
  const name = `s-${randomUUID()}`;
  return {
    name,
    ...bench.storage.site(name),
    arriving: () => bench.keysUnder(`incoming/${name}/`),
    kept: () => bench.keysUnder(`${name}/`),
  };
}

async function check(env: Record<string, string>, ...args: string[]) {
  let out = '';
  let said = '';
  const code = await runCli(['s3-check', ...args], {
    env,
    cwd: '/',
    out: (text) => (out += text),
    say: (line) => (said += `${line}\n`),
    signal: new AbortController().signal,
  });
  return { code, out, said };
}

describe.runIf(hasRadosgw('presigned uploads and s3-check'))('presigned uploads on Ceph', () => {
  beforeAll(async () => {
    bench = await startWorkbench();
    await bench.storage.prepare();
  }, 120_000);
  afterAll(() => bench?.stop());

  test('bytes become a blob when they are adopted, once', async () => {
    const site = freshSite();
    const put = await site.uploads.presignPut(promised);
    expect(await sendTo(put, bytes)).toBe(200);
    expect(await site.has(promised.sha256)).toBeUndefined();
    expect(await site.uploads.adopt(put.id)).toEqual({ ...promised, existed: false });
    expect((await site.bytes(promised.sha256)).equals(bytes)).toBe(true);
    expect(await site.uploads.adopt(put.id)).toEqual({ ...promised, existed: true });
    expect(await site.arriving()).toEqual([]);
    // Another site knows nothing of it.
    await expect(freshSite().uploads.adopt(put.id)).rejects.toMatchObject({ code: 'not_found' });
  });

  test('two servers may be asked to adopt the same upload at once', async () => {
    const site = freshSite();
    const put = await site.uploads.presignPut(promised);
    await sendTo(put, bytes);
    const answers = await Promise.all([1, 2, 3].map(() => site.uploads.adopt(put.id)));
    expect(answers.filter((one) => !one.existed)).toHaveLength(1);
    expect(await site.verify(promised.sha256)).toBe(true);
  });

  test('the store refuses other bytes, another length, a later time and another key', async () => {
    const { uploads } = freshSite();
    const put = await uploads.presignPut(promised);
    expect(await sendTo(put, randomBytes(bytes.length))).toBe(400);
    expect(await sendTo(put, Buffer.concat([bytes, Buffer.from('!')]))).toBe(403);
    expect(await sendTo({ ...put, url: put.url.replace('incoming/', 'incoming/x') }, bytes)).toBe(403);
    expect(await sendTo({ ...put, headers: {} }, bytes)).toBe(403);
    const past = await bench.open({ now: () => Date.now() - 61_000 });
    expect(await sendTo(await past.site('late').uploads.presignPut(promised, 60), bytes)).toBe(403);
    await expect(uploads.adopt(put.id)).rejects.toMatchObject({
      code: 'not_found',
      details: { reason: 'upload-missing' },
    });
  });

  test('what is not what was promised is found here, whatever the store let through', async () => {
    const site = freshSite();
    for (const wrong of [randomBytes(bytes.length), bytes.subarray(1), Buffer.alloc(0)]) {
      const { id } = await site.uploads.presignPut(promised);
      await bench.putRaw(`incoming/${site.name}/${id}`, wrong);
      await expect(site.uploads.adopt(id)).rejects.toMatchObject({
        code: 'invalid_value',
        details: { reason: 'upload-mismatch' },
      });
    }
    expect([await site.arriving(), await site.kept()]).toEqual([[], []]);
    expect(readdirSync(join(bench.folder, 'incoming'))).toEqual([]);
  });

  test('parts come in any order, missing ones are asked for', async () => {
    const site = freshSite();
    const large = randomBytes(40 * MIB);
    const { id, parts } = await site.uploads.presignParts({ sha256: sha(large), size: large.length });
    const send = (number: number): Promise<number> => {
      const part = parts[number - 1];
      if (part === undefined) throw new Error(`There is no part ${number}.`);
      return sendTo(part, large.subarray(part.start, part.start + part.size));
    };
    expect(parts.map((part) => part.size)).toEqual([16 * MIB, 16 * MIB, 8 * MIB]);
    expect([await send(3), await send(1)]).toEqual([200, 200]);
    await expect(site.uploads.adopt(id)).rejects.toMatchObject({
      code: 'not_found',
      details: { reason: 'upload-incomplete', parts: [1, 3] },
    });
    expect([await send(2), await send(2)]).toEqual([200, 200]);
    expect(await site.uploads.adopt(id)).toEqual({ sha256: sha(large), size: large.length, existed: false });
    expect([await bench.openUploads('incoming/'), await site.arriving()]).toEqual([0, []]);
  });

  test('what nobody adopts is cleaned away after its time, and not before', async () => {
    const site = freshSite();
    const { uploads } = site;
    expect(await sendTo(await uploads.presignPut(promised), bytes)).toBe(200);
    const unfinished = await uploads.presignParts({ sha256: sha(bytes), size: 20 * MIB });
    const gone = await uploads.presignPut(promised);
    expect(await sendTo(gone, bytes)).toBe(200);
    await uploads.abandon(gone.id);
    expect(await uploads.clean()).toBe(0);
    expect(await site.arriving()).toHaveLength(1);
    expect(await uploads.clean(-60_000)).toBe(2);
    expect([await bench.openUploads(`incoming/${site.name}/`), await site.arriving()]).toEqual([0, []]);
    await expect(uploads.adopt(unfinished.id)).rejects.toMatchObject({ code: 'not_found' });
  });

  test('an id that was not made here is refused', async () => {
    const { uploads } = freshSite();
    for (const id of ['', '../../main/ab', `${randomUUID()}-1-${'0'.repeat(63)}`]) {
      await expect(uploads.adopt(id)).rejects.toMatchObject({ code: 'bad_request' });
    }
    await expect(uploads.presignPut({ sha256: 'x', size: 1 })).rejects.toMatchObject({ code: 'bad_request' });
    await expect(uploads.presignPut(promised, 10 ** 9)).rejects.toMatchObject({ code: 'bad_request' });
  });

  test('addresses with the bucket in the host are signed right', async () => {
    const { port } = new URL(bench.gateway.endpoint);
    const presign = createPresign({ ...bench.config, pathStyle: false, publicEndpoint: `http://${DOMAIN}:${port}` });
    const key = `incoming/host/${randomUUID()}`;
    const wanted = {
      method: 'PUT',
      key,
      headers: { 'content-length': '3' },
      expiresSeconds: 60,
      at: new Date(),
    } as const;
    const url = await presign(wanted);
    expect(url).toContain(`http://${bench.config.bucket}.${DOMAIN}:${port}/incoming/host/`);
    // No name server knows the host: the connection goes to the gateway, the name is said.
    const { host, pathname, search } = new URL(url);
    const local = { url: `${bench.gateway.endpoint}${pathname}${search}`, headers: { host } };
    expect(await sendTo(local, Buffer.from('abc'))).toBe(200);
    const found = await bench.withClient((client) =>
      client.send(new ListObjectsV2Command({ Bucket: bench.config.bucket, Prefix: key })),
    );
    expect(found.KeyCount).toBe(1);
  });

  test('s3-check: the gateway can do what the product needs, and is left as it was', async () => {
    const { S3_ENDPOINT: url, ...keys } = bench.environment;
    const { code, out } = await check(keys, url);
    const lacking = out.split('\n').filter((line) => line.startsWith('not\t'));
    // This gateway is older than those checksums, and the address has no TLS.
    expect(new Set(lacking.map((line) => line.split('\t')[2]))).toEqual(new Set(['wrong checksum refused', 'tls']));
    expect(code).toBe(0);
    expect((await bench.buckets()).filter((name) => name.startsWith('ap-check-'))).toEqual([]);
  });

  test("s3-check: the operator's own bucket keeps its settings", async () => {
    const S3_CA_FILE = join(bench.folder, 'ca.pem');
    writeFileSync(S3_CA_FILE, bench.gateway.ca);
    const env = { ...bench.environment, S3_ENDPOINT: bench.gateway.secureEndpoint, S3_CA_FILE };
    const { code, out } = await check(env, '--bucket', bench.config.bucket);
    expect([code, out]).toEqual([0, expect.stringContaining('ok\twanted\ttls')]);
    expect(out).toContain('ok\twanted\tversioning');
    expect(await bench.keysUnder('s3-check/')).toEqual([]);
  });

  test('s3-check: without keys or with wrong ones it says so', async () => {
    const { S3_ENDPOINT: url, ...keys } = bench.environment;
    expect(await check({}, url)).toMatchObject({ code: 2, said: expect.stringContaining('S3_ACCESS_KEY_ID: missing') });
    const wrong = { ...keys, S3_SECRET_ACCESS_KEY: 'no' };
    await expect(check(wrong, url)).rejects.toMatchObject({ details: { reason: 's3-refused' } });
  });
});
