/** Bytes that come while they are erased. */
import { createHash } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { createDiskBlobs } from '../../blobs/disk.ts';
import { createSyncBlobs, type SyncBlobsParts } from './blobs.ts';

test('bytes that were erased between the question and their arrival do not stay', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'ap-blobs-'));
  const disk = await createDiskBlobs(folder);
  const bytes = Buffer.from('of somebody');
  const sha256 = createHash('sha256').update(bytes).digest('hex');
  const erased: string[] = [];
  const arrived: string[] = [];
  const abandoned: string[] = [];
  const uploads = {
    idOf: () => 'an upload',
    abandon: async (id: string) => void abandoned.push(id),
    async adopt() {
      // The job of the erasure has been here before these bytes were.
      erased.push(sha256);
      return { ...(await disk.put(bytes)), existed: false };
    },
  };
  const hub = {
    erasedBlobs: async (names: readonly string[]) => names.filter((name) => erased.includes(name)),
    refusedBlobs: async () => new Map(),
    waitedFor: async () => new Map(),
    arrived: async (names: readonly string[]) => void arrived.push(...names),
  };
  const made = createSyncBlobs({ hub, blobs: { ...disk, uploads }, address: {} } as unknown as SyncBlobsParts);
  expect(await made.complete('a device', sha256, bytes.length)).toEqual({ state: 'quarantined', reason: 'erased' });
  expect(await disk.has(sha256)).toBeUndefined();
  expect(arrived).toEqual([]);
  expect(abandoned).toEqual([]);
  // Erased before it was said that they are there: what was put does not wait for the next cleaning.
  expect(await made.complete('a device', sha256, bytes.length)).toEqual({ state: 'quarantined', reason: 'erased' });
  expect(abandoned).toEqual(['an upload']);
  rmSync(folder, { recursive: true });
});
