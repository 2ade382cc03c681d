/** F19: every replica of the API is replaced, one after the other, while stations save and wait for news. Nobody is to notice. */
import { setTimeout as sleep } from 'node:timers/promises';
import { expectStatus } from '../site/http.ts';
import type { Fault, FaultRun } from './fault.ts';
import { createPen, PENS_AT } from './pens.ts';
import { type Pushed, quantile, startPushing } from './pushing.ts';
import type { FaultSite } from './site.ts';
import { readSiteLog } from './site-log.ts';

const PENS = 4;
const PAUSE_MS = 25;
/** Long enough that one in a hundred is some of them. */
const CALM_MS = 15_000;
/** A save that takes less has no ratio worth telling: one pause of the machine would make it. */
const LEAST_CALM_MS = 50;
/** Of the log of nginx. */
const LINES = 10;
const PARTS = [0.5, 0.95, 0.99] as const;

export const fault: Fault = {
  id: 'F19',
  what: 'every replica of the API replaced, one after the other, under load',
  unit: 'rounds',
  short: 1,
  needsSite: true,
  bugs: { killed: ['failed-saves', 'failed-reads'] },
  run: faultRolling,
};

async function roll({ running: { replicas } }: FaultSite, bug: string | undefined): Promise<void> {
  for (const replica of replicas.filter(({ kind }) => kind === 'api')) {
    if (bug === undefined) {
      await replica.stop();
      replica.start();
    } else await replica.kill();
    await sleep(bug === undefined ? 0 : 1_000);
    await replica.ready();
  }
}

/** Stations that wait for news all the time: what they are told is a page, whoever is replaced meanwhile. */
async function keepWaiting(site: FaultSite, signal: AbortSignal): Promise<string[]> {
  const pen = await createPen(site, { name: PENS_AT });
  const failed: string[] = [];
  let place = await pen.history();
  while (!signal.aborted)
    try {
      ({ place } = await pen.pull(place, 2));
    } catch (error) {
      failed.push(String(error));
    }
  return failed;
}

async function keepReading({ ask, people }: FaultSite, signal: AbortSignal): Promise<string[]> {
  const { token } = await people.of('reviewer');
  const failed: string[] = [];
  while (!signal.aborted) {
    await ask('/api/v1/invoices?limit=20', { token: await token() })
      .then((answer) => expectStatus(answer, 200, 'a list'))
      .catch((error: unknown) => failed.push(String(error)));
    await sleep(50);
  }
  return failed;
}

/** What half, 95 and 99 of a hundred saves that began then took at the most, in ms. */
function tookMost({ took }: Pushed, from: number, to: number): readonly [number, number, number] {
  const sorted = took
    .filter(({ at }) => at >= from && at < to)
    .map(({ ms }) => ms)
    .toSorted((a, b) => a - b);
  const [half, most, nearlyAll] = PARTS;
  return [quantile(sorted, half), quantile(sorted, most), quantile(sorted, nearlyAll)];
}

/** Which replicas were asked, and what each answered, stands in them. */
const unavailable = (log: string): string[] => log.split('\n').filter((line) => line.includes('"status":503,'));

async function faultRolling({ count, random, figures, say, bug, site: open }: FaultRun): Promise<void> {
  const site = await open();
  await site.running.ready();
  const pens = await Promise.all(Array.from({ length: PENS }, () => createPen(site, { name: PENS_AT })));
  const over = new AbortController();
  const logged = site.running.accessLog().length;
  const others = Promise.all([keepWaiting(site, over.signal), keepReading(site, over.signal)]);
  const load = startPushing({ pens, random, pauseMs: PAUSE_MS });
  await sleep(2_000);
  const from = Date.now();
  await sleep(CALM_MS);
  const begun = Date.now();
  for (let round = 0; round < count; round += 1) await roll(site, bug);
  const to = Date.now();
  const pushed = await load.stop();
  over.abort();
  const [waiting, reading] = await others;
  const log = await readSiteLog(site, PENS_AT);
  const [calm, rolling] = [tookMost(pushed, from, begun), tookMost(pushed, begun, to)];
  say(
    `${pushed.took.length} batches; p50, p95 and p99 ${calm.join(', ')} ms before, ${rolling.join(', ')} ms while replicas were replaced (${((to - begun) / 1_000).toFixed(1)} s)`,
  );
  for (const line of [...waiting, ...reading, ...pushed.refused, ...pushed.repeatedFor].slice(0, 5))
    say(`WRONG   ${line}`);
  if (pushed.repeated + pushed.refused.length > 0)
    for (const line of unavailable(site.running.accessLog().slice(logged)).slice(0, LINES)) say(`NGINX   ${line}`);
  figures.atLeast('f19.batches', pushed.took.filter(({ at }) => at >= begun && at < to).length, 100);
  figures.atMost('f19.failed-saves', pushed.repeated + pushed.refused.length, 0);
  figures.atMost('f19.failed-reads', waiting.length + reading.length, 0);
  figures.atMost('f19.lost', [...pushed.acknowledged].filter((op) => !log.byOp.has(op)).length, 0);
  figures.atMost('f19.p99-ratio', rolling[2] / Math.max(calm[2], LEAST_CALM_MS), 3);
}
