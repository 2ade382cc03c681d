/** F19: every replica of the API is replaced, one after the other, while stations save and wait for news, lists are read and documents come in. Nobody is to notice. */
import { setTimeout as sleep } from 'node:timers/promises';
import { invoicePdf, multipart } from '../../server/testing.ts';
import { expectStatus } from '../site/http.ts';
import { acceptedId, readInvoice, upload } from '../site/work.ts';
import type { Fault, FaultRun } from './fault.ts';
import { createPen, PENS_AT } from './pens.ts';
import { type Pushed, quantile, startPushing } from './pushing.ts';
import type { FaultSite } from './site.ts';
import { readSiteLog } from './site-log.ts';

/** All that comes from one address here has to stay below what nginx gives one: 100 requests a second (limits.conf). */
const PENS = 4;
const PAUSE_MS = 60;
const READ_PAUSE_MS = 100;
/** Nobody sends for them again what was lost with a replica: so many that hardly any replica is without one of them at any time. */
const UPLOADERS = 6;
const UPLOAD_MS = 1_000;
const AGAIN_MS = 200;
/** Long enough that one in a hundred is some of them. */
const CALM_MS = 15_000;
/** A save that takes less has no ratio worth telling: one pause of the machine would make it. */
const LEAST_CALM_MS = 50;
/** A replica that does not end by itself is cut off after 27 seconds, a container after 30. */
const MOST_STOP_S = 25;
/** Of the log of nginx. */
const LINES = 10;
const PARTS = [0.5, 0.95, 0.99] as const;

export const fault: Fault = {
  id: 'F19',
  what: 'every replica of the API replaced, one after the other, under load',
  unit: 'rounds',
  short: 1,
  needsSite: true,
  bugs: { killed: ['failed-uploads'], 'all-at-once': ['failed-saves', 'failed-reads'] },
  run: faultRolling,
};

/** Seconds that the slowest of them took to end. */
async function roll({ running: { replicas } }: FaultSite, bug: string | undefined): Promise<number> {
  const apis = replicas.filter(({ kind }) => kind === 'api');
  let slowest = 0;
  if (bug === 'all-at-once') await Promise.all(apis.map((replica) => replica.stop()));
  for (const replica of apis) {
    const from = performance.now();
    if (bug === 'killed') {
      await replica.kill();
      // The engine starts it again by then.
      await sleep(1_000);
    } else {
      await replica.stop();
      slowest = Math.max(slowest, (performance.now() - from) / 1_000);
      replica.start();
    }
    await replica.ready();
  }
  return slowest;
}

/** Again and again, until it is over: what went wrong. */
async function keep(over: AbortSignal, pauseMs: number, work: () => Promise<unknown>): Promise<string[]> {
  const failed: string[] = [];
  while (!over.aborted) {
    const isGood = await work().then(
      () => true,
      (error: unknown) => {
        failed.push(String(error));
        return false;
      },
    );
    await sleep(isGood ? pauseMs : AGAIN_MS);
  }
  return failed;
}

/** Stations that wait for news all the time: what they are told is a page, whoever is replaced meanwhile. */
async function keepWaiting(site: FaultSite, over: AbortSignal): Promise<string[]> {
  const pen = await createPen(site, { name: PENS_AT });
  let place = await pen.history();
  return keep(over, 0, async () => {
    ({ place } = await pen.pull(place, 2));
  });
}

async function keepReading({ ask, people }: FaultSite, over: AbortSignal): Promise<string[]> {
  const { token } = await people.of('reviewer');
  return keep(over, READ_PAUSE_MS, async () =>
    expectStatus(await ask('/api/v1/invoices?limit=20', { token: await token() }), 200, 'a list'),
  );
}

/** People with a slow line send a document that is there already: it is read to its end, and makes no more work than that. */
async function prepareUploads({ ask, people }: FaultSite): Promise<(over: AbortSignal) => Promise<string[]>> {
  const { token } = await people.of('reviewer');
  const file = { name: 'F19.pdf', bytes: await invoicePdf({ number: 'F19' }) };
  const id = acceptedId(await upload(ask, await token(), file));
  await readInvoice(ask, await token(), id);
  const { body, type } = multipart([file]);
  const one = async (): Promise<void> => {
    const sent = { token: await token(), body, headers: { 'content-type': type }, overMs: UPLOAD_MS };
    const known = acceptedId(expectStatus(await ask('/api/v1/invoices/upload', sent), 200, 'an upload'));
    if (known !== id) throw new Error(`another invoice: ${known}`);
  };
  return async (over) => {
    const failed = await Promise.all(
      Array.from({ length: UPLOADERS }, async (_one, at) => {
        await sleep((at * UPLOAD_MS) / UPLOADERS);
        return keep(over, 0, one);
      }),
    );
    return failed.flat();
  };
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
const notAnswered = (log: string): string[] => log.split('\n').filter((line) => /"status":(?:429|5\d\d),/.test(line));

async function faultRolling({ count, random, figures, say, bug, site: open }: FaultRun): Promise<void> {
  const site = await open();
  await site.running.ready();
  const pens = await Promise.all(Array.from({ length: PENS }, () => createPen(site, { name: PENS_AT })));
  const keepUploading = await prepareUploads(site);
  const over = new AbortController();
  const logged = site.running.accessLog().length;
  const others = Promise.all(
    [keepWaiting, keepReading].map((keepAt) => keepAt(site, over.signal)).concat(keepUploading(over.signal)),
  );
  const load = startPushing({ pens, random, pauseMs: PAUSE_MS });
  await sleep(2_000);
  const from = Date.now();
  await sleep(CALM_MS);
  const begun = Date.now();
  let slowest = 0;
  for (let round = 0; round < count; round += 1) slowest = Math.max(slowest, await roll(site, bug));
  const to = Date.now();
  const pushed = await load.stop();
  over.abort();
  const [waiting = [], reading = [], uploading = []] = await others;
  const log = await readSiteLog(site, PENS_AT);
  const [calm, rolling] = [tookMost(pushed, from, begun), tookMost(pushed, begun, to)];
  const seconds = ((to - begun) / 1_000).toFixed(1);
  say(
    `${pushed.took.length} batches; p50, p95 and p99 ${calm.join(', ')} ms before, ${rolling.join(', ')} ms while replicas were replaced (${seconds} s; the slowest one ended after ${slowest.toFixed(1)} s)`,
  );
  const wrong = [...waiting, ...reading, ...uploading, ...pushed.refused, ...pushed.repeatedFor];
  for (const line of wrong.slice(0, 5)) say(`WRONG   ${line}`);
  if (wrong.length > 0)
    for (const line of notAnswered(site.running.accessLog().slice(logged)).slice(0, LINES)) say(`NGINX   ${line}`);
  figures.atLeast('f19.batches', pushed.took.filter(({ at }) => at >= begun && at < to).length, 100);
  figures.atMost('f19.failed-saves', pushed.repeated + pushed.refused.length, 0);
  figures.atMost('f19.failed-reads', waiting.length + reading.length, 0);
  figures.atMost('f19.failed-uploads', uploading.length, 0);
  figures.atMost('f19.lost', [...pushed.acknowledged].filter((op) => !log.byOp.has(op)).length, 0);
  figures.atMost('f19.log-problems', log.problems.length, 0);
  figures.atMost('f19.slowest-end-s', slowest, MOST_STOP_S);
  figures.atMost('f19.p99-ratio', rolling[2] / Math.max(calm[2], LEAST_CALM_MS), 3);
}
