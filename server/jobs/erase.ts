/** The bytes beside the database that an erasure takes away: documents, readings, kept exports, pictures of pages, copies of the database. Done again it finds nothing to do. */
import { readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { Base } from '../context.ts';
import type { JobHandler } from './handling.ts';

export interface EraseBase {
  readonly store: Pick<Base['store'], 'doomedBlobs' | 'droppedBlobs'>;
  readonly blobs: Pick<Base['blobs'], 'remove'>;
  readonly folders: Pick<Base['folders'], 'pages' | 'images'>;
}

const AT_ONCE = 20;

/** What can be made again of a document: not of one that is gone. */
async function dropCopies({ pages, images }: EraseBase['folders'], sha256: string): Promise<void> {
  await rm(join(images, sha256.slice(0, 2), sha256), { recursive: true, force: true });
  for (const name of await readdir(pages).catch((): string[] => []))
    if (name.startsWith(sha256)) await rm(join(pages, name), { recursive: true, force: true });
}

/** Of everything that was ever erased: what this machine may have of it. */
export async function dropLocal({ store, blobs, folders }: EraseBase): Promise<void> {
  for (const sha256 of await store.doomedBlobs('all')) {
    await blobs.remove(sha256, 'copies');
    await dropCopies(folders, sha256);
  }
}

/** A few at a time, asked for right before: what is named again meanwhile stays. */
export async function dropBytes({ store, blobs, folders }: EraseBase): Promise<number> {
  let count = 0;
  for (;;) {
    const doomed = (await store.doomedBlobs('waiting')).slice(0, AT_ONCE);
    if (doomed.length === 0) return count;
    for (const sha256 of doomed) {
      await blobs.remove(sha256);
      await dropCopies(folders, sha256);
    }
    await store.droppedBlobs(doomed);
    count += doomed.length;
  }
}

/** `scrub`: makes good that the database's own files have nothing of it; false where that has to be tried again. */
export const createEraseJob =
  (base: Base, scrub: (() => Promise<boolean>) | undefined): JobHandler =>
  async ({ job }) => {
    const count = await dropBytes(base);
    if (scrub !== undefined && !(await scrub()))
      throw new Error('somebody reads the database: its files are cleaned later');
    base.log.info('erased bytes removed', { count });
    const result = await base.commit({ finishes: { job: job.id, lease: job.lease } });
    return result.kind === 'ok' ? 'done' : 'lost';
  };
