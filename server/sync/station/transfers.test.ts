/** Large documents over a network that breaks off: real files, and a link that answers as a site does. */
import { createHash, randomBytes } from 'node:crypto';
import { mkdtempSync, readdirSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { setTimeout as sleep } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { createDiskBlobs } from '../../blobs/disk.ts';
import type { SiteLink } from '../../enrol/site-link.ts';
import { createLog } from '../../log.ts';
import type { BlobOutcome, StationSyncStore } from '../../store/station-sync-store.ts';
import { createTransfers } from './transfers.ts';
import { createSyncWire, Refused, type SyncWire } from './wire.ts';

const SIZE = 1_000_000;
const PIECE = 300_000;

interface Serving {
  readonly bytes: Buffer;
  /** Of one answer, before it breaks off. */
  readonly piece?: number;
  readonly knowsRanges?: boolean;
}

/** A station with a link to a site that has one document. */
async function station(serving: Serving) {
  const { bytes, piece = Infinity, knowsRanges = true } = serving;
  const folder = mkdtempSync(join(tmpdir(), 'transfers-'));
  const blobs = await createDiskBlobs(folder);
  const sha256 = createHash('sha256').update(bytes).digest('hex');
  const asked: (string | undefined)[] = [];
  const outcomes: BlobOutcome[] = [];
  const answers: Readable[] = [];
  const clock = { ms: Date.now() };
  const address = 'https://site.example';
  const state = { enrolled: true, site: 'main', address, trouble: null } as ReturnType<SiteLink['state']>;
  const authorisedFetch: SiteLink['authorisedFetch'] = (_path, { headers } = {}) => {
    const from = knowsRanges ? Number(/bytes=(\d+)-/.exec(headers?.['range'] ?? '')?.[1] ?? 0) : 0;
    asked.push(headers?.['range']);
    if (from >= bytes.length) return Promise.resolve(Response.json({ detail: 'no' }, { status: 416 }));
    const rest = bytes.subarray(from);
    async function* broken(): AsyncGenerator<Buffer> {
      for (let at = 0; at < Math.min(piece, rest.length); at += 50_000)
        yield rest.subarray(at, Math.min(piece, at + 50_000));
      // What is on its way comes first.
      await sleep(20);
      if (rest.length > piece) throw new Error('the answer broke off');
    }
    const answer = Readable.from(broken());
    answers.push(answer);
    const body = Readable.toWeb(answer) as ReadableStream;
    const range = { 'content-range': `bytes ${from}-${bytes.length - 1}/${bytes.length}` };
    const length = { 'content-length': String(rest.length) };
    return Promise.resolve(
      new Response(body, { status: from > 0 ? 206 : 200, headers: from > 0 ? { ...range, ...length } : length }),
    );
  };
  const store = {
    missing: () => Promise.resolve({ sha256, device: 'd', state: 'waiting' as const }),
    downloaded: (_sha: string, outcome: BlobOutcome) => Promise.resolve(void outcomes.push(outcome)),
  } as unknown as StationSyncStore;
  const transfers = createTransfers({
    link: { state: () => state, presignedFetch: () => Promise.reject(new Error('nothing is sent here')) },
    wire: createSyncWire({
      link: { state: () => state, authorisedFetch, sign: () => Promise.resolve(new Uint8Array(64)) },
      now: Date.now,
      onClock: () => undefined,
    }),
    store,
    blobs,
    log: createLog({ write: () => undefined }, 'silent'),
    now: () => clock.ms,
    onChange: () => undefined,
  });
  return {
    transfers,
    blobs,
    sha256,
    asked,
    outcomes,
    answers,
    clock,
    left: () => readdirSync(join(folder, 'partial')),
  };
}

test('a large document goes on where its connection broke off, as often as that happens, and is proved when it is whole', async () => {
  const { transfers, blobs, sha256, asked, outcomes, left } = await station({ bytes: randomBytes(SIZE), piece: PIECE });
  for (let tries = 0; tries < 3; tries += 1) expect(await transfers.fetchNow(sha256)).toBe('unreachable');
  while ((await transfers.fetchNow(sha256)) !== 'here');
  const [first, ...others] = asked.map((range) => Number(/\d+/.exec(range ?? '0')?.[0]));
  expect(first).toBe(0);
  for (const [at, from] of others.entries())
    expect(from).toBeGreaterThan(asked[at] === undefined ? 0 : (others[at - 1] ?? 0));
  // No more than this is lost with a connection.
  expect(asked.length).toBeLessThanOrEqual(6);
  // What came is no failure: the next try is not put off.
  expect(outcomes.slice(0, 3)).toEqual(
    Array.from({ length: 3 }, () => ({ kind: 'later', why: 'failed', afterMs: 1_000 })),
  );
  expect(await blobs.verify(sha256)).toBe(true);
  expect(left()).toEqual([]);
  await transfers.close();
});

test('pieces that do not belong together are no document, and it comes anew', async () => {
  const { transfers, blobs, sha256, asked, left } = await station({ bytes: randomBytes(SIZE), piece: PIECE });
  await transfers.fetchNow(sha256);
  const [name = ''] = left();
  expect(name).toBe(sha256);
  await blobs.partials.add(sha256, 0, Readable.from([randomBytes(800_000)]));
  expect(await transfers.fetchNow(sha256)).not.toBe('here');
  expect(await blobs.has(sha256)).toBeUndefined();
  expect(left()).toEqual([]);
  for (let tries = 0; tries < 4; tries += 1) await transfers.fetchNow(sha256);
  expect(asked.filter((range) => range === undefined)).toHaveLength(2);
  expect(await blobs.verify(sha256)).toBe(true);
  await transfers.close();
});

test('more than there is, and a site that gives no parts: the whole comes', async () => {
  const whole = await station({ bytes: randomBytes(SIZE), knowsRanges: false });
  await whole.blobs.partials.add(whole.sha256, 0, Readable.from([randomBytes(10)]));
  expect(await whole.transfers.fetchNow(whole.sha256)).toBe('here');
  await whole.transfers.close();
  const over = await station({ bytes: randomBytes(SIZE) });
  await over.blobs.partials.add(over.sha256, 0, Readable.from([randomBytes(SIZE)]));
  await over.transfers.fetchNow(over.sha256);
  expect(await over.transfers.fetchNow(over.sha256)).toBe('here');
  await over.transfers.close();
});

test('a connection that breaks off before anybody reads is a failure like any other', async () => {
  const { transfers, sha256, outcomes } = await station({ bytes: randomBytes(1_000), piece: 0 });
  expect(await transfers.fetchNow(sha256)).toBe('unreachable');
  expect(outcomes).toMatchObject([{ kind: 'later', why: 'failed' }]);
  await transfers.close();
});

test('an answer that finds no place is read by nobody, and its connection is given back', async () => {
  const { transfers, blobs, sha256, answers } = await station({ bytes: randomBytes(SIZE) });
  const noPlace = Object.assign(new Error('no space left on device'), { code: 'ENOSPC' });
  Object.assign(blobs.partials, { add: () => Promise.reject(noPlace) });
  expect(await transfers.fetchNow(sha256)).toBe('full');
  await sleep(50);
  expect(answers.map(({ destroyed }) => destroyed)).toEqual([true]);
  await transfers.close();
});

test('of a full disk nobody is told until a clock that was set back has come there again', async () => {
  const { transfers, blobs, sha256, clock } = await station({ bytes: randomBytes(SIZE) });
  const noPlace = Object.assign(new Error('no space left on device'), { code: 'ENOSPC' });
  Object.assign(blobs.partials, { add: () => Promise.reject(noPlace) });
  await transfers.fetchNow(sha256);
  expect(transfers.isFull()).toBe(true);
  clock.ms -= 365 * 86_400_000;
  expect(transfers.isFull()).toBe(false);
  await transfers.close();
});

const named = (bytes: Buffer) => createHash('sha256').update(bytes).digest('hex');
const task = (sha256: string) => ({ sha256, purpose: 'document', root: 'r', device: 'd', tries: 0 });

test('a site that does not take what is sent is one from which documents come all the same', async () => {
  const disk = await createDiskBlobs(mkdtempSync(join(tmpdir(), 'transfers-')));
  const [mine, theirs] = [randomBytes(100), randomBytes(100)];
  await disk.put(mine);
  const come: string[] = [];
  const transfers = createTransfers({
    link: {
      state: () => ({ enrolled: true, site: 'main', trouble: null }) as ReturnType<SiteLink['state']>,
      presignedFetch: () => Promise.reject(new Error('nothing is sent')),
    },
    wire: {
      offerBlobs: () => Promise.reject(new Refused({ status: 403, reason: 'role' }, {}, 'an auditor')),
      blob: () => Promise.resolve(new Response(theirs)),
    } as unknown as SyncWire,
    store: {
      uploads: async () => [task(named(mine))],
      downloads: async () => (come.length === 0 ? [task(named(theirs))] : []),
      downloaded: async (sha256: string, { kind }: BlobOutcome) => void come.push(`${kind} ${sha256}`),
    } as unknown as StationSyncStore,
    blobs: disk,
    log: createLog({ write: () => undefined }, 'silent'),
    now: Date.now,
    onChange: () => undefined,
  });
  transfers.kick();
  await expect.poll(() => come).toEqual([`done ${named(theirs)}`]);
  await transfers.close();
});
