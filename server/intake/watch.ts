/**
 * The watched folder: takes files that are finished (their size stands still), and moves each to `done` or `failed` beside it once its bytes are kept. A crash
 * between keeping and moving is harmless: the same bytes are known when the file is seen again, and it is moved then.
 */
import { watch, type FSWatcher } from 'chokidar';
import { createReadStream } from 'node:fs';
import { link, mkdir, rename, stat, unlink, writeFile } from 'node:fs/promises';
import { setTimeout } from 'node:timers/promises';
import { basename, dirname, extname, join, relative, resolve, sep } from 'node:path';
import { createLane } from '../lane.ts';
import type { Log } from '../log.ts';
import type { Intake } from './intake.ts';

/** A file is finished when it has not grown for this long. */
const QUIET_MS = 1_500;
/** What the disk had no room for is tried again. */
const LATER_MS = 60_000;
const DONE = 'done';
const FAILED = 'failed';
/** Written by browsers, mail programs and office programs while they work. */
const UNFINISHED = /\.(part|partial|crdownload|download|tmp|temp|filepart)$/i;

export interface FolderWatch {
  /** Follows the setting; null stops. Rejects where the folder cannot be used. */
  follow(folder: string | null): Promise<void>;
  close(): Promise<void>;
}

export function createFolderWatch(
  intake: Intake,
  log: Log,
  quietMs: number = QUIET_MS,
  laterMs: number = LATER_MS,
): FolderWatch {
  let watcher: FSWatcher | undefined;
  let current: string | null = null;
  const lane = createLane();

  const takeIn = async (root: string, path: string): Promise<'later' | void> => {
    const before = await stat(path).catch(() => undefined);
    if (before === undefined || !before.isFile()) return;
    const kept = await intake.keep(basename(path), createReadStream(path));
    // Whoever writes slowly went on meanwhile: the file is taken when it changes no more.
    const after = await stat(path).catch(() => undefined);
    if (after === undefined || after.size !== before.size || after.mtimeMs !== before.mtimeMs) return;
    // It is no fault of the file, so it stays where it is.
    if (kept.kind === 'refused' && kept.passing === true) {
      log.error('watched file not kept yet', { reason: kept.reason });
      return 'later';
    }
    const [result] = await intake.take([kept], 'folder');
    if (result === undefined) return;
    const target = await moveInto(join(root, result.kind === 'refused' ? FAILED : DONE), path);
    if (result.kind === 'refused') await writeFile(`${target}.reason.txt`, `${result.reason}: ${result.detail}\n`);
    log.info('file taken from the watched folder', { reason: result.kind });
  };

  const stop = async (): Promise<void> => {
    await watcher?.close();
    watcher = undefined;
  };

  return {
    async follow(folder) {
      if (folder === current && (folder === null || watcher !== undefined)) return;
      await stop();
      current = folder;
      if (folder === null) return;
      const root = resolve(folder);
      await mkdir(join(root, DONE), { recursive: true });
      await mkdir(join(root, FAILED), { recursive: true });
      const mine = watch(root, {
        ignored: (path) => isIgnored(root, path),
        awaitWriteFinish: { stabilityThreshold: quietMs, pollInterval: Math.min(200, quietMs) },
        depth: 3,
      });
      watcher = mine;
      const take = async (path: string): Promise<void> => {
        await standsStill(path, quietMs);
        if (watcher !== mine || (await lane(() => takeIn(root, path))) !== 'later') return;
        await setTimeout(laterMs, undefined, { ref: false });
        await take(path);
      };
      const arrived = (path: string): void => {
        take(path).catch((error: unknown) => {
          // The file stays where it is and is tried again at the next start; the reason is in the log.
          log.error('watched file failed', { error });
        });
      };
      mine.on('add', arrived);
      mine.on('change', arrived);
      mine.on('error', (error) => log.error('watched folder failed', { error }));
    },
    async close() {
      await stop();
      await lane(async () => undefined);
    },
  };
}

/** What stands in the folder at the start is told at once, finished or not: a file that changed a moment ago is looked at again. */
async function standsStill(path: string, quietMs: number): Promise<void> {
  let last = '';
  for (;;) {
    const now = await stat(path).catch(() => undefined);
    const seen = now === undefined ? '' : `${now.size} ${now.mtimeMs}`;
    if (now === undefined || seen === last || Date.now() - now.mtimeMs >= quietMs) return;
    last = seen;
    await setTimeout(quietMs, undefined, { ref: false });
  }
}

function isIgnored(root: string, path: string): boolean {
  const parts = relative(root, path).split(sep);
  return (
    parts[0] === DONE || parts[0] === FAILED || parts.some((part) => part.startsWith('.')) || UNFINISHED.test(path)
  );
}

/** Never overwrites: `invoice.pdf`, `invoice (2).pdf`, ... `link` refuses a name that exists, `rename` would replace it. */
async function moveInto(folder: string, path: string): Promise<string> {
  const extension = extname(path);
  const stem = basename(path, extension);
  for (let n = 1; ; n += 1) {
    const target = join(folder, n === 1 ? `${stem}${extension}` : `${stem} (${n})${extension}`);
    try {
      await link(path, target);
      await unlink(path);
      return target;
    } catch (error) {
      const { code } = error as NodeJS.ErrnoException;
      if (code === 'EEXIST') continue;
      // File systems without hard links (FAT, some shares): the folder is ours, so looking first is enough.
      if ((await stat(target).catch(() => undefined)) !== undefined) continue;
      await mkdir(dirname(target), { recursive: true });
      await rename(path, target);
      return target;
    }
  }
}
