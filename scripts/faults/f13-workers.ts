/** F13: workers are killed (-9) in the middle of jobs: each job has its effect exactly once, and none is left lying for longer than two leases. */
import { once } from 'node:events';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Fault, FaultRun } from './fault.ts';
import { createJobWorld, ended, type JobWorld, whyNoJobs } from './job-world.ts';

const WORKERS = 3;
const JOBS_A_KILL = 12;
const AT_WORK = 6;
const LEASE_MS = 4_000;
const LOOK_MS = 250;
const PATIENCE_MS = 60_000;
/** A delivery that dies with its worker is made again after so long: well within two leases. */
const DELIVERY_MS = 3_500;

export const fault: Fault = {
  id: 'F13',
  what: 'workers killed (-9) in the middle of jobs',
  unit: 'kills',
  short: 50,
  missing: whyNoJobs,
  bugs: { 'in-two-steps': ['not-once'], 'held-for-ever': ['not-ended', 'stuck-over-two-leases'] },
  run: faultWorkers,
};

/** By a clock of its own, whatever the database says of leases: turns that lasted for more than two of them. A job takes a fraction of a second. */
async function watch(world: JobWorld, over: AbortSignal): Promise<Set<string>> {
  const stuck = new Set<string>();
  let since = new Map<string, number>();
  for (; !over.aborted; await sleep(LOOK_MS)) {
    const now = Date.now();
    since = new Map((await world.held()).map((turn) => [turn, since.get(turn) ?? now]));
    for (const [turn, from] of since) if (now - from > 2 * LEASE_MS) stuck.add(turn);
  }
  return stuck;
}

async function faultWorkers({ count, random, figures, say, bug }: FaultRun): Promise<void> {
  const world = await createJobWorld({ ms: 80, leaseMs: LEASE_MS, patienceMs: DELIVERY_MS, bug });
  const kills = bug === undefined ? count : Math.min(count, 10);
  const over = new AbortController();
  const seen = watch(world, over.signal);
  try {
    const workers = await Promise.all(Array.from({ length: WORKERS }, () => world.start()));
    const roots: string[] = [];
    for (let n = 0; n < kills; n += 1) {
      const place = n % WORKERS;
      roots.push(...(await world.add(JOBS_A_KILL)));
      // All of them are at something, most likely: a worker without a job loses none.
      for (let looks = 0; looks < 100 && (await world.running()) < AT_WORK; looks += 1) await sleep(10);
      await sleep(random.integer(0, 100));
      const worker = workers[place]!;
      if (worker.exitCode !== null || worker.signalCode !== null) throw new Error('a worker ended by itself');
      const gone = once(worker, 'exit');
      worker.kill('SIGKILL');
      await gone;
      workers[place] = await world.start();
    }
    const all = await ended(world, PATIENCE_MS);
    over.abort();
    const [times, stuck] = await Promise.all([world.effects(roots), seen]);
    const again = await world.givenAgain();
    say(`${kills} workers killed, ${roots.length} jobs, ${again} of them in the hands of one who was killed`);
    figures.atLeast('f13.jobs-of-the-killed', again, Math.ceil(kills / 2));
    figures.atMost('f13.not-ended', all ? 0 : await world.open(), 0);
    figures.atMost('f13.lost', times.filter((n) => n === 0).length, 0);
    figures.atMost('f13.not-once', times.filter((n) => n > 1).length, 0);
    figures.atMost('f13.stuck-over-two-leases', stuck.size, 0);
  } finally {
    over.abort();
    await seen.catch(() => undefined);
    await world.stop();
  }
}
