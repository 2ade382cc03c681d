/**
 * Redis emptied and killed, a worker, a replica of the API and Postgres killed while people work: how soon the site is back (back.ts), and whether everything
 * that was acknowledged has its effect, once.
 */
import { setTimeout as sleep } from 'node:timers/promises';
import type { Around } from './around.ts';
import { type Back, timeBack } from './back.ts';
import { countEffects } from './effects.ts';
import { type Load, startLoad } from './load.ts';
import type { Kind, Replica } from './processes.ts';
import type { RunningSite } from './site.ts';
import { until } from './work.ts';

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

/** Seconds from the fault until the site is back; those until everything that was brought in before is read. */
async function timed(
  around: Around,
  load: Load,
  token: () => Promise<string>,
  fault: () => Promise<void>,
): Promise<Back & { readonly waited: number }> {
  const { site, ask } = around;
  const ready = await load.bring();
  for (const id of [ready, await load.bring(ready)]) await read(site, load, id);
  await Promise.all(Array.from({ length: CAUGHT }, () => load.bring()));
  const before = [...load.uploaded];
  const see = (): Promise<true> =>
    until('a list', PATIENCE_MS, async () => {
      const sent = { token: await token(), impatient: true };
      return (await ask('/api/v1/invoices?limit=1', sent).catch(() => undefined))?.status === 200 || undefined;
    });
  const from = Date.now();
  const all = async (): Promise<number> => {
    for (const id of before) await read(site, load, id);
    return (Date.now() - from) / 1_000;
  };
  const parts = {
    sql: (statement: string, values: readonly unknown[]) => site.stores.sql(statement, values),
    bring: () => load.bring(),
    correct: () => load.renumber(ready),
    see,
  };
  const [back, waited] = await Promise.all([timeBack(parts, fault), all()]);
  return { ...back, waited };
}

const slowest = ({ requests, general, validation, takenOver }: Back): number =>
  Math.max(requests, general, validation, takenOver);

const told = ({ requests, general, validation, takenOver, waited }: Back & { readonly waited: number }): string =>
  Object.entries({
    'requests after': requests,
    'reading after': general,
    'judging after': validation,
    'what was under way in good hands after': takenOver,
    'all that waited read after': waited,
  })
    .map(([what, seconds]) => `${what} ${seconds.toFixed(1)} s`)
    .join(', ');

export async function faults(around: Around): Promise<void> {
  const { site, people, ask, report, say, seed } = around;
  const { token } = await people.of('reviewer');
  const prefix = `FAULT${seed}`;
  const load = startLoad({ ask, token, prefix });
  try {
    say(`without a fault: ${told(await timed(around, load, token, () => sleep(0)))}`);
    for (const [name, fault] of Object.entries(FAULTS))
      await report.check(name, async () => {
        const before = load.repeated();
        const back = await timed(around, load, token, () => fault(site));
        await site.ready();
        report.figures.atMost(`faults-${name}-back-s`, slowest(back), BACK_S);
        return `${told(back)}; ${load.repeated() - before} requests had to be sent again`;
      });
  } finally {
    await load.stop();
  }
  await site.ready();
  await report.check('nothing lost, nothing done twice', async () => {
    for (const id of load.uploaded) await read(site, load, id);
    const { lost, notOnce } = await countEffects(around, load, prefix, token);
    for (const line of [...lost, ...notOnce].slice(0, 20)) say(`WRONG   ${line}`);
    report.figures.atMost('faults-acknowledged-lost', lost.length, 0);
    report.figures.atMost('faults-not-once', notOnce.length, 0);
    return `${load.uploaded.length} uploads, ${load.corrected.length} corrections`;
  });
}
