import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, expect, test } from 'vitest';
import { dropBytes } from './erase.ts';

const folder = mkdtempSync(join(tmpdir(), 'erase-'));
afterEach(() => rmSync(folder, { recursive: true, force: true }));

test('all that is doomed is removed, but what something comes to name while the others are', async () => {
  const doomed = new Set(Array.from({ length: 50 }, (_, n) => String(n).padStart(64, '0')));
  const last = [...doomed].at(-1) ?? '';
  const removed: string[] = [];
  const count = await dropBytes({
    store: {
      doomedBlobs: () => Promise.resolve([...doomed]),
      droppedBlobs: (names) => {
        for (const name of names) doomed.delete(name);
        return Promise.resolve();
      },
    },
    blobs: {
      remove: (name) => {
        removed.push(name);
        doomed.delete(last);
        return Promise.resolve();
      },
    },
    folders: { pages: join(folder, 'pages'), images: join(folder, 'images') },
  });
  expect([count, new Set(removed).size, removed.includes(last)]).toEqual([49, 49, false]);
});
