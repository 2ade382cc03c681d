/** An invoice whose reading is on its way: who changes it waits for that, and is told what is missing where it does not come. */
import { createHash, randomUUID } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, expect, test } from 'vitest';
import { createArchive } from '../../../scripts/archive/invoices.ts';
import { createDiskBlobs } from '../../blobs/disk.ts';
import { createModel } from '../../model.ts';
import { born, closeAll, database } from '../../store/sqlite/testing-sync.ts';
import { createFetchingBlobs } from './fetching-blobs.ts';
import type { Fetched } from './transfers.ts';

const folder = mkdtempSync(join(tmpdir(), 'late-'));
afterEach(async () => {
  await closeAll();
  rmSync(folder, { recursive: true, force: true });
});

test('who changes an invoice whose reading is on its way is told so, and changes it when that has come', async () => {
  const made = await database();
  const item = createArchive(29).next();
  await born(made, item);
  const blob = createHash('sha256').update(item.readingBlob).digest('hex');
  const disk = await createDiskBlobs(folder);
  let site: Fetched | 'has it' = 'late';
  const fetchNow = async (): Promise<Fetched> => {
    if (site !== 'has it') return site;
    await disk.put(item.readingBlob);
    return 'here';
  };
  const missing = async (sha256: string) =>
    sha256 === blob ? { sha256, device: 'd', state: 'waiting' as const } : undefined;
  const blobs = createFetchingBlobs({ blobs: disk, missing, fetchNow, fetchAgain: fetchNow });
  const model = createModel({ store: made.store, blobs, newId: randomUUID });
  const refused = (why: Fetched, code = 'unavailable', reason = 'reading-not-here') =>
    expect(model.load(item.invoice.id)).rejects.toMatchObject({ code, details: { reason, why, device: 'd' } });
  await refused('late');
  site = 'unreachable';
  await refused('unreachable');
  // That never comes: whoever asks again is told the same.
  site = 'wrong';
  await refused('wrong', 'not_found', 'not-here');
  site = 'has it';
  expect((await model.load(item.invoice.id)).readings.size).toBe(1);
});
