/** A worker process of the site for tests that kill it: argv[2] is JSON `{database, site, redis, ms}`; one line `ready` once it works. */
import { randomBytes } from 'node:crypto';
import { createPostgresDatabase } from '../store/postgres/create.ts';
import { effect, startProcess, until } from './testing-site.ts';

const given = JSON.parse(process.argv[2] ?? '{}') as { database: string; site: string; redis: string; ms: number };
const database = await createPostgresDatabase({
  url: given.database,
  poolSize: 4,
  now: Date.now,
  random: randomBytes,
});
const { store } = await database.site(given.site);
const data = { store, queue: database.queue };
const one = startProcess(data, {
  url: given.redis,
  handlers: { read: effect(data, () => Math.random() * 2 * given.ms) },
  leaseMs: 4_000,
});
await until('Redis', () => one.delivery?.available() === true);
process.once('SIGTERM', () => {
  void one
    .stop()
    .then(() => database.close())
    .then(() => process.exit(0));
});
process.stdout.write('ready\n');
