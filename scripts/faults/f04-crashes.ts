/** F4: replicas of the API are killed (-9) at random and Postgres is stopped at once (`-m immediate`) while stations push. */
import { setTimeout as sleep } from 'node:timers/promises';
import type { Answer } from '../site/http.ts';
import type { Fault, FaultRun } from './fault.ts';
import { createPen, type Pen, PENS_AT } from './pens.ts';
import { startPushing } from './pushing.ts';
import type { FaultSite } from './site.ts';
import { readSiteLog, twice } from './site-log.ts';

const PENS = 4;
const PAUSE_MS = 60;
const DATABASE_AWAY_MS = 500;
/** A replica is killed so often, and Postgres at every so-manieth time. */
const EVERY_MS = 1_500;
const POSTGRES_EVERY = 5;

export const fault: Fault = {
  id: 'F4',
  what: 'replicas of the API killed (-9), Postgres stopped at once, under pushes',
  unit: 'seconds',
  short: 45,
  needsSite: true,
  bugs: { 'acknowledged-first': ['lost'], 'commit-in-memory': ['lost', 'acknowledged-and-forgotten'] },
  run: faultCrashes,
};

/** Says yes before anybody has asked the site, and asks once: as a queue in memory in front of it would. */
const acknowledgedFirst = async (pen: Pen, from: number, to: number): Promise<Answer> => {
  pen.push(from, to).catch(() => undefined);
  const text = '{}';
  return { status: 200, headers: {}, bytes: Buffer.from(text), text, json: () => JSON.parse(text) };
};

/** Commits are said to be done before they are on the disk. */
async function commitInMemory({ running: { stores } }: FaultSite, on: boolean): Promise<void> {
  await stores.sql(`ALTER SYSTEM ${on ? 'SET synchronous_commit = off' : 'RESET synchronous_commit'}`);
  // As slowly as it can: what a crash takes with it is what was said to be there.
  await stores.sql(`ALTER SYSTEM ${on ? "SET wal_writer_delay = '10s'" : 'RESET wal_writer_delay'}`);
  await stores.sql('SELECT pg_reload_conf()');
}

async function crash(
  site: FaultSite,
  seconds: number,
  random: FaultRun['random'],
  every: number,
): Promise<{ kills: number; stops: number }> {
  const { replicas, stores } = site.running;
  const apis = replicas.filter(({ kind }) => kind === 'api');
  const until = Date.now() + seconds * 1_000;
  const done = { kills: 0, stops: 0 };
  for (let turn = 1; Date.now() < until; turn += 1) {
    await sleep(random.integer(EVERY_MS / 2, EVERY_MS * 1.5));
    if (turn % every === 0) {
      await stores.postgres.crash();
      await sleep(DATABASE_AWAY_MS);
      await stores.postgres.restart();
      done.stops += 1;
    } else {
      await random.pick(apis).kill();
      done.kills += 1;
    }
  }
  return done;
}

async function faultCrashes({ count, random, figures, say, bug, site: open }: FaultRun): Promise<void> {
  const site = await open();
  const pens = await Promise.all(Array.from({ length: PENS }, () => createPen(site, { name: PENS_AT })));
  const push = bug === 'acknowledged-first' ? acknowledgedFirst : undefined;
  const load = startPushing({ pens, random, pauseMs: PAUSE_MS, ...(push === undefined ? {} : { push }) });
  try {
    if (bug === 'commit-in-memory') await commitInMemory(site, true);
    const seconds = bug === undefined ? count : Math.min(count, 15);
    // What is not on the disk is only missed after a crash of Postgres.
    const every = bug === 'commit-in-memory' ? 1 : POSTGRES_EVERY;
    const { kills, stops } = await crash(site, seconds, random, every);
    await site.running.ready();
    const pushed = await load.stop();
    const { written, acknowledged, repeated, refused } = pushed;
    const log = await readSiteLog(site, PENS_AT);
    say(
      `${kills} replicas killed, Postgres stopped ${stops} times: ${written.size} operations in ${pushed.took.length} batches, ${repeated} sent again`,
    );
    for (const line of [...log.problems, ...refused].slice(0, 10)) say(`WRONG   ${line}`);
    if (bug === undefined) {
      figures.atLeast('f4.replicas-killed', kills, 1);
      figures.atLeast('f4.postgres-stopped', stops, 1);
    }
    figures.atLeast('f4.acknowledged', acknowledged.size, 1);
    figures.atMost('f4.lost', [...acknowledged].filter((op) => !log.byOp.has(op)).length, 0);
    figures.atMost('f4.acknowledged-and-forgotten', pushed.askedAgain, 0);
    figures.atMost('f4.duplicated', twice(log, pushed.values), 0);
    figures.atMost('f4.refused', refused.length, 0);
    figures.atMost('f4.log-problems', log.problems.length, 0);
  } finally {
    await load.stop().catch(() => undefined);
    if (bug === 'commit-in-memory') await commitInMemory(site, false);
  }
}
