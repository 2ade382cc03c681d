/** Bytes between stations and a site whose documents are in an object store: put there straight, proved by the site. A real S3 gateway, or not at all. */
import { createHash, randomBytes } from 'node:crypto';
import { request } from 'node:http';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { hasRadosgw } from '../../../e2e/site/radosgw.ts';
import { startWorkbench, type Workbench } from '../../../e2e/site/s3-workbench.ts';
import type { TestServing } from '../../site/testing.ts';
import { type PostgresSite, postgresSite } from '../../site/testing-postgres-site.ts';
import { postgres } from '../../store/testing-postgres.ts';
import { connectStation, type TestStation } from './testing-station.ts';

interface Offer {
  readonly kind: string;
  readonly url: string;
  readonly headers: Record<string, string>;
}

const hash = (kind: string, bytes: Uint8Array) => createHash(kind).update(bytes);

/** All headers as given, the length among them. */
const put = ({ url, headers }: Offer, bytes: Uint8Array): Promise<number> =>
  new Promise((resolve, reject) => {
    const sent = request(url, { method: 'PUT', headers: { ...headers, 'content-length': bytes.length } }, (reply) => {
      reply.resume();
      resolve(reply.statusCode ?? 0);
    });
    sent.on('error', reject);
    sent.end(bytes);
  });

describe.runIf(hasRadosgw('bytes of stations') && postgres.url !== undefined)('bytes of stations in S3', () => {
  let bench: Workbench;
  let room: PostgresSite;
  let site: TestServing;
  let station: TestStation;

  beforeAll(async () => {
    bench = await startWorkbench();
    await bench.storage.prepare();
    room = await postgresSite(postgres.url, bench.environment);
    site = await room.start('api,sync');
    station = await connectStation({ people: site.people, person: await site.people.person('reviewer') });
  }, 180_000);
  afterAll(async () => {
    await room?.close();
    await bench?.stop();
  });

  const offer = async (bytes: Uint8Array): Promise<Offer & { sha256: string }> => {
    const [sha256, md5] = [hash('sha256', bytes).digest('hex'), hash('md5', bytes).digest('base64')];
    const reply = await station.request('/blobs/offers', { json: { blobs: [{ sha256, size: bytes.length, md5 }] } });
    expect(reply.status).toBe(200);
    const { blobs } = (await reply.json()) as { blobs: [Offer] };
    return { ...blobs[0], sha256 };
  };
  const complete = async (sha256: string, size: number): Promise<unknown> =>
    (await station.request(`/blobs/${sha256}/complete`, { json: { size } })).json();

  test('put, completed, given out; asked again it is there', async () => {
    const bytes = randomBytes(70_000);
    const made = await offer(bytes);
    expect(made.kind).toBe('put');
    expect(await complete(made.sha256, bytes.length)).toEqual({ state: 'missing' });
    expect(await put(made, bytes)).toBe(200);
    expect(await complete(made.sha256, bytes.length)).toEqual({ state: 'verified' });
    expect(await complete(made.sha256, bytes.length)).toEqual({ state: 'verified' });
    expect((await offer(bytes)).kind).toBe('exists');
    const reply = await station.request(`/blobs/${made.sha256}`, { headers: { range: 'bytes=10-19' } });
    expect(Buffer.from(await reply.arrayBuffer())).toEqual(bytes.subarray(10, 20));
  });

  test('other bytes are never taken for these, and these may come after them', async () => {
    const [bytes, others] = [randomBytes(5_000), randomBytes(5_000)];
    const made = await offer(bytes);
    // Stores that check what was promised refuse it; of others the site finds it out.
    await put(made, others);
    expect(await complete(made.sha256, bytes.length)).toEqual({ state: 'missing' });
    expect((await station.request(`/blobs/${made.sha256}`)).status).toBe(404);
    expect(await put(await offer(bytes), bytes)).toBe(200);
    expect(await complete(made.sha256, bytes.length)).toEqual({ state: 'verified' });
  });

  test('what one station puts is never in the place of what another puts', async () => {
    const bytes = randomBytes(5_000);
    const first = station;
    const made = await offer(bytes);
    station = await connectStation({ people: site.people, person: await site.people.person('reviewer') });
    const theirs = await offer(bytes);
    expect(new URL(theirs.url).pathname).not.toBe(new URL(made.url).pathname);
    expect(await put(theirs, bytes)).toBe(200);
    expect(await complete(theirs.sha256, bytes.length)).toEqual({ state: 'verified' });
    station = first;
    expect(await complete(made.sha256, bytes.length)).toEqual({ state: 'verified' });
  });
});
