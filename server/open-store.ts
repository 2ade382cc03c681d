/** The workspace's database, apart from the rest of the station: it is opened by a thread of its own while the rest is still being loaded. */
import { randomBytes } from 'node:crypto';
import type { Config } from './config.ts';
import { openFolders, workspaceFolder } from './folders.ts';
import { createSqliteStore, type SqliteStore } from './store/sqlite/create.ts';

export type OpenStore = SqliteStore;

export function openStore(config: Config, now: () => number = Date.now): Promise<OpenStore> {
  const folders = openFolders(workspaceFolder(config.data, config.workspace));
  return createSqliteStore({ path: folders.database, now, random: randomBytes });
}
