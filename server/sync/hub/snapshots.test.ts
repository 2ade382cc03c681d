/** What becomes of the files of snapshots where something goes wrong. */
import { mkdtempSync, readdirSync, rmSync, utimesSync } from 'node:fs';
import { mkdir, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { createSnapshots, removeSnapshots, type SnapshotParts } from './snapshots.ts';

test('bytes that could not be removed are found again', async () => {
  const rows = new Set(['a', 'b', 'c']);
  const bytes = new Set(rows);
  let isAway = true;
  const kept = { forget: async (shas: readonly string[]) => shas.forEach((sha) => rows.delete(sha)) };
  const blobs = {
    async remove(sha: string) {
      if (isAway && sha === 'b') throw new Error('the store is away');
      bytes.delete(sha);
    },
  };
  await expect(removeSnapshots(kept, blobs, [...rows])).rejects.toThrow('away');
  expect([...rows]).toEqual(['b', 'c']);
  isAway = false;
  await removeSnapshots(kept, blobs, [...rows]);
  expect([...rows, ...bytes]).toEqual([]);
});

test('what a killed process left of one is removed, and not what another one is making', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'snapshots-'));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  const now = Date.now();
  const old = new Date(now - 2 * 3_600_000);
  for (const [name, at] of [
    ['making-left', old],
    ['making-busy', new Date(now)],
  ] as const) {
    const file = join(folder, name, 'snapshot.db');
    await mkdir(join(folder, name));
    await writeFile(file, 'all of a site');
    utimesSync(file, at, at);
    utimesSync(join(folder, name), old, old);
  }
  const parts = { sites: [], folder, now: () => now } as unknown as SnapshotParts;
  await createSnapshots(parts).look();
  expect(readdirSync(folder)).toEqual(['making-busy']);
  await createSnapshots({ ...parts, folder: join(folder, 'none yet') }).look();
});
