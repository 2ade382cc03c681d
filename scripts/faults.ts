/**
 * `npm run test:faults`: faults on purpose, each in a file of scripts/faults/, and whether what was promised holds (docs/faults.md). Without arguments every
 * fault runs in its short form. `--only F4,F5` runs some of them, `--count N` one of them longer or shorter, `--seed N` draws the same again, `--list` says which
 * there are. `--planted` plants the errors of each fault, one after the other, and demands that each is noticed. `--kills N` is `--only F2 --count N`.
 */
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { parseArgs } from 'node:util';
import type { Fault, FaultRun } from './faults/fault.ts';
import { createFaultSites } from './faults/site.ts';
import { createFigures, type Figures } from './figure.ts';
import { createRandom } from './random.ts';
import { whyNot } from './site/tools.ts';

const FOLDER = join(import.meta.dirname, 'faults');
const numberOf = (id: string): number => Number(id.slice(1));

const { values } = parseArgs({
  options: {
    only: { type: 'string' },
    count: { type: 'string' },
    kills: { type: 'string' },
    seed: { type: 'string' },
    short: { type: 'boolean', default: true },
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
/** Nobody waits for a fault that is stopped: what it has started goes with the process. */
const stopped = new Promise<never>((_resolve, reject) => {
  stopping.signal.addEventListener('abort', () => reject(stopping.signal.reason as Error), { once: true });
});
stopped.catch(() => undefined);
const sites = createFaultSites({ signal: stopping.signal, say });

async function runOne(fault: Fault, figures: Figures, bug: string | undefined): Promise<void> {
  const run: FaultRun = {
    count: countOf(fault),
    random: createRandom(seed * 100 + numberOf(fault.id)),
    figures,
    say,
    bug,
    site: () => sites.shared(),
    signal: stopping.signal,
  };
  await Promise.race([fault.run(run), stopped]);
}

/** Whether it went as it must; what a fault throws is told, and the others run all the same. */
async function judged(name: string, work: () => Promise<boolean>): Promise<void> {
  stopping.signal.throwIfAborted();
  const from = Date.now();
  let isGood = false;
  try {
    isGood = await work();
  } catch (error) {
    stopping.signal.throwIfAborted();
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
  say(`== ${fault.id} with an error planted: ${bug}`);
  await judged(`${fault.id} ${bug}`, async () => {
    // Short ones are wanted here: they must not look like those of a run that failed.
    const inner = createFigures((line) => say(`planted: ${line}`));
    await runOne(fault, inner, bug);
    createFigures(say).atLeast(`${fault.id.toLowerCase()}.${bug}-noticed`, inner.ok() ? 0 : 1, 1);
    return !inner.ok();
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
    else for (const bug of values.bug === undefined ? fault.bugs : [values.bug]) await planted(fault, bug);
  }
}

const wanted = await chosen();
if (values.list)
  for (const { id, what, short, unit, bugs } of wanted)
    say(`${id.padEnd(4)} ${what}: ${short} ${unit}; planted: ${bugs.join(', ')}`);
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
  process.exitCode = count.failed === 0 && count.passed > 0 ? 0 : 1;
  if (stopping.signal.aborted) process.exit(count.failed > 0 ? 1 : 130);
}
