/** For contract tests: every implementation of the queue with its store, on a clock of the test's own. */
import { randomBytes } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { NewJob } from '../../core/contract/jobs.ts';
import { uuid7 } from '../../core/sync/ids.ts';
import { createSqliteStore } from '../store/sqlite/create.ts';
import type { Store } from '../store/store.ts';
import { newSite, openDatabase, postgres as server, sharedDatabase } from '../store/testing-postgres.ts';
import type { Queue } from './queue.ts';

export interface MadeQueue {
  readonly store: Store;
  readonly queue: Queue;
  readonly clock: { now: number };
  /** How long after a process was killed its work is another one's: nothing where it was the only one, its lease where others go on. */
  readonly takenOverAfter: number;
  /** The process ends without a word and another one starts on the same data. */
  reopen(): Promise<MadeQueue>;
  cleanUp(): Promise<void>;
}

async function sqlite(
  folder = mkdtempSync(join(tmpdir(), 'queue-')),
  clock = { now: 1_700_000_000_000 },
): Promise<MadeQueue> {
  const path = join(folder, 'station.db');
  const { store, queue } = await createSqliteStore({ path, now: () => clock.now, random: randomBytes });
  return {
    store,
    queue,
    clock,
    takenOverAfter: 0,
    reopen: async () => {
      await store.close();
      return sqlite(folder, clock);
    },
    cleanUp: async () => {
      await store.close();
      rmSync(folder, { recursive: true });
    },
  };
}

export const LEASE = 10_000;

async function postgres(site = newSite(), clock = { now: 1_700_000_000_000 }): Promise<MadeQueue> {
  const { url } = await sharedDatabase();
  const database = await openDatabase(url, { now: () => clock.now, leaseNow: () => clock.now });
  await database.createSite(site);
  return {
    ...(await database.site(site)),
    clock,
    takenOverAfter: LEASE,
    reopen: async () => {
      await database.close();
      return postgres(site, clock);
    },
    cleanUp: () => database.close(),
  };
}

export const implementations: Record<string, () => Promise<MadeQueue>> = {
  sqlite: () => sqlite(),
  ...(server.url === undefined ? {} : { postgres: () => postgres() }),
};

export const newJob = (root: string, priority = 10, name: 'read' | 'validate' = 'read'): NewJob => {
  const id = uuid7(Date.now(), randomBytes(10));
  return name === 'read'
    ? { id, name, data: { document: 'd', invoice: root }, root, priority }
    : { id, name, data: { invoice: root }, root, priority };
};

export async function addJobs({ store }: MadeQueue, ...jobs: NewJob[]): Promise<void> {
  const result = await store.commit({ ops: [], projections: [], documents: [], jobs });
  if (result.kind !== 'ok') throw new Error(`jobs were refused: ${result.what}`);
}
