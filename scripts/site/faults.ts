/**
 * Redis emptied and killed, a worker, a replica of the API and Postgres killed while people work: how soon the site takes and reads documents again, and whether
 * everything that was acknowledged has its effect, once.
 */
import { setTimeout as sleep } from 'node:timers/promises';
import type { Around } from './around.ts';
import { allInvoices } from './lists.ts';
import { type Load, startLoad } from './load.ts';
import type { Kind, Replica } from './processes.ts';
import type { RunningSite } from './site.ts';
import { historyOf, until } from './work.ts';

/** An engine of containers needs about as long to start one that ended. */
const RESTART_MS = 500;
const REDIS_AWAY_MS = 3_000;
const BACK_S = 10;
const PATIENCE_MS = 120_000;
/** Brought in right before a fault, so that it meets jobs that run. */
const CAUGHT = 4;

type Fault = (site: RunningSite) => Promise<void>;

const first = (site: RunningSite, kind: Kind): Replica => {
  const found = site.replicas.find((one) => one.kind === kind);
  if (found === undefined) throw new Error(`there is no ${kind}`);
  return found;
};

const killed =
  (kind: Kind): Fault =>
  (site) =>
    first(site, kind).kill();

const FAULTS: Readonly<Record<string, Fault>> = {
  'redis-emptied': async ({ stores }) => void (await stores.redis.ask('flushall')),
  async 'redis-killed'({ stores }) {
    await stores.redis.kill();
    await sleep(REDIS_AWAY_MS);
    await stores.redis.start();
  },
  'worker-killed': killed('worker'),
  'api-killed': killed('api'),
  async 'postgres-immediate'({ stores }) {
    await stores.postgres.crash();
    await sleep(RESTART_MS);
    await stores.postgres.restart();
  },
};

/** Resolves when it is read. Of a document that is not read: what its jobs say. */
async function read(site: RunningSite, load: Load, id: string): Promise<void> {
  try {
    await until(`the reading of ${id}`, PATIENCE_MS, async () => (await load.isRead(id)) || undefined);
  } catch (error) {
    const jobs = await site.stores.sql(
      `SELECT name, state, attempts, failures, error, lease_until, run_at, handed_at, now() FROM job WHERE root = '${id}'`,
    );
    throw new Error(`${String(error)}: ${jobs.map((row) => row.join(' ')).join('; ')}`, { cause: error });
  }
}

/** Seconds from the fault until a document that is brought in after it is read, and until every one that was there before is. */
async function timed(
  site: RunningSite,
  load: Load,
  fault: () => Promise<void>,
): Promise<{ back: number; caught: number }> {
  await Promise.all(Array.from({ length: CAUGHT }, () => load.bring()));
  const before = [...load.uploaded];
  const from = Date.now();
  const happening = fault();
  const since = (): number => (Date.now() - from) / 1_000;
  const isAfter = async (): Promise<number> => {
    const id = await load.bring();
    await read(site, load, id);
    return since();
  };
  const areBefore = async (): Promise<number> => {
    for (const id of before) await read(site, load, id);
    return since();
  };
  const [back, caught] = await Promise.all([isAfter(), areBefore(), happening]);
  return { back, caught };
}

interface Sum {
  readonly lost: string[];
  readonly notOnce: string[];
}

const openJobs = (site: RunningSite, { uploaded }: Load): Promise<string[][]> =>
  site.stores.sql(
    `SELECT state, name, count(*) FROM job WHERE root IN (${uploaded.map((id) => `'${id}'`).join(',')})
      AND state NOT IN ('done', 'cancelled') GROUP BY 1, 2`,
  );

/** Every acknowledged upload is there, once, read once; every acknowledged correction is an operation, once. */
async function count(around: Around, load: Load, prefix: string, token: () => Promise<string>): Promise<Sum> {
  const lost: string[] = [];
  const notOnce: string[] = [];
  const listed = (await allInvoices(around.ask, await token())).filter(({ documentName }) =>
    documentName.startsWith(prefix),
  );
  const ids = new Set(listed.map(({ id }) => id));
  for (const id of load.uploaded) if (!ids.has(id)) lost.push(`upload ${id}`);
  if (listed.length !== load.uploaded.length)
    notOnce.push(`${listed.length} invoices of ${load.uploaded.length} uploads`);
  for (const id of load.uploaded) {
    const history = await historyOf(around.ask, await token(), id);
    for (const kind of ['invoice.created', 'reading.recorded']) {
      const times = history.filter((one) => one.kind === kind).length;
      if (times !== 1) notOnce.push(`${kind} of ${id}: ${times} times`);
    }
    for (const { opId, value } of load.corrected.filter(({ invoice }) => invoice === id)) {
      const times = history.filter((one) => one.op === opId && one.value === value).length;
      if (times === 0) lost.push(`correction ${opId}`);
      if (times > 1) notOnce.push(`correction ${opId}: ${times} times`);
    }
  }
  let jobs: string[][] = [];
  // What was corrected last is judged in its turn.
  await until('the end of every job', PATIENCE_MS, async () => {
    jobs = await openJobs(around.site, load);
    return jobs.length === 0 || undefined;
  }).catch(() => undefined);
  for (const [state, name, times] of jobs) notOnce.push(`${times} jobs ${name} are ${state}`);
  return { lost, notOnce };
}

export async function faults(around: Around): Promise<void> {
  const { site, people, ask, report, say, seed } = around;
  const { token } = await people.of('reviewer');
  const prefix = `FAULT${seed}`;
  const load = startLoad({ ask, token, prefix });
  try {
    const usual = await timed(site, load, () => sleep(0));
    say(`without a fault: a document is read after ${usual.back.toFixed(1)} s`);
    for (const [name, fault] of Object.entries(FAULTS))
      await report.check(name, async () => {
        const before = load.repeated();
        const { back, caught } = await timed(site, load, () => fault(site));
        await site.ready();
        report.figures.atMost(`faults-${name}-back-s`, back, BACK_S);
        return `read again after ${back.toFixed(1)} s, all that waited after ${caught.toFixed(1)} s, ${load.repeated() - before} requests had to be sent again`;
      });
  } finally {
    await load.stop();
  }
  await site.ready();
  await report.check('nothing lost, nothing done twice', async () => {
    for (const id of load.uploaded) await read(site, load, id);
    const { lost, notOnce } = await count(around, load, prefix, token);
    for (const line of [...lost, ...notOnce].slice(0, 20)) say(`WRONG   ${line}`);
    report.figures.atMost('faults-acknowledged-lost', lost.length, 0);
    report.figures.atMost('faults-not-once', notOnce.length, 0);
    return `${load.uploaded.length} uploads, ${load.corrected.length} corrections`;
  });
}
