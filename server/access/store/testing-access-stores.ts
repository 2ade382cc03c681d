/** For contract tests: every implementation of the access store. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { postgres } from '../../store/testing-postgres.ts';
import { asSuper, createTestDatabase } from '../../store/testing-roles.ts';
import type { AccessStore } from './access-store.ts';
import { createPostgresAccessStore, migrateAccess } from './postgres.ts';
import { createSqliteAccessStore } from './sqlite.ts';

export interface MadeAccess {
  readonly store: AccessStore;
  /** As a second replica, or after a restart. */
  again(): Promise<AccessStore>;
  /** A statement by somebody with every right: to tamper. */
  tamper(sql: string): Promise<void>;
  cleanUp(): Promise<void>;
}

async function sqlite(): Promise<MadeAccess> {
  const folder = mkdtempSync(join(tmpdir(), 'ap-access-'));
  const path = join(folder, 'access.db');
  const opened: AccessStore[] = [];
  const open = async (): Promise<AccessStore> => {
    const store = await createSqliteAccessStore(path);
    opened.push(store);
    return store;
  };
  const store = await open();
  return {
    store,
    again: open,
    async tamper(sql) {
      const { default: Database } = await import('better-sqlite3');
      const db = new Database(path);
      db.exec(sql);
      db.close();
    },
    async cleanUp() {
      for (const one of opened) await one.close();
      rmSync(folder, { recursive: true });
    },
  };
}

async function onPostgres(url: string): Promise<MadeAccess> {
  const database = await createTestDatabase(url, { migrated: false });
  await migrateAccess(database.ownerUrl);
  const open = (): AccessStore => createPostgresAccessStore(database.pool(5));
  return {
    store: open(),
    again: async () => open(),
    tamper: (sql) => asSuper(database, async (client) => void (await client.query(sql))),
    cleanUp: () => database.drop(),
  };
}

const { url } = postgres;
export const implementations: Readonly<Record<string, () => Promise<MadeAccess>>> = {
  sqlite,
  ...(url === undefined ? {} : { postgres: () => onPostgres(url) }),
};
