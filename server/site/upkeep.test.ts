import { existsSync, mkdirSync, mkdtempSync, rmSync, utimesSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, expect, test, vi } from 'vitest';
import { createSqliteAccessStore } from '../access/store/sqlite.ts';
import { createDiskBlobs } from '../blobs/disk.ts';
import { createLog } from '../log.ts';
import { everyNowAndThen } from './upkeep.ts';

afterEach(() => vi.useRealTimers());

test('sign-ins that have ended are removed, whoever the identity provider is; so is what a killed worker was unpacking', async () => {
  vi.useFakeTimers({ toFake: ['setInterval', 'clearInterval'] });
  const folder = mkdtempSync(join(tmpdir(), 'ap-upkeep-'));
  const access = await createSqliteAccessStore(join(folder, 'access.db'));
  const record = { model: 'Web', grant: null, userCode: null, uid: null, payload: 'p' };
  await access.putRecord({ ...record, id: 'ended', expiresAt: 1_000 });
  await access.putRecord({ ...record, id: 'open', expiresAt: 99_000_000 });
  const unpacking = join(folder, 'cache', 'main', 'expand', 'lease');
  mkdirSync(unpacking, { recursive: true });
  utimesSync(unpacking, 1, 1);
  const end = everyNowAndThen({
    stores: { access, tidy: async () => undefined },
    documents: { tidy: async () => undefined, of: () => createDiskBlobs(join(folder, 'blobs')) },
    storeOf: async () => ({ doomedBlobs: async () => [], droppedBlobs: async () => undefined }),
    sites: ['main'],
    cache: join(folder, 'cache'),
    log: createLog({ write: () => undefined }, 'error'),
    now: () => 90_000_000,
  });
  vi.advanceTimersByTime(3_600_000);
  await expect.poll(() => access.record('Web', { id: 'ended' }, 0)).toBeUndefined();
  expect(await access.record('Web', { id: 'open' }, 0)).toBeDefined();
  await expect.poll(() => existsSync(unpacking)).toBe(false);
  end();
  await access.close();
  rmSync(folder, { recursive: true });
});
