/** What a killed process leaves in the cache, and pictures that nobody has looked at for long. Everything here can be made again. */
import { readdir, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import type { Folders } from './folders.ts';

const PAGES_KEPT_MS = 7 * 24 * 3_600_000;
const IMAGE_BYTES = 1024 * 1024 * 1024;

/** Before the first job: members of archives on their way belong to nobody now. Where other processes work beside this one, those begun before an instant (ms). */
export async function clearUnfinished({ expand }: Pick<Folders, 'expand'>, before = Infinity): Promise<void> {
  for (const name of await readdir(expand)) {
    const path = join(expand, name);
    const begun = before === Infinity ? 0 : (await stat(path).catch(() => undefined))?.mtimeMs;
    if (begun !== undefined && begun < before) await rm(path, { recursive: true, force: true });
  }
}

export async function tidyCache(
  { pages, images }: Pick<Folders, 'pages' | 'images'>,
  now: number,
  imageBytes: number = IMAGE_BYTES,
): Promise<void> {
  for (const name of await readdir(pages)) {
    const { mtimeMs } = await stat(join(pages, name));
    // The document was read long ago, or will be read anew.
    if (now - mtimeMs > PAGES_KEPT_MS) await rm(join(pages, name), { recursive: true, force: true });
  }
  const found = await readdir(images, { recursive: true, withFileTypes: true });
  const files = await Promise.all(
    found.filter((entry) => entry.isFile()).map(async (entry) => sized(join(entry.parentPath, entry.name))),
  );
  let total = files.reduce((sum, file) => sum + file.size, 0);
  for (const file of files.toSorted((a, b) => a.used - b.used)) {
    if (total <= imageBytes) return;
    await rm(file.path, { force: true });
    total -= file.size;
  }
}

async function sized(path: string): Promise<{ path: string; size: number; used: number }> {
  const { size, mtimeMs, atimeMs } = await stat(path);
  return { path, size, used: Math.max(mtimeMs, atimeMs) };
}
