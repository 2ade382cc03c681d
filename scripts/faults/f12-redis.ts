/** F12: Redis is emptied, killed and frozen while jobs are made and worked off. It only carries them: each is done once in effect, later at the most. */
import { setTimeout as sleep } from 'node:timers/promises';
import type { Random } from '../random.ts';
import type { Fault, FaultRun } from './fault.ts';
import { createJobWorld, ended, type JobWorld, whyNoJobs } from './job-world.ts';

const JOBS_A_FAULT = 40;
const LEAST = 10;
const PATIENCE_MS = 60_000;
/** Of a run with an error: jobs that nobody does stay so. */
const SHORT_PATIENCE_MS = 20_000;
const DELIVERY_MS = 4_000;

export const fault: Fault = {
  id: 'F12',
  what: 'Redis emptied, killed, frozen while jobs are made and done',
  unit: 'faults',
  short: 10,
  missing: whyNoJobs,
  bugs: { 'redis-alone': ['not-ended', 'lost'] },
  run: faultRedis,
};

const FAULTS: Readonly<Record<string, (world: JobWorld, random: Random) => Promise<void>>> = {
  emptied: async ({ redis }) => void (await redis.ask('FLUSHALL')),
  async killed({ redis }, random) {
    await redis.kill();
    await sleep(random.integer(100, 1_500));
    await redis.start();
  },
  async frozen({ redis }, random) {
    redis.freeze();
    await sleep(random.integer(500, 2_000));
    redis.thaw();
  },
};

async function faultRedis({ count, random, figures, say, bug }: FaultRun): Promise<void> {
  const world = await createJobWorld({ ms: 60, leaseMs: 4_000, patienceMs: DELIVERY_MS, bug });
  try {
    await Promise.all([world.start(), world.start()]);
    const names = Object.keys(FAULTS);
    const done: string[] = [];
    let atRisk = 0;
    const roots: string[] = [];
    for (let n = 0; n < count; n += 1) {
      const adding = world.add(JOBS_A_FAULT);
      // Told where it is waited for.
      adding.catch(() => undefined);
      // It strikes when Redis has something to lose.
      for (let looks = 0; looks < 150 && (await world.handedOut()) < LEAST; looks += 1) await sleep(20);
      atRisk += await world.handedOut();
      const name = names[n % names.length]!;
      await FAULTS[name]!(world, random);
      roots.push(...(await adding));
      done.push(name);
    }
    const from = Date.now();
    const all = await ended(world, bug === undefined ? PATIENCE_MS : SHORT_PATIENCE_MS);
    const times = await world.effects(roots);
    say(
      `${done.join(', ')}: ${roots.length} jobs, the last one done ${((Date.now() - from) / 1_000).toFixed(1)} s after the last fault`,
    );
    figures.atLeast('f12.in-redis-when-it-struck', atRisk, count);
    figures.atMost('f12.not-ended', all ? 0 : await world.open(), 0);
    figures.atMost('f12.lost', times.filter((n) => n === 0).length, 0);
    figures.atMost('f12.not-once', times.filter((n) => n > 1).length, 0);
  } finally {
    await world.stop();
  }
}
