/** For contract tests: every implementation of the store, each with its queue, and what any change needs. */
import { randomBytes } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { uuid7 } from '../../core/sync/ids.ts';
import type { Queue } from '../queue/queue.ts';
import { createSqliteStore } from './sqlite/create.ts';
import type { Change, Store } from './store.ts';
import { newSite, openDatabase, postgres as server, sharedDatabase } from './testing-postgres.ts';

export interface Made {
  readonly store: Store;
  readonly queue: Queue;
  /** Closes and opens again, as after a restart. */
  reopen(): Promise<Made>;
  cleanUp(): Promise<void>;
}

async function sqlite(folder = mkdtempSync(join(tmpdir(), 'store-'))): Promise<Made> {
  const path = join(folder, 'station.db');
  const { store, queue } = await createSqliteStore({ path, now: Date.now, random: randomBytes });
  return {
    store,
    queue,
    reopen: async () => {
      await store.close();
      return sqlite(folder);
    },
    cleanUp: async () => {
      await store.close();
      rmSync(folder, { recursive: true });
    },
  };
}

async function postgres(site = newSite()): Promise<Made> {
  const { url } = await sharedDatabase();
  const database = await openDatabase(url);
  await database.createSite(site);
  return {
    ...(await database.site(site)),
    reopen: async () => {
      await database.close();
      return postgres(site);
    },
    cleanUp: () => database.close(),
  };
}

export const implementations: Record<string, () => Promise<Made>> = {
  sqlite: () => sqlite(),
  ...(server.url === undefined ? {} : { postgres: () => postgres() }),
};

export const NOTHING: Change = { ops: [], projections: [], documents: [], jobs: [] };
export const newId = (): string => uuid7(Date.now(), randomBytes(10));
export const author = () => ({ opId: newId(), actor: 'local:test', salt: randomBytes(32).toString('hex') });
