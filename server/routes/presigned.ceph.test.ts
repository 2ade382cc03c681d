/** Presigned uploads as a client sees them: a whole site over Postgres and a real S3 gateway, or not at all. */
import { createHash, randomBytes, randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { IntakeResult } from '../../core/contract/intake.ts';
import type { PresignedUpload } from '../../core/contract/uploads-http.ts';
import { hasRadosgw } from '../../e2e/site/radosgw.ts';
import { sendTo, startWorkbench, type Workbench } from '../../e2e/site/s3-workbench.ts';
import type { TestServing } from '../site/testing.ts';
import { type PostgresSite, postgresSite } from '../site/testing-postgres-site.ts';
import { postgres } from '../store/testing-postgres.ts';
import { multipart } from '../testing.ts';

const MIB = 1024 * 1024;
const UPLOADS = '/api/v1/invoices/uploads';
const { url } = postgres;

const digest = (kind: string, bytes: Uint8Array) => createHash(kind).update(bytes);
const announce = (name: string, bytes: Uint8Array) => ({
  name,
  sha256: digest('sha256', bytes).digest('hex'),
  size: bytes.length,
  md5: digest('md5', bytes).digest('base64'),
});
const idOf = (upload: PresignedUpload | undefined): string =>
  upload?.kind === 'put' || upload?.kind === 'parts' ? upload.id : '';
/** In the store: without the mark of whose it is. */
const keyOf = (upload: PresignedUpload | undefined): string => `incoming/main/${idOf(upload).slice(0, -33)}`;
const fresh = (size = 2_000): Buffer => randomBytes(size);

/** As a station would: every byte straight into the store. */
async function send(upload: PresignedUpload | undefined, bytes: Uint8Array): Promise<number[]> {
  if (upload?.kind === 'put') return [await sendTo(upload, bytes)];
  if (upload?.kind !== 'parts') throw new Error(`nothing to put: ${JSON.stringify(upload)}`);
  return Promise.all(upload.parts.map((part) => sendTo(part, bytes.subarray(part.start, part.start + part.size))));
}

describe.runIf(hasRadosgw('presigned uploads over HTTP') && url !== undefined)('presigned uploads of a site', () => {
  let bench: Workbench;
  let room: PostgresSite;
  let serving: TestServing;
  let reviewer: string;

  beforeAll(async () => {
    bench = await startWorkbench();
    await bench.storage.prepare();
    room = await postgresSite(url, { ...bench.environment, SITES: 'main,north' });
    serving = await room.start('api,sync');
    reviewer = await tokenOf('reviewer');
  }, 180_000);
  afterAll(async () => {
    await room?.close();
    await bench?.stop();
  });

  const tokenOf = async (role: 'reviewer' | 'auditor', site = 'main'): Promise<string> =>
    (await serving.people.signIn(await serving.people.person(role, site))).access;
  const request = (path: string, json?: unknown, token = reviewer, headers: Record<string, string> = {}) =>
    serving.people.request(path, token, json === undefined ? { headers } : { json, headers });

  async function presign(files: readonly unknown[], token = reviewer) {
    const reply = await request(UPLOADS, { files }, token);
    return { status: reply.status, ...((await reply.json()) as { uploads: PresignedUpload[] }) };
  }
  async function complete(files: readonly { id: string; name: string }[], key?: string, token = reviewer) {
    const headers: Record<string, string> = key === undefined ? {} : { 'idempotency-key': key };
    const reply = await request(`${UPLOADS}/complete`, { files }, token, headers);
    return { status: reply.status, ...((await reply.json()) as { results: IntakeResult[] }) };
  }
  test('announced, put, completed: documents as by any other way, once', async () => {
    const [small, large] = [fresh(), fresh(20 * MIB)];
    const { status, uploads } = await presign([announce('a/small.pdf', small), announce('large.pdf', large)]);
    expect([status, uploads.map(({ kind, file }) => [kind, file])]).toEqual([
      200,
      [
        ['put', 'small.pdf'],
        ['parts', 'large.pdf'],
      ],
    ]);
    expect([...(await send(uploads[0], small)), ...(await send(uploads[1], large))]).toEqual([200, 200, 200]);
    const wanted = uploads.map((upload) => ({ id: idOf(upload), name: upload.file }));
    const key = randomUUID();
    // The answer may be lost, and asked for again while the first request still works.
    const both = await Promise.all([complete(wanted, key), complete(wanted, key)]);
    expect(both.map((one) => [one.status, one.results.map(({ kind }) => kind)])).toEqual([
      [200, ['accepted', 'accepted']],
      [200, ['accepted', 'accepted']],
    ]);
    expect(both[0]?.results).toEqual(both[1]?.results);
    const document = await request(`/api/v1/documents/${announce('', large).sha256}`);
    expect(Buffer.from(await document.arrayBuffer()).equals(large)).toBe(true);
    const again = await presign([announce('copy.pdf', small)]);
    const first = both[0]?.results[0];
    expect(again.uploads).toEqual([
      {
        kind: 'already',
        file: 'copy.pdf',
        document: announce('', small).sha256,
        invoices: first?.kind === 'accepted' ? first.invoices : [],
      },
    ]);
    expect(await bench.keysUnder('incoming/main/')).toEqual([]);
    const { body, type } = multipart([{ name: 'other way.pdf', bytes: small }]);
    const other = await serving.people.request('/api/v1/invoices/upload', reviewer, {
      method: 'POST',
      body: new Uint8Array(body),
      headers: { 'content-type': type },
    });
    expect(await other.json()).toMatchObject({ results: [{ kind: 'already' }] });
  });

  test('what has not arrived, or is something else, is refused alone and by name', async () => {
    const [good, wrong, missing, large] = [fresh(), fresh(), fresh(), fresh(17 * MIB)];
    const names = ['good', 'wrong', 'missing', 'large'];
    const files = [good, wrong, missing, large].map((bytes, at) => announce(names[at] ?? '', bytes));
    const { uploads } = await presign(files);
    await send(uploads[0], good);
    // The store would refuse it at its address; whoever has the store's own key could still put it.
    await bench.putRaw(keyOf(uploads[1]), fresh());
    const parts = uploads[3]?.kind === 'parts' ? uploads[3].parts : [];
    const [head, tail] = parts;
    expect(head && (await sendTo(head, large.subarray(0, head.size)))).toBe(200);
    const wanted = uploads.map((upload) => ({ id: idOf(upload), name: upload.file }));
    const key = randomUUID();
    const first = await complete([...wanted, { id: 'no id', name: 'odd' }], key);
    expect(first.status).toBe(207);
    expect(first.results).toMatchObject([
      { kind: 'accepted', file: 'good' },
      { kind: 'refused', file: 'wrong', reason: 'upload-mismatch' },
      { kind: 'refused', file: 'missing', reason: 'upload-missing' },
      { kind: 'refused', file: 'large', reason: 'upload-incomplete' },
      { kind: 'refused', file: 'odd', reason: 'bad_request' },
    ]);
    // They come after all: the same key, and this time the answer stays.
    await send(uploads[2], missing);
    expect(tail && (await sendTo(tail, large.subarray(tail.start)))).toBe(200);
    const later = wanted.filter((_, at) => at !== 1);
    const second = await complete(later, key);
    expect([second.status, second.results.map(({ kind }) => kind)]).toEqual([200, ['already', 'accepted', 'accepted']]);
    expect((await complete(later, key)).results).toEqual(second.results);
  });

  test('a file over the limit has no address, the others have; so many in a batch and no more', async () => {
    const files = [announce('ok.pdf', fresh()), { name: 'big.pdf', sha256: 'b'.repeat(64), size: 50 * MIB + 1 }];
    const { status, uploads } = await presign(files);
    expect(status).toBe(207);
    expect(uploads).toMatchObject([{ kind: 'put' }, { kind: 'refused', file: 'big.pdf', reason: 'too-large' }]);
    const many = Array.from({ length: 51 }, () => announce('x.pdf', fresh(10)));
    expect((await request(UPLOADS, { files: many })).status).toBe(400);
    expect((await request(UPLOADS, { files: [] })).status).toBe(400);
    expect((await presign(many.slice(1))).uploads).toHaveLength(50);
  });

  test('belong to their maker: nobody else completes or abandons one, and no auditor begins one', async () => {
    const bytes = fresh();
    const { uploads } = await presign([announce('ours.pdf', bytes)]);
    await send(uploads[0], bytes);
    const wanted = [{ id: idOf(uploads[0]), name: 'ours.pdf' }];
    const north = await tokenOf('reviewer', 'north');
    const foreign = await complete(wanted, undefined, north);
    expect(foreign.results).toMatchObject([{ kind: 'refused', reason: 'upload-missing' }]);
    // Nor does a colleague, with the id as it was given or without its mark.
    const colleague = await tokenOf('reviewer');
    const id = idOf(uploads[0]);
    const taken = await complete([...wanted, { id: id.slice(0, -33), name: 'ours.pdf' }], undefined, colleague);
    expect(taken.results).toMatchObject([{ reason: 'upload-missing' }, { reason: 'bad_request' }]);
    const removal = await serving.people.request(`${UPLOADS}/${id}`, colleague, { method: 'DELETE' });
    expect(removal.status).toBe(404);
    const auditor = await tokenOf('auditor');
    expect((await request(UPLOADS, { files: [announce('x', bytes)] }, auditor)).status).toBe(403);
    expect((await complete(wanted)).results).toMatchObject([{ kind: 'accepted' }]);
  });

  test('are abandoned, as often as one likes', async () => {
    const bytes = fresh();
    const { uploads } = await presign([announce('no.pdf', bytes)]);
    await send(uploads[0], bytes);
    const id = idOf(uploads[0]);
    for (const _ of [1, 2]) {
      const reply = await serving.people.request(`${UPLOADS}/${id}`, reviewer, { method: 'DELETE' });
      expect([reply.status, await reply.json()]).toEqual([200, { abandoned: true }]);
    }
    const gone = await complete([{ id, name: 'no.pdf' }]);
    expect(gone.results).toMatchObject([{ kind: 'refused', reason: 'upload-missing' }]);
    const odd = await serving.people.request(`${UPLOADS}/odd`, reviewer, { method: 'DELETE' });
    expect(odd.status).toBe(400);
  });
});
