/** One API replica as a process of its own, on a database that is there, and people of its sites. */
import { spawn } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { join } from 'node:path';
import { createSiteAccess } from '../../server/access/site-access.ts';
import { openPostgresAccessStore } from '../../server/access/store/postgres.ts';
import { createPeople } from '../../server/access/testing-people.ts';
import { createLog } from '../../server/log.ts';
import { sitePlace } from '../../server/site/testing.ts';
import { makeId } from '../../server/workspace.ts';
import { answering } from '../bench-sync/answering.ts';

const CLI = join(import.meta.dirname, '..', '..', 'server', 'cli.ts');

export interface Replica {
  readonly origin: string;
  /** Still the process that was started. */
  readonly alive: () => boolean;
  /** An access token of somebody new at the site. */
  token(site: string): Promise<string>;
  stop(): Promise<void>;
}

export interface ReplicaOptions {
  readonly databaseUrl: string;
  readonly sites: readonly string[];
  /** Requests a second of one site. */
  readonly rate: number;
}

export async function startReplica({ databaseUrl, sites, rate }: ReplicaOptions): Promise<Replica> {
  const given = {
    DATABASE_URL: databaseUrl,
    SITES: sites.join(','),
    AP_SITE_RATE: String(rate),
    AP_LOG_LEVEL: 'warn',
  };
  const place = await sitePlace(given);
  const child = spawn(process.execPath, [CLI, 'serve', '--services=api,sync'], {
    env: { ...process.env, ...place.environment, ...given },
    stdio: ['ignore', 'ignore', 'inherit'],
  });
  await answering(`${place.origin}/health`, child, (status) => status === 200);
  const store = openPostgresAccessStore(databaseUrl);
  const { access: settings } = place.config('api,sync');
  const log = createLog({ write: () => undefined }, 'error');
  const access = await createSiteAccess({ store, log, now: Date.now, newId: makeId(Date.now), ...settings });
  const people = createPeople({ origin: place.origin, users: access.users, clock: { offsetMs: 0 } });
  return {
    origin: place.origin,
    alive: () => child.exitCode === null && child.signalCode === null,
    token: async (site) =>
      (await people.signIn(await people.person('reviewer', site, `${randomUUID()}@bench.test`))).access,
    async stop() {
      await access.close();
      child.kill('SIGTERM');
      if (child.exitCode === null && child.signalCode === null) await once(child, 'exit');
      place.cleanUp();
    },
  };
}
