/**
 * Pages of a document that is still being read, one file each, so that a restart reads only what was not finished. Rebuildable: a file that cannot be parsed
 * is read again.
 */
import { randomBytes } from 'node:crypto';
import { mkdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { PageReading } from '../core/contract/reading.ts';

export interface Checkpoints {
  load(key: string, page: number): Promise<PageReading | undefined>;
  save(key: string, page: PageReading): Promise<void>;
  clear(key: string): Promise<void>;
}

export function createCheckpoints(folder: string): Checkpoints {
  const file = (key: string, page: number): string => join(folder, key, `${page}.json`);
  return {
    async load(key, page) {
      const text = await readFile(file(key, page), 'utf8').catch(() => undefined);
      if (text === undefined) return undefined;
      const parsed = PageReading.safeParse(parseJson(text));
      return parsed.success && parsed.data.page === page ? parsed.data : undefined;
    },
    async save(key, page) {
      await mkdir(join(folder, key), { recursive: true });
      await writeAtomically(file(key, page.page), JSON.stringify(page));
    },
    async clear(key) {
      await rm(join(folder, key), { recursive: true, force: true });
    },
  };
}

/** Readers see the whole file or none. */
export async function writeAtomically(path: string, bytes: string | Uint8Array): Promise<void> {
  const temporary = `${path}.${randomBytes(6).toString('hex')}.tmp`;
  await writeFile(temporary, bytes);
  await rename(temporary, path);
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
