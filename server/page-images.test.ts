/** Pictures of pages, over a real thread and a disk that is full when it is told to be. */
import { createHash } from 'node:crypto';
import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { createPageImages } from './page-images.ts';
import { createPool, type Pool } from './pool.ts';
import { sourceWorker } from './station.ts';
import { invoicePdf } from './testing.ts';

let folder: string;
let pool: Pool;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'page-images-'));
  pool = createPool({ workerFile: sourceWorker(), threads: 1 });
});
afterEach(async () => {
  await pool.close();
  rmSync(folder, { recursive: true });
});

async function pages(through: Pool) {
  const bytes = await invoicePdf({ number: 'P-1' });
  const path = join(folder, 'a.pdf');
  writeFileSync(path, bytes);
  const sha256 = createHash('sha256').update(bytes).digest('hex');
  const parts = {
    blobs: { localPath: async () => path },
    store: { document: async () => undefined },
    folders: { images: join(folder, 'images') },
  };
  const images = createPageImages(parts as unknown as Parameters<typeof createPageImages>[0], through);
  return {
    file: () => images.file(sha256, 1, 75),
    left: () => readdirSync(join(folder, 'images', sha256.slice(0, 2), sha256)),
  };
}

test('a page is drawn once', async () => {
  const { file, left } = await pages(pool);
  expect(await file()).toBe(await file());
  expect(left()).toEqual(['1-75.webp']);
});

test.skipIf(process.platform !== 'linux')(
  'on a full disk that is said, nothing is left of it, and with room it is drawn',
  async () => {
    let isFull = true;
    // The thread writes to a device that has never room.
    const run: Pool['run'] = (name, input, limits) =>
      pool.run(name, isFull && 'outPath' in input ? { ...input, outPath: '/dev/full' } : input, limits);
    const { file, left } = await pages({ ...pool, run });
    await expect(file()).rejects.toMatchObject({ code: 'storage', details: { reason: 'disk-full' } });
    expect(left()).toEqual([]);
    isFull = false;
    expect(await file()).toMatch(/1-75\.webp$/);
  },
);
