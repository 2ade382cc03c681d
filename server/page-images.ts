/** Pictures of pages: made by a worker thread, kept in the rebuildable cache under what they are a picture of. */
import { randomBytes } from 'node:crypto';
import { mkdir, rename, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import type { DocumentKind } from '../core/contract/intake.ts';
import { LIMITS } from '../core/contract/intake.ts';
import { AppError } from '../core/contract/errors.ts';
import { diskError } from './blobs/disk.ts';
import type { Base } from './context.ts';
import type { Pool } from './pool.ts';

/** Few sizes are kept: a request gets the next larger of these. */
const STEPS = [50, 75, 100, 150, 200, 300];

export interface PageImages {
  /** Path of a WebP file. Rejects with AppError where the page cannot be drawn. */
  file(sha256: string, page: number, dpi: number): Promise<string>;
}

export function createPageImages(base: Pick<Base, 'store' | 'blobs' | 'folders'>, pool: Pool): PageImages {
  const making = new Map<string, Promise<string>>();

  const make = async (sha256: string, page: number, dpi: number, target: string): Promise<string> => {
    const path = await base.blobs.localPath(sha256);
    const document = await base.store.document(sha256);
    const type: DocumentKind = document?.kind ?? 'pdf';
    const folder = join(base.folders.images, sha256.slice(0, 2), sha256);
    await mkdir(folder, { recursive: true });
    const outPath = `${target}.${randomBytes(6).toString('hex')}.tmp`;
    try {
      const outcome = await pool.run('renderPage', { path, type, page, dpi, outPath }, { timeoutMs: LIMITS.pageMs });
      if (outcome.kind === 'unreadable')
        throw new AppError('not_found', `Page ${page} of this document cannot be drawn.`, { reason: outcome.reason });
      await rename(outPath, target);
      return target;
    } catch (error) {
      // Half of a picture would keep the last room on a full disk.
      await rm(outPath, { force: true });
      throw diskError(error, folder);
    }
  };

  return {
    async file(sha256, page, dpi) {
      const step = STEPS.find((known) => known >= dpi) ?? 300;
      const target = join(base.folders.images, sha256.slice(0, 2), sha256, `${page}-${step}.webp`);
      if ((await stat(target).catch(() => undefined)) !== undefined) return target;
      const started = making.get(target);
      if (started !== undefined) return started;
      const made = make(sha256, page, step, target).finally(() => making.delete(target));
      making.set(target, made);
      return made;
    },
  };
}
