import { mkdtempSync } from 'node:fs';
import { mkdir, readdir, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { openFolders } from './folders.ts';
import { clearUnfinished, tidyCache } from './tidy.ts';

const NOW = Date.parse('2026-06-01T00:00:00Z');
const DAY_MS = 24 * 3_600_000;

test('only what is old or too much goes', async () => {
  const folders = openFolders(mkdtempSync(join(tmpdir(), 'ap-tidy-')));
  const at = async (path: string, ageDays: number): Promise<void> => {
    const time = new Date(NOW - ageDays * DAY_MS);
    await utimes(path, time, time);
  };
  for (const [name, age] of [
    ['fresh', 1],
    ['old', 9],
  ] as const) {
    await mkdir(join(folders.pages, name));
    await at(join(folders.pages, name), age);
  }
  await mkdir(join(folders.images, 'ab', 'abc'), { recursive: true });
  for (const [name, age] of [
    ['1-150.webp', 3],
    ['2-150.webp', 1],
    ['3-150.webp', 2],
  ] as const) {
    const path = join(folders.images, 'ab', 'abc', name);
    await writeFile(path, new Uint8Array(100));
    await at(path, age);
  }
  await tidyCache(folders, NOW, 200);
  expect(await readdir(folders.pages)).toEqual(['fresh']);
  expect((await readdir(join(folders.images, 'ab', 'abc'))).toSorted()).toEqual(['2-150.webp', '3-150.webp']);
});

test('members of archives that nobody expands any more go', async () => {
  const folders = openFolders(mkdtempSync(join(tmpdir(), 'ap-tidy-')));
  await mkdir(join(folders.expand, 'job', 'inner'), { recursive: true });
  await clearUnfinished(folders);
  expect(await readdir(folders.expand)).toEqual([]);
});
