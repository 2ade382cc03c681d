/** Postgres as it was before: a copy of its folder, made while it stands still, put in the place of what came after. */
import { randomBytes } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { createPostgresDatabase } from '../../server/store/postgres/create.ts';
import { run } from '../site/children.ts';
import { SITES } from '../site/site.ts';
import type { Stores } from '../site/stores.ts';
import type { FaultSite } from './site.ts';

export interface Copy {
  /** Everything that was committed after the copy is gone. */
  bringBack(): Promise<void>;
  remove(): Promise<void>;
}

export async function copyDatabase({ running: { stores } }: FaultSite): Promise<Copy> {
  const [[data = ''] = []] = await stores.sql('SHOW data_directory');
  const copy = `${data}-copy`;
  await stores.postgres.crash();
  await run('/bin/cp', ['-a', data, copy]);
  await stores.postgres.restart();
  return {
    async bringBack() {
      await stores.postgres.crash();
      await rm(data, { recursive: true });
      await run('/bin/cp', ['-a', copy, data]);
      await stores.postgres.restart();
    },
    remove: () => rm(copy, { recursive: true, force: true }),
  };
}

/** Straight to Postgres: whoever brings a database back has stopped everything in front of it. */
function serving({ ownerUrl, databaseUrl, secret }: Stores): string {
  const url = new URL(ownerUrl);
  url.username = new URL(databaseUrl).username;
  url.password = readFileSync(secret('db_app_password'), 'utf8').trim();
  return url.href;
}

/** What whoever brings a site back from a backup does last: says that its history is another one from here on. */
export async function raiseEpochs({ running: { stores } }: FaultSite): Promise<void> {
  const options = { poolSize: 2, now: Date.now, random: randomBytes };
  const database = await createPostgresDatabase({ url: serving(stores), ...options });
  try {
    for (const name of SITES) await (await database.site(name)).hub.raiseEpoch();
  } finally {
    await database.close();
  }
}
