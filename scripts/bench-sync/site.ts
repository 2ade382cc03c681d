/** A site for the bench: a Postgres that keeps its promises, and processes of the server as they run in their room. */
import { type ChildProcess, spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { join } from 'node:path';
import { migrateAccess } from '../../server/access/store/postgres.ts';
import { sitePlace } from '../../server/site/testing.ts';
import { createPostgresDatabase } from '../../server/store/postgres/create.ts';
import type { Store } from '../../server/store/store.ts';
import { startCluster } from '../../server/store/testing-cluster.ts';
import { createTestDatabase, prepareCluster, type TestDatabase } from '../../server/store/testing-roles.ts';
import { answering } from './answering.ts';
import { type Connecting, openConnecting } from './connecting.ts';

const CLI = join(import.meta.dirname, '..', '..', 'server', 'cli.ts');
const SETTINGS = ['shared_buffers=512MB', 'max_wal_size=4GB'];

export interface BenchSite extends Pick<Connecting, 'people' | 'person' | 'connect'> {
  readonly origin: string;
  readonly version: string;
  readonly files: TestDatabase;
  /** For processes that connect stations, too. */
  readonly environment: Readonly<Record<string, string>>;
  /** Of the process that answers. */
  readonly pid: number;
  /** In this process, beside the server: to lay what no part of a measurement is. */
  store(site: string): Promise<Store>;
  /** Another process of the site. */
  start(services: string): () => Promise<void>;
  stop(): Promise<void>;
}

async function end(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  child.kill('SIGTERM');
  await once(child, 'exit');
}

export async function startBenchSite(sites: readonly string[]): Promise<BenchSite> {
  const cluster = await startCluster({ durable: true, settings: SETTINGS });
  await prepareCluster(cluster.url);
  const files = await createTestDatabase(cluster.url);
  await migrateAccess(files.ownerUrl);
  const given = { DATABASE_URL: files.url, SITES: sites.join(','), AP_SITE_RATE: '100000', AP_LOG_LEVEL: 'warn' };
  const place = await sitePlace(given);
  const started: ChildProcess[] = [];
  const run = (services: string): ChildProcess => {
    const child = spawn(process.execPath, [CLI, 'serve', `--services=${services}`], {
      env: { ...process.env, ...place.environment, ...given },
      stdio: ['ignore', 'ignore', 'inherit'],
    });
    started.push(child);
    return child;
  };
  const serving = run('api,sync');
  await answering(`${place.origin}/health`, serving, (status) => status === 200);
  const connecting = await openConnecting(place.environment);
  const database = await createPostgresDatabase({ url: files.url, poolSize: 4, now: Date.now, random: randomBytes });
  return {
    ...connecting,
    origin: place.origin,
    version: cluster.version,
    files,
    environment: place.environment,
    pid: serving.pid ?? 0,
    store: async (site) => (await database.site(site)).store,
    start(services) {
      const child = run(services);
      return () => end(child);
    },
    async stop() {
      await database.close();
      await connecting.close();
      for (const child of started.toReversed()) await end(child);
      place.cleanUp();
      await cluster.stop();
    },
  };
}
