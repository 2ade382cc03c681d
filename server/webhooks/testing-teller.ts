/**
 * A process of a site for tests that kill it: argv[2] is JSON. `commit`: commits a change that tells, says so, and is killed by its own hand before anybody
 * can have been told. `work`: says `ready`, and tells until it is killed.
 */
import { randomBytes } from 'node:crypto';
import { createPostgresDatabase } from '../store/postgres/create.ts';
import { createSqliteStore } from '../store/sqlite/create.ts';
import { approved, type DeskParts, openDesk } from './testing-webhooks.ts';

interface Given {
  readonly place: { readonly path: string } | { readonly url: string };
  readonly site: string;
  readonly host: string;
  readonly act: 'commit' | 'work';
}

const { place, site, host, act } = JSON.parse(process.argv[2] ?? '{}') as Given;

async function open(): Promise<DeskParts> {
  const base = { now: Date.now, random: randomBytes };
  if ('path' in place) return { site, ...(await createSqliteStore({ ...base, path: place.path })) };
  const database = await createPostgresDatabase({ ...base, url: place.url, poolSize: 3 });
  return { site, ...(await database.site(site)) };
}

const desk = await openDesk(await open(), { host, now: Date.now });
if (act === 'commit') {
  const { kind } = await desk.commit(approved());
  process.stdout.write(`${kind}\n`, () => process.kill(process.pid, 'SIGKILL'));
} else {
  desk.runner.start();
  process.stdout.write('ready\n');
}
