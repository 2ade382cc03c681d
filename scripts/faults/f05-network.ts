/** F5: the network between stations and their site is slow, breaks off in the middle, swallows everything, loses answers after the commit. */
import { setTimeout as sleep } from 'node:timers/promises';
import type { Random } from '../random.ts';
import { createDesks, type Desk, EDITED, everywhere } from './desks.ts';
import { deskLog, differences, sum } from './desk-log.ts';
import type { Fault, FaultRun } from './fault.ts';
import type { Network, Weather } from './network.ts';
import { createPen, type Pen, PENS_AT } from './pens.ts';
import { startPushing } from './pushing.ts';
import type { FaultSite } from './site.ts';
import { readSiteLog, twice } from './site-log.ts';

const DESKS = 2;
const PENS = 3;
const DRAIN_S = 30;

export const fault: Fault = {
  id: 'F5',
  what: 'a network that is slow, cuts off, swallows, loses answers',
  unit: 'faults',
  short: 200,
  needsSite: true,
  bugs: { 'sent-is-done': ['lost', 'acknowledged-and-forgotten'] },
  run: faultNetwork,
};

const weatherOf = (random: Random): Weather =>
  random.pick<() => Weather>([
    () => ({ kind: 'slow', ms: random.integer(20, 300) }),
    () => ({ kind: 'cut', side: 'up', bytes: random.integer(0, 3_000) }),
    () => ({ kind: 'cut', side: 'down', bytes: random.integer(0, 3_000) }),
    () => ({ kind: 'hole' }),
    () => ({ kind: 'dead' }),
    () => ({ kind: 'lost-reply' }),
    () => ({ kind: 'refused' }),
  ])();

async function storm(front: Network, count: number, random: Random): Promise<number> {
  const before = front.broken();
  try {
    for (let n = 0; n < count; n += 1) {
      front.turn(weatherOf(random));
      await sleep(random.integer(30, 150));
      front.turn({ kind: 'fair' });
      await sleep(random.integer(20, 120));
    }
  } finally {
    // How long a station takes to give up a connection that says nothing is its own affair, and longer than what is measured here.
    front.heal();
  }
  return front.broken() - before;
}

/** Saves as a person does, whatever the network does: over every page that is here. */
async function keepSaving(desk: Desk, invoices: readonly string[], random: Random, over: AbortSignal): Promise<void> {
  while (!over.aborted) {
    await desk.save(random.pick(invoices), random.pick(EDITED));
    await sleep(random.integer(100, 400));
  }
}

async function drained(desks: readonly Desk[]): Promise<number> {
  const from = Date.now();
  await Promise.all(desks.map((desk) => desk.inStep()));
  return (Date.now() - from) / 1_000;
}

/** A sender that believes that what it sent has arrived. */
const sentIsDone = async (pen: Pen, from: number, to: number) => {
  const answer = { status: 200, headers: {}, bytes: Buffer.alloc(0), text: '', json: () => JSON.parse('{}') };
  return pen.push(from, to).catch(() => answer);
};

async function faultNetwork(run: FaultRun): Promise<void> {
  const { count, random, figures, say, bug } = run;
  const site: FaultSite = await run.site();
  const desks = createDesks(site, random);
  try {
    const pens = await Promise.all(Array.from({ length: PENS }, () => createPen(site, { name: PENS_AT })));
    const open: Desk[] = [];
    for (let n = 0; n < (bug === undefined ? DESKS : 0); n += 1) open.push(await desks.add());
    const invoices: string[] = [];
    for (const desk of open) {
      invoices.push(await desk.takeIn());
      await desk.connect();
    }
    await drained(open);
    await everywhere(open, invoices);
    const over = new AbortController();
    const saving = Promise.all(open.map((desk) => keepSaving(desk, invoices, random, over.signal)));
    saving.catch(() => undefined);
    const load = startPushing({ pens, random, pauseMs: 20, ...(bug === undefined ? {} : { push: sentIsDone }) });
    const broken = await storm(site.front, count, random);
    over.abort();
    await saving;
    const [drain, pushed] = await Promise.all([drained(open), load.stop()]);
    const [log, pensLog] = [await readSiteLog(site), await readSiteLog(site, PENS_AT)];
    const problems = [...log.problems, ...pensLog.problems];
    const values = new Set([...pushed.values, ...open.flatMap(({ saved }) => [...saved])]);
    const there = new Set([...log.rows, ...pensLog.rows].map(({ value }) => value));
    const apart = open.map(({ folder }) => sum(differences(log.rows, deskLog(folder))));
    say(
      `${count} faults, ${broken} connections broken, ${values.size} values, ${pushed.repeated} batches sent again, in step ${drain.toFixed(1)} s after the last fault`,
    );
    for (const line of [...problems, ...pushed.refused].slice(0, 5)) say(`WRONG   ${line}`);
    figures.atLeast('f5.connections-broken', broken, 1);
    figures.atLeast('f5.values', values.size, 1);
    figures.atMost('f5.lost', [...values].filter((value) => !there.has(value)).length, 0);
    figures.atMost('f5.differences', Math.max(0, ...apart), 0);
    figures.atMost('f5.acknowledged-and-forgotten', pushed.askedAgain, 0);
    figures.atMost('f5.duplicated', twice(log, values) + twice(pensLog, values), 0);
    figures.atMost('f5.refused', pushed.refused.length, 0);
    figures.atMost('f5.log-problems', problems.length, 0);
    figures.atMost('f5.drained-s', drain, DRAIN_S);
  } finally {
    site.front.turn({ kind: 'fair' });
    await desks.close();
  }
}
