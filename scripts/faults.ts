/**
 * `npm run test:faults`: faults on purpose, each in a file of scripts/faults/, and whether what was promised holds (docs/faults.md). Without arguments every
 * fault runs in its short form. `--only F4,F5` runs some of them, `--count N` one of them longer or shorter, `--seed N` draws the same again, `--list` says which
 * there are. `--planted` plants the errors of each fault, one after the other, and demands that each is noticed, by a figure that it is to be noticed by. `--kills N` is
 * `--only F2 --count N`.
 */
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { setTimeout as sleep } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import type { Fault, FaultRun } from './faults/fault.ts';
import { createFaultSites } from './faults/site.ts';
import { createFigures, type Figures } from './figure.ts';
import { createRandom } from './random.ts';
import { whyNot } from './site/tools.ts';

const FOLDER = join(import.meta.dirname, 'faults');
/** Stations come and go here by the hundred, each with threads that load the same files. */
process.env['NODE_COMPILE_CACHE'] ??= join(import.meta.dirname, '..', '.cache', 'compile');
/** Of one fault, in its short form. */
const LIMIT_MS = 10 * 60_000;
/** Of one that is stopped, to take down what it has started. */
const TAKEN_DOWN_MS = 10_000;
const TOO_LONG = new Error('it took too long');
const numberOf = (id: string): number => Number(id.slice(1));

const { values } = parseArgs({
  options: {
    only: { type: 'string' },
    count: { type: 'string' },
    kills: { type: 'string' },
    seed: { type: 'string' },
    /** As without: what CI says to every command. */
    short: { type: 'boolean' },
    planted: { type: 'boolean', default: false },
    bug: { type: 'string' },
    list: { type: 'boolean', default: false },
  },
});
const say = (line: string): void => void process.stdout.write(`${line}\n`);

/** Id by file name: only what is wanted is loaded. */
function fileNames(): Map<string, string> {
  const found = readdirSync(FOLDER).flatMap((name): [string, string][] => {
    const number = /^f(\d+)-[a-z-]+\.ts$/.exec(name)?.[1];
    return number === undefined ? [] : [[`F${Number(number)}`, name]];
  });
  return new Map(found.toSorted(([a], [b]) => numberOf(a) - numberOf(b)));
}

async function chosen(): Promise<Fault[]> {
  const names = fileNames();
  const only = values.only ?? (values.kills === undefined ? undefined : 'F2');
  const ids = only === undefined ? [...names.keys()] : only.toUpperCase().split(',');
  const foreign = ids.find((id) => !names.has(id));
  if (foreign !== undefined)
    throw new Error(`--only: there is no ${foreign}; there are ${[...names.keys()].join(', ')}`);
  return Promise.all(
    ids.map(async (id) => {
      const url = pathToFileURL(join(FOLDER, names.get(id) ?? '')).href;
      return ((await import(url)) as { fault: Fault }).fault;
    }),
  );
}

function countOf(fault: Fault): number {
  const given = values.count ?? values.kills;
  if (given === undefined) return fault.short;
  const count = Number(given);
  if (!Number.isInteger(count) || count < 1) throw new Error('--count must be a number from 1.');
  return count;
}

const seed = values.seed === undefined ? Date.now() % 1_000_000 : Number(values.seed);
const count = { passed: 0, failed: 0, skipped: 0 };
const stopping = new AbortController();
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const)
  process.on(signal, () => stopping.abort(new Error('stopped')));
/** Stations run in this process: what would have ended one of them ends the run, and everything is taken down. */
for (const event of ['uncaughtException', 'unhandledRejection'] as const)
  process.on(event, (error: unknown) => {
    say(`FAILED  ${event}: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}`);
    count.failed += 1;
    stopping.abort(new Error(event));
  });
const sites = createFaultSites({ signal: stopping.signal, say });

async function runOne(fault: Fault, figures: Figures, bug: string | undefined): Promise<void> {
  // That it takes its time to start is not the fault's.
  if (fault.needsSite === true) await sites.shared();
  const signal = signalOf(fault);
  const run: FaultRun = {
    count: countOf(fault),
    random: createRandom(seed * 100 + numberOf(fault.id)),
    figures,
    say,
    bug,
    site: () => sites.shared(),
    signal,
  };
  await endedOrStopped(fault.run(run), signal);
}

