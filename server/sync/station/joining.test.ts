/** A snapshot that does not come, or cannot be taken: tried a few times, and then the log is read. */
import { createHash, randomBytes } from 'node:crypto';
import { existsSync, mkdirSync, mkdtempSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, expect, test } from 'vitest';
import { manifestText } from '../../../core/sync/snapshot.ts';
import { snapshotProofText } from '../../../core/contract/snapshot.ts';
import { SiteLinkError } from '../../enrol/site-link.ts';
import { createLog } from '../../log.ts';
import type { TakenSnapshot } from '../../store/station-sync-store.ts';
import { createSigner } from '../hub/ed25519.ts';
import { createJoining } from './joining.ts';
import { createTestingSite, refusal } from './testing-site.ts';
import { createSiteLog } from '../../store/testing-site-log.ts';
import { createSyncWire } from './wire.ts';

const folders: string[] = [];
afterEach(() => {
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true, force: true });
});

const BYTES = randomBytes(2_000);
const sha256 = createHash('sha256').update(BYTES).digest('hex');
const [ours, another] = [createSigner(randomBytes(32)), createSigner(randomBytes(32))];
const manifest = manifestText({
  v: 1,
  site: 'main',
  epoch: 1,
  seq: 5,
  site_hash: 'a'.repeat(64),
  sha256,
  size: BYTES.length,
  database_size: 9_000,
  database_version: 1,
  op_schema: 1,
  invoices: 1,
  ops: 1,
  made_at: '2026-01-01T00:00:00.000Z',
});

/** `part`: what the site answers to whoever asks for the bytes. */
function station(part: () => Response, taken: () => TakenSnapshot = () => 'joined', signer = ours) {
  const folder = mkdtempSync(join(tmpdir(), 'joining-'));
  folders.push(folder);
  const { link, asked } = createTestingSite(createSiteLog('main'));
  const offer = {
    manifest,
    signature: signer.sign(snapshotProofText(manifest)),
    keys: [signer.publicKey],
  };
  const authorisedFetch: typeof link.authorisedFetch = async (path) => {
    asked.push(path);
    return path.endsWith('/snapshot') ? Response.json({ snapshot: offer }) : part();
  };
  const joining = createJoining({
    store: { version: 99, mayJoin: async () => true, join: async () => taken() },
    wire: createSyncWire({ link: { ...link, authorisedFetch }, now: Date.now, onClock: () => undefined }),
    folder: join(folder, 'on-its-way'),
    log: createLog({ write: () => undefined }, 'silent'),
    onChange: () => undefined,
  });
  const facts = { site: 'main', keys: [ours.publicKey], epoch: 1, head: 10 };
  return { joining, asked, folder, run: () => joining.run(facts, new AbortController().signal) };
}
const whole = (): Response => new Response(new Uint8Array(BYTES), { status: 206 });

/** Until it is given up; how often it was tried. */
async function tries(run: () => Promise<string>): Promise<number> {
  for (let n = 1; n < 50; n += 1) {
    const outcome = await run();
    if (outcome === 'none') return n;
    expect(outcome).toBe('later');
  }
  throw new Error('it is never given up');
}

test('it is taken where the site signed it by a key that was kept', async () => {
  expect(await station(whole).run()).toBe('joined');
  const forged = station(whole, () => 'joined', another);
  expect(await forged.run()).toBe('none');
  expect(forged.asked).toHaveLength(1);
});

test.each([
  ['bytes that are not there', () => refusal(404, { reason: 'blob-late' })],
  ['a proxy that gives the whole for a part', () => new Response(new Uint8Array(BYTES), { status: 200 })],
  ['a site that fails', () => refusal(500)],
  ['more than was asked for', () => new Response(new Uint8Array(9_000), { status: 206 })],
])('%s: the log is read after a few tries', async (_name, part) => {
  const { run, folder } = station(part);
  expect(await tries(run)).toBe(5);
  expect(existsSync(join(folder, 'on-its-way'))).toBe(false);
});

const full = (): never => {
  throw new Error('ENOSPC');
};

test('a database that somebody always reads, or a disk that takes no more: the log is read', async () => {
  expect(await tries(station(whole, () => 'busy').run)).toBeLessThan(8);
  expect(await tries(station(whole, full).run)).toBeLessThan(8);
});

test('a site that does not answer is waited for', async () => {
  const away = station(() => {
    throw new SiteLinkError('unreachable', 'no network');
  });
  for (let n = 0; n < 10; n += 1) await expect(away.run()).rejects.toThrow('no network');
  const busy = station(() => refusal(503));
  for (let n = 0; n < 10; n += 1) await expect(busy.run()).rejects.toThrow('503');
});

test('a file that cannot be opened is found out before anything is asked for, and an answer that is none is given back', async () => {
  const closed = station(whole);
  mkdirSync(join(closed.folder, 'on-its-way'));
  symlinkSync(join(closed.folder, 'nowhere', 'file'), join(closed.folder, 'on-its-way', sha256), 'junction');
  expect(await closed.run()).toBe('later');
  expect(closed.asked.filter((path) => path.includes('/snapshots/'))).toEqual([]);
  let cancelled = 0;
  const body = (): ReadableStream => new ReadableStream({ cancel: () => void (cancelled += 1) });
  expect(await station(() => new Response(body(), { status: 200 })).run()).toBe('later');
  expect(cancelled).toBe(1);
});
