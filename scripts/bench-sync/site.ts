/** A site for the bench: a Postgres that keeps its promises, and processes of the server as they run in their room. */
import { type ChildProcess, spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { join } from 'node:path';
import { migrateAccess } from '../../server/access/store/postgres.ts';
import { sitePlace } from '../../server/site/testing.ts';
import { createPostgresDatabase, type SiteStore } from '../../server/store/postgres/create.ts';
import { startCluster } from '../../server/store/testing-cluster.ts';
import { createTestDatabase, prepareCluster, type TestDatabase } from '../../server/store/testing-roles.ts';
import { answering } from './answering.ts';
import { type Connecting, openConnecting } from './connecting.ts';

const CLI = join(import.meta.dirname, '..', '..', 'server', 'cli.ts');
const SETTINGS = ['shared_buffers=512MB', 'max_wal_size=4GB'];

export interface SiteProcess {
  /** Throws where it has ended by itself. */
  mustLive(): void;
  stop(): Promise<void>;
}

/** The processes of a site over a database that is there. */
export interface ServedSite extends Pick<Connecting, 'people' | 'person' | 'connect'> {
  readonly origin: string;
  readonly files: TestDatabase;
  /** For processes that connect stations, too. */
  readonly environment: Readonly<Record<string, string>>;
  /** Of the process that answers. */
  readonly pid: number;
  /** In this process, beside the server: to lay or to look at what no part of a measurement is. */
  of(site: string): Promise<SiteStore>;
  /** Another process of the site. */
  start(services: string): SiteProcess;
  stop(): Promise<void>;
}

export interface BenchSite extends ServedSite {
  readonly version: string;
}

async function end(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  child.kill('SIGTERM');
  await once(child, 'exit');
}

export async function serveSite(files: TestDatabase, settings: Readonly<Record<string, string>>): Promise<ServedSite> {
  await migrateAccess(files.ownerUrl);
  const given = { DATABASE_URL: files.url, AP_LOG_LEVEL: 'warn', ...settings };
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
    files,
    environment: place.environment,
    pid: serving.pid ?? 0,
    of: (site) => database.site(site),
    start(services) {
      const child = run(services);
      return {
        mustLive() {
          const how = child.exitCode ?? child.signalCode;
          if (how !== null) throw new Error(`the process for ${services} ended with ${how}`);
        },
        stop: () => end(child),
      };
    },
    async stop() {
      await database.close();
      await connecting.close();
      for (const child of started.toReversed()) await end(child);
      place.cleanUp();
    },
  };
}

export async function startBenchSite(sites: readonly string[]): Promise<BenchSite> {
  const cluster = await startCluster({ durable: true, settings: SETTINGS });
  await prepareCluster(cluster.url);
  const files = await createTestDatabase(cluster.url);
  const served = await serveSite(files, { SITES: sites.join(','), AP_SITE_RATE: '100000' });
  return {
    ...served,
    version: cluster.version,
    async stop() {
      await served.stop();
      await cluster.stop();
    },
  };
}
