/** A machine whose clock is set back: what was made or put off before goes on, and does not wait until it is that late again. */
import { randomBytes } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { documentAddedOp } from '../../../core/sync/drafts.ts';
import { uuid7 } from '../../../core/sync/ids.ts';
import { createSqliteStore, type SqliteStore } from './create.ts';

const YEAR_MS = 365 * 86_400_000;
const SHA = 'a'.repeat(64);

let folder: string;
let opened: SqliteStore;
let nowMs: number;
beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'clock-back-'));
  nowMs = Date.parse('2026-05-01T08:00:00.000Z');
  opened = await createSqliteStore({ path: join(folder, 'station.db'), now: () => nowMs, random: randomBytes });
});
afterEach(async () => {
  await opened.store.close();
  rmSync(folder, { recursive: true });
});

const id = (): string => uuid7(nowMs, randomBytes(10));
const job = () => ({ id: id(), name: 'refresh' as const, data: {}, root: id(), priority: 3 });
const commit = (jobs: readonly ReturnType<typeof job>[]) =>
  opened.store.commit({ ops: [], projections: [], documents: [], jobs });

test.each([60_000, YEAR_MS, 80 * YEAR_MS])('a job that was made before is done, %i ms back', async (back) => {
  await commit([job()]);
  nowMs -= back;
  expect(await opened.queue.claim(['refresh'], 60_000)).toBeDefined();
});

test('a job that failed before is tried again', async () => {
  await commit([job()]);
  const claimed = await opened.queue.claim(['refresh'], 60_000);
  if (claimed === undefined) throw new Error('nothing was claimed');
  expect(await opened.queue.fail(claimed, 'no', { retry: true })).toBe('waiting');
  nowMs -= YEAR_MS;
  expect((await opened.queue.claimThese([claimed.id], 60_000))[0]).toMatchObject({ kind: 'claimed' });
});

test('bytes that were put off before are sent', async () => {
  const author = { opId: id(), actor: 'local:test', salt: randomBytes(32).toString('hex') };
  const op = documentAddedOp(author, SHA, { name: 'a.pdf', mime: 'application/pdf', size: 1, channel: 'upload' });
  await opened.store.commit({ ops: [op], projections: [], documents: [], jobs: [] });
  const { sync, store } = opened;
  await sync.begin('main', 1);
  const verdict = 'accepted' as const;
  await sync.acknowledged({ device: store.device, epoch: 1, results: [{ op_id: author.opId, seq: 1, verdict }] });
  expect(await sync.uploads(10)).toHaveLength(1);
  await sync.uploaded(SHA, { kind: 'later', why: 'failed', afterMs: 600_000 });
  expect(await sync.uploads(10)).toEqual([]);
  nowMs -= YEAR_MS;
  expect(await sync.uploads(10)).toHaveLength(1);
});
