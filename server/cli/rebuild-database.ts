/** Rebuilds the rows of a database file with the blobs of its workspace: the parts of a station that this needs, without the station. */
import { randomBytes } from 'node:crypto';
import type { DocumentInfo } from '../../core/contract/invoice.ts';
import { uuid7 } from '../../core/sync/ids.ts';
import { RULES_VERSION } from '../../core/validate/rules-version.ts';
import { createDiskBlobs } from '../blobs/disk.ts';
import type { Config } from '../config.ts';
import { openFolders, workspaceFolder } from '../folders.ts';
import { createJudge } from '../judge.ts';
import { createLazyPool } from '../lazy-pool.ts';
import { createModel } from '../model.ts';
import { createPool } from '../pool.ts';
import { inspectDocument } from '../read-document.ts';
import { rebuildProjections, type RebuildReport } from '../rebuild.ts';
import { sourceWorker } from '../station.ts';
import { createSqliteStore } from '../store/sqlite/create.ts';
import type { Surroundings } from './command.ts';

const TELL_MS = 2_000;

export async function rebuildDatabase(
  config: Config,
  database: string,
  { say, signal }: Surroundings,
): Promise<RebuildReport> {
  const folders = openFolders(workspaceFolder(config.data, config.workspace));
  const now = Date.now;
  const { store, care } = await createSqliteStore({ path: database, now, random: randomBytes });
  const workerFile = config.workerFile ?? sourceWorker();
  const pool = createLazyPool(1, () => createPool({ workerFile, threads: 1 }));
  try {
    const newId = (): string => uuid7(now(), randomBytes(10));
    const blobs = await createDiskBlobs(folders.blobs);
    const model = createModel({ store, blobs, newId });
    const settings = await store.settings();
    const judge = createJudge({ store, pool, settings: () => settings, now, rules: RULES_VERSION });
    const inspect = async (document: DocumentInfo): Promise<DocumentInfo> => {
      if ((await blobs.has(document.sha256)) === undefined) return document;
      const source = { path: await blobs.localPath(document.sha256), name: document.name, sha256: document.sha256 };
      const seen = await inspectDocument(source, {
        pool,
        languages: settings.ocrLanguages,
        automatic: settings.ocrAutomatic,
        signal,
      });
      return seen.kind === 'document' ? { ...document, mime: seen.mime, kind: seen.type } : document;
    };
    let told = now();
    const progress = (done: number, total: number): void => {
      if (now() - told < TELL_MS) return;
      told = now();
      say(`rebuilding: ${Math.round((100 * done) / total)} %`);
    };
    return await rebuildProjections({ store, care, model, judge, newId, inspect, progress });
  } finally {
    await pool.close();
    await store.close();
  }
}
