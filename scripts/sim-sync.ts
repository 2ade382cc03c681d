/**
 * `npm run sim:sync`: the protocol of sync through random histories on a virtual clock and network, over the code that stations and the site run (core/sync), with
 * what SYNC promises checked at the end of each. Then errors are planted, and each has to be noticed. `docs/sync.md` says what happens in a history.
 */
import { availableParallelism } from 'node:os';
import { parseArgs } from 'node:util';
import { Worker } from 'node:worker_threads';
import { createFigures } from './figure.ts';
import { BUG_NAMES, type Bug, BUGS } from './sim-sync/bugs.ts';
import { runHistory } from './sim-sync/history.ts';
import { add, emptyTally, firstToNotice, planOf, type Tally } from './sim-sync/run.ts';
import { shrink } from './sim-sync/shrink.ts';

const { values } = parseArgs({
  options: {
    histories: { type: 'string', default: '5000' },
    seed: { type: 'string', default: '1' },
    threads: { type: 'string', default: String(Math.min(2, availableParallelism())) },
    /** Histories in which a planted error has to be noticed. */
    notice: { type: 'string', default: '1000' },
    /** One history again, told step by step. */
    history: { type: 'string' },
    bug: { type: 'string' },
  },
});
const seed = Number(values.seed);
const print = (line: string): void => void process.stdout.write(`${line}\n`);

function tellOne(history: number, bug: Bug | null): boolean {
  const { problems } = runHistory(planOf(seed, history), bug, print);
  for (const { kind, what } of problems) print(`${kind}: ${what}`);
  return problems.length === 0;
}

const PROGRESS = 10_000;

async function runAll(histories: number, threads: number): Promise<Tally> {
  const tally = emptyTally();
  const run = (first: number): Promise<void> =>
    new Promise((resolve, reject) => {
      const workerData = { seed, first, end: histories, step: threads };
      const worker = new Worker(new URL('sim-sync/thread.ts', import.meta.url), { workerData });
      worker.on('message', (part: Tally) => {
        const before = tally.histories;
        add(tally, part);
        const done = Math.floor(tally.histories / PROGRESS) * PROGRESS;
        if (done > before) process.stderr.write(`${done} of ${histories}, ${tally.failures.length} failed\n`);
      });
      worker.on('error', reject);
      worker.on('exit', () => resolve());
    });
  await Promise.all(Array.from({ length: threads }, (_, first) => run(first)));
  return tally;
}

/** The failed history made as small as it gets, with all that happens in it. */
function tellFailure(history: number): void {
  const plan = shrink(planOf(seed, history), null);
  const { events, ...weather } = plan;
  print(`history ${history} fails. As small as it gets:\n${JSON.stringify(weather)}`);
  for (const event of events) print(JSON.stringify(event));
  try {
    for (const { kind, what } of runHistory(plan, null, print).problems) print(`${kind}: ${what}`);
  } catch (error) {
    print(String(error));
  }
  print(`the whole of it: npm run sim:sync -- --seed ${seed} --history ${history}`);
}

async function main(): Promise<boolean> {
  const bug = values.bug === undefined ? null : (BUG_NAMES.find((name) => name === values.bug) ?? null);
  if (values.bug !== undefined && bug === null)
    throw new Error(`no such error: ${values.bug}. There are ${BUG_NAMES.join(', ')}`);
  if (values.history !== undefined) return tellOne(Number(values.history), bug);
  const started = performance.now();
  const tally = await runAll(Number(values.histories), Number(values.threads));
  const seconds = (performance.now() - started) / 1_000;
  const { counters, failures } = tally;
  print(
    `${tally.histories} histories, seed ${seed}: ${Object.entries(counters)
      .map(([name, n]) => `${n} ${name}`)
      .join(', ')}`,
  );
  print(
    `${Math.round(seconds)} s on ${values.threads} threads, ${Math.round(tally.histories / seconds)} histories a second`,
  );
  const count = (kind: string): number =>
    failures.filter(({ problems }) => problems.some((problem) => problem.kind === kind)).length;
  const figures = createFigures(print);
  figures.atMost('sim.lost', count('lost'), 0);
  figures.atMost('sim.silent_overwrites', count('silent'), 0);
  figures.atMost('sim.divergences', count('diverged'), 0);
  const noticed = BUG_NAMES.map((name) => ({ name, at: firstToNotice(name, seed, Number(values.notice)) }));
  for (const { name, at } of noticed)
    print(`planted: ${BUGS[name]} (${name}): ${at === undefined ? 'MISSED' : `noticed in history ${at}`}`);
  figures.atLeast('sim.planted_bugs', BUG_NAMES.length, 12);
  figures.atMost('sim.planted_bugs_missed', noticed.filter(({ at }) => at === undefined).length, 0);
  const [first] = failures.toSorted((a, b) => a.history - b.history);
  if (first !== undefined) tellFailure(first.history);
  return figures.ok();
}

process.exitCode = (await main()) ? 0 : 1;