/** A long form takes as long as it is asked to. */
function signalOf(fault: Fault): AbortSignal {
  const limit = LIMIT_MS * Math.max(1, countOf(fault) / fault.short);
  return AbortSignal.any([stopping.signal, AbortSignal.timeout(limit)]);
}

/** One that is stopped has some time for its `finally`. What is not down by then goes with the process, and the run ends with it: it would be in the way of the next. */
async function endedOrStopped(work: Promise<void>, signal: AbortSignal): Promise<void> {
  const stopped = new Promise<'stopped'>((resolve) => {
    signal.addEventListener('abort', () => resolve('stopped'), { once: true });
  });
  if ((await Promise.race([work, stopped])) !== 'stopped') return;
  const ended = work.then(
    () => true,
    () => true,
  );
  const isDown = await Promise.race([ended, sleep(TAKEN_DOWN_MS, false)]);
  stopping.signal.throwIfAborted();
  if (!isDown) stopping.abort(TOO_LONG);
  throw TOO_LONG;
}

/** Whether it went as it must; what a fault throws is told, and the others run all the same. */
async function judged(name: string, work: () => Promise<boolean>): Promise<void> {
  stopping.signal.throwIfAborted();
  const from = Date.now();
  let isGood = false;
  try {
    isGood = await work();
  } catch (error) {
    if (error !== TOO_LONG) stopping.signal.throwIfAborted();
    say(`FAILED  ${name}: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}`);
  }
  count[isGood ? 'passed' : 'failed'] += 1;
  say(`== ${name}: ${isGood ? 'ok' : 'NOT OK'}, ${((Date.now() - from) / 1_000).toFixed(1)} s`);
}

async function honest(fault: Fault): Promise<void> {
  say(`== ${fault.id} ${fault.what}: ${countOf(fault)} ${fault.unit}`);
  await judged(fault.id, async () => {
    const figures = createFigures(say);
    await runOne(fault, figures, undefined);
    return figures.ok();
  });
}

async function planted(fault: Fault, bug: string): Promise<void> {
  const id = fault.id.toLowerCase();
  const by = fault.bugs[bug];
  if (by === undefined)
    throw new Error(`--bug: ${fault.id} has no ${bug}; it has ${Object.keys(fault.bugs).join(', ')}`);
  say(`== ${fault.id} with an error planted: ${bug}`);
  await judged(`${fault.id} ${bug}`, async () => {
    // Short ones are wanted here: they must not look like those of a run that failed.
    const inner = createFigures((line) => say(`planted: ${line}`));
    await runOne(fault, inner, bug);
    const noticed = by.filter((name) => inner.short().includes(`${id}.${name}`));
    createFigures(say).atLeast(`${id}.${bug}-noticed`, Math.min(1, noticed.length), 1);
    return noticed.length > 0;
  });
}

async function runAll(faults: readonly Fault[]): Promise<void> {
  const noSite = whyNot();
  for (const fault of faults) {
    const missing = fault.missing?.() ?? (fault.needsSite === true ? noSite : undefined);
    if (missing !== undefined) {
      say(`SKIPPED ${fault.id} ${fault.what}: ${missing}`);
      count.skipped += 1;
    } else if (!values.planted && values.bug === undefined) await honest(fault);
    else for (const bug of values.bug === undefined ? Object.keys(fault.bugs) : [values.bug]) await planted(fault, bug);
  }
}

const wanted = await chosen();
if (values.list)
  for (const { id, what, short, unit, bugs } of wanted)
    say(`${id.padEnd(4)} ${what}: ${short} ${unit}; planted: ${Object.keys(bugs).join(', ')}`);
else {
  if (values.count !== undefined && wanted.length > 1)
    throw new Error('--count needs --only: they count different things.');
  say(`seed ${seed}`);
  try {
    await runAll(wanted);
  } catch (error) {
    if (!stopping.signal.aborted) throw error;
    say('Stopped; everything was taken down.');
  } finally {
    await sites.stop();
  }
  say(`${count.passed} passed, ${count.failed} failed${count.skipped === 0 ? '' : `, ${count.skipped} skipped`}`);
  const isGood = count.failed === 0 && count.passed > 0;
  const code = stopping.signal.aborted && count.failed === 0 ? 130 : isGood ? 0 : 1;
  // Whatever a fault has left open holds nobody up; what was said is said first.
  process.stdout.write('', () => process.exit(code));
}
