/** A Postgres with an archive of invoices, for the benches: loaded anew, or taken from a folder where an earlier run left it. */
import { randomBytes } from 'node:crypto';
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { migrateAccess } from '../../server/access/store/postgres.ts';
import { createPostgresDatabase } from '../../server/store/postgres/create.ts';
import { type Cluster, startCluster } from '../../server/store/testing-cluster.ts';
import {
  asSuper,
  copyTestDatabase,
  createTestDatabase,
  prepareCluster,
  type TestDatabase,
} from '../../server/store/testing-roles.ts';
import { bulkLoadPostgres } from './bulk-load-postgres.ts';
import { loadQuickly } from './quick-load.ts';

export interface ArchiveWish {
  /** Invoices of the first site; the second one has a few. */
  readonly count: number;
  readonly seed: number;
  /** Folder that the archive stays in; every run works on a copy of it. */
  readonly keep?: string | undefined;
  /** Of a superuser of another Postgres, in place of one that is started here. */
  readonly url?: string | undefined;
  readonly say: (line: string) => void;
}

export interface PostgresArchive {
  readonly files: TestDatabase;
  /** Some of the invoices of the first site, spread evenly over it. */
  readonly ids: readonly string[];
  readonly version: string;
  close(): Promise<void>;
}

export const ARCHIVE_SITES = ['bench', 'other'] as const;
const OTHERS = 1_000;
const IDS = 5_000;
const SETTINGS = ['shared_buffers=512MB', 'max_wal_size=4GB'];

/** What a kept archive is. */
const Kept = z.object({ count: z.number(), seed: z.number(), database: z.string(), ids: z.array(z.string()) });
type Kept = z.infer<typeof Kept>;

const nameOf = (files: TestDatabase): string => new URL(files.superUrl).pathname.slice(1);
const noteIn = (folder: string): string => join(folder, 'archive.json');

async function fill(files: TestDatabase, { count, seed, say }: ArchiveWish): Promise<string[]> {
  await migrateAccess(files.ownerUrl);
  const database = await createPostgresDatabase({ url: files.url, poolSize: 2, now: Date.now, random: randomBytes });
  for (const site of ARCHIVE_SITES) await database.createSite(site);
  await database.close();
  const ids: string[] = [];
  const from = performance.now();
  await loadQuickly(files, async (url) => {
    await bulkLoadPostgres({
      url,
      site: ARCHIVE_SITES[0],
      count,
      seed,
      loaded: ({ invoice }) => ids.push(invoice.id),
      progress: (done) => {
        if (done % 10_000 === 0) process.stderr.write(`${done} of ${count} invoices\n`);
      },
    });
    await bulkLoadPostgres({ url, site: ARCHIVE_SITES[1], count: OTHERS, seed });
  });
  say(`${count} invoices loaded in ${Math.round((performance.now() - from) / 1_000)} s`);
  const step = Math.max(1, Math.floor(ids.length / IDS));
  return ids.filter((_, at) => at % step === 0).slice(0, IDS);
}

/** The archive itself is not worked on: saves and jobs of one run would be in the way of the next. */
async function copyOf(cluster: Cluster, { database, ids }: Kept): Promise<{ files: TestDatabase; ids: string[] }> {
  const files = await copyTestDatabase(cluster.url, database);
  await migrateAccess(files.ownerUrl);
  return { files, ids };
}

async function filled(cluster: Cluster, wish: ArchiveWish): Promise<{ files: TestDatabase; ids: string[] }> {
  const { keep, count, seed } = wish;
  if (keep !== undefined && existsSync(noteIn(keep))) {
    const kept = Kept.parse(JSON.parse(readFileSync(noteIn(keep), 'utf8')));
    if (kept.count !== count || kept.seed !== seed)
      throw new Error(`${keep} holds ${kept.count} invoices of seed ${kept.seed}: name another folder.`);
    return copyOf(cluster, kept);
  }
  await prepareCluster(cluster.url);
  const files = await createTestDatabase(cluster.url);
  const ids = await fill(files, wish);
  if (keep === undefined) return { files, ids };
  const kept = { count, seed, database: nameOf(files), ids };
  writeFileSync(noteIn(keep), JSON.stringify(kept));
  return copyOf(cluster, kept);
}

/** What loading left to be written is written: a run begins with a database that has nothing else to do. */
const settle = (files: TestDatabase): Promise<unknown> => asSuper(files, (client) => client.query('CHECKPOINT'));

async function elsewhere(url: string, wish: ArchiveWish): Promise<PostgresArchive> {
  const files = await createTestDatabase(url);
  try {
    const ids = await fill(files, wish);
    await settle(files);
    return { files, ids, version: 'as given', close: () => files.drop() };
  } catch (error) {
    await files.drop();
    throw error;
  }
}

export async function openPostgresArchive(wish: ArchiveWish): Promise<PostgresArchive> {
  const { keep, url } = wish;
  if (url !== undefined) return elsewhere(url, wish);
  if (keep !== undefined && existsSync(keep) && !existsSync(noteIn(keep)) && readdirSync(keep).length > 0)
    throw new Error(`${keep} is not empty, and not an archive: name another folder, or remove it.`);
  const cluster = await startCluster({
    durable: true,
    settings: SETTINGS,
    ...(keep === undefined ? {} : { folder: keep }),
  });
  try {
    const { files, ids } = await filled(cluster, wish);
    await settle(files);
    return {
      files,
      ids,
      version: cluster.version,
      async close() {
        if (keep !== undefined) await files.drop();
        await cluster.stop();
      },
    };
  } catch (error) {
    await cluster.stop();
    throw error;
  }
}
