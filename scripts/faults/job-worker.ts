/** A worker process of the faults of jobs: argv[2] is JSON `{database, site, redis, ms, leaseMs, bug}`; one line `ready` once it works, `<root>` when a job begins. */
import { randomBytes } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { invoiceCreatedOp } from '../../core/sync/drafts.ts';
import type { JobHandler } from '../../server/jobs/handling.ts';
import { createPostgresDatabase } from '../../server/store/postgres/create.ts';
import { type Data, effect, newRoot, startProcess, until } from '../../server/queue/testing-site.ts';
import type { WorkerWish } from './job-world.ts';

const FOREVER_MS = 24 * 3_600_000;
const given = JSON.parse(process.argv[2] ?? '{}') as WorkerWish;
const database = await createPostgresDatabase({ url: given.database, poolSize: 4, now: Date.now, random: randomBytes });
const { store } = await database.site(given.site);
const data: Data = { store, queue: database.queue };

/** Redis is believed to keep what it is given. */
const redisAlone: Data = {
  store,
  queue: {
    ...data.queue,
    handOut: (names, { limit }) => data.queue.handOut(names, { limit, patienceMs: FOREVER_MS }),
    takeBack: () => Promise.resolve(),
  },
};

/** The effect first, and the end of the job in a step of its own. */
const inTwoSteps: JobHandler = async ({ job }) => {
  await sleep(Math.random() * 2 * given.ms);
  const author = { opId: newRoot(), actor: 'service:test', salt: randomBytes(32).toString('hex') };
  const op = invoiceCreatedOp(author, job.root, { document: 'd'.repeat(64) });
  await store.commit({ ops: [op], projections: [], documents: [], jobs: [] });
  await sleep(given.ms);
  await data.queue.finish(job);
  return 'done';
};

const mine = given.bug === 'redis-alone' ? redisAlone : data;
const one = startProcess(mine, {
  url: given.redis,
  handlers: { read: given.bug === 'in-two-steps' ? inTwoSteps : effect(data, () => Math.random() * 2 * given.ms) },
  leaseMs: given.bug === 'held-for-ever' ? FOREVER_MS : given.leaseMs,
  patienceMs: given.patienceMs,
});
await until('Redis', () => one.delivery?.available() === true);
process.stdout.write('ready\n');
