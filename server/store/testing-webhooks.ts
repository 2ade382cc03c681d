/** For tests: every implementation of the store of webhooks, with the store and queue of the same site, on a clock of the test's own. */
import { randomBytes } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { uuid7 } from '../../core/sync/ids.ts';
import type { Queue } from '../queue/queue.ts';
import { createSqliteStore } from './sqlite/create.ts';
import type { Store } from './store.ts';
import { newSite, openDatabase, postgres as server, sharedDatabase } from './testing-postgres.ts';
import type { WebhookStore } from './webhook-store.ts';

export interface MadeWebhooks {
  readonly site: string;
  readonly store: Store;
  readonly queue: Queue;
  readonly webhooks: WebhookStore;
  /** Of another site: its own database, or behind the wall of the same one. */
  readonly foreign: WebhookStore;
  /** For another process on the same data. */
  readonly place: { readonly path: string } | { readonly url: string };
  /** Until it is opened again; a database in a file belongs to one process. */
  close(): Promise<unknown>;
  /** The process ends without a word and another one starts on the same data. */
  reopen(): Promise<MadeWebhooks>;
  cleanUp(): Promise<void>;
}

export const newId = (): string => uuid7(Date.now(), randomBytes(10));

async function sqlite(now: () => number, folder = mkdtempSync(join(tmpdir(), 'webhooks-'))): Promise<MadeWebhooks> {
  const open = (name: string) => createSqliteStore({ path: join(folder, name), now, random: randomBytes });
  const [own, other] = [await open('station.db'), await open('other.db')];
  let closing: Promise<unknown> | undefined;
  const close = (): Promise<unknown> => (closing ??= Promise.all([own.store.close(), other.store.close()]));
  return {
    ...own,
    site: 'main',
    foreign: other.webhooks,
    place: { path: join(folder, 'station.db') },
    close,
    async reopen() {
      await close();
      return sqlite(now, folder);
    },
    async cleanUp() {
      await close();
      rmSync(folder, { recursive: true });
    },
  };
}

async function postgres(now: () => number, site = newSite()): Promise<MadeWebhooks> {
  const { url } = await sharedDatabase();
  const database = await openDatabase(url, { now, leaseNow: now });
  const other = newSite();
  let closing: Promise<unknown> | undefined;
  const close = (): Promise<unknown> => (closing ??= database.close());
  for (const name of [site, other]) await database.createSite(name);
  return {
    ...(await database.site(site)),
    site,
    place: { url },
    foreign: (await database.site(other)).webhooks,
    close,
    async reopen() {
      await close();
      return postgres(now, site);
    },
    cleanUp: async () => void (await close()),
  };
}

export const implementations: Record<string, (now?: () => number) => Promise<MadeWebhooks>> = {
  sqlite: (now = Date.now) => sqlite(now),
  ...(server.url === undefined ? {} : { postgres: (now = Date.now) => postgres(now) }),
};
