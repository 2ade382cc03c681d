/**
 * F8: clocks that are wrong by years, and jump. Histories of the protocol by the simulation (`sim:sync`) in which every desktop's clock is off and jumps, and a real
 * station with such a clock at a real site: nothing is refused for it, nothing is lost, nothing waits for the clock to come back, and the person is told.
 */
import { type Archive, createArchive } from '../archive/invoices.ts';
import { hlcMs } from '../../core/sync/hlc.ts';
import type { OpBody } from '../../core/sync/op.ts';
import type { Bug } from '../sim-sync/bugs.ts';
import { runHistory } from '../sim-sync/history.ts';
import type { Planned } from '../sim-sync/plan.ts';
import { LENGTH_MS } from '../sim-sync/plan.ts';
import { planOf } from '../sim-sync/run.ts';
import type { TestStation } from '../../server/enrol/testing-enrol.ts';
import { keeping } from './broken.ts';
import { deskLog, differences, sum } from './desk-log.ts';
import type { Fault, FaultRun } from './fault.ts';
import { canOpen, correctAt, happens, invoiceAt, noPostgres, type Office, startOffice } from './office.ts';

const MINUTE = 60_000;
const YEAR = 365.25 * 24 * 60 * MINUTE;
/** From right to wrong and from wrong to wrong: where it goes back, what waits for a time has to go on all the same. */
const JUMPS = [80 * YEAR, -10 * YEAR, YEAR, -3 * MINUTE, 30 * YEAR, -1 * YEAR, 0] as const;
const TOLD_FROM_MS = 2 * MINUTE;
/** Less than the smallest jump. */
const PATIENCE_MS = 90_000;
const SKEWS = 6;

export const fault: Fault = {
  id: 'F8',
  what: 'clocks that are wrong by -10 to +80 years, and jump',
  unit: 'histories',
  short: 500,
  bugs: {
    'future-dropped': ['history-problems'],
    'last-write-wins': ['history-problems'],
    'station-drops-the-future': ['differences'],
  },
  run: faultClocks,
};

async function faultClocks(run: FaultRun): Promise<void> {
  const { bug, say } = run;
  const isOfStation = bug === 'station-drops-the-future';
  if (!isOfStation) inHistories(run);
  if (bug !== undefined && !isOfStation) return;
  const reason = noPostgres();
  if (reason === undefined) await atAStation(run);
  else say(`SKIPPED  F8 at a real station: ${reason}`);
}

/** The plan as it was drawn, with clocks that jump besides. */
function inHistories({ count, random, figures, say, bug }: FaultRun): void {
  const seed = random.integer(1, 1_000_000);
  const problems: string[] = [];
  let ops = 0;
  for (let n = 0; n < count; n += 1) {
    const plan = planOf(seed, n);
    const jumps = Array.from({ length: SKEWS }, (): Planned => ({
      at: random.integer(0, LENGTH_MS),
      station: random.integer(0, 7),
      what: { fault: 'skew' },
      a: random.next(),
      b: random.next(),
      c: random.next(),
    }));
    const events = [...plan.events, ...jumps].toSorted((a, b) => a.at - b.at);
    const outcome = runHistory({ ...plan, events }, (bug as Bug | undefined) ?? null);
    ops += outcome.counters.ops;
    for (const { kind, what } of outcome.problems) problems.push(`history ${n} of seed ${seed}: ${kind} ${what}`);
  }
  for (const problem of problems.slice(0, 5)) say(problem);
  say(`${count} histories of ${ops} operations, ${SKEWS} jumps of a clock in each beside its own`);
  if (bug === undefined) figures.atLeast('f8.history-operations', ops, count);
  figures.atMost('f8.history-problems', problems.length, 0);
}

interface Told {
  readonly shown: number;
  readonly waited: number;
}

async function jump(office: Office, desks: readonly TestStation[], invoice: string, ms: number): Promise<Told> {
  const [wrong, right] = desks as [TestStation, TestStation];
  await correctAt(wrong, invoice, 'poNumber', `w${ms}`);
  await correctAt(right, invoice, 'buyerReference', `r${ms}`);
  const isInStep = await office.inStep(
    desks.map(({ folder }) => folder),
    PATIENCE_MS,
  );
  await wrong.station.sync.now();
  const isTold = await happens(async () => {
    const { clockOffMs, conflicts } = await wrong.station.sync.view();
    const isRight = Math.abs(ms) > TOLD_FROM_MS ? Math.abs((clockOffMs ?? 0) - ms) < TOLD_FROM_MS : clockOffMs === null;
    return isRight && conflicts.cells === 0;
  }, 15_000);
  return { shown: isTold ? 0 : 1, waited: isInStep ? 0 : 1 };
}

/** Documents that come in at both while the clock of one is wrong: read, sent, fetched, shown. */
async function cross([wrong, right]: readonly [TestStation, TestStation], archive: Archive) {
  const own = await invoiceAt(wrong, archive);
  const theirs = await invoiceAt(right, archive);
  return async (): Promise<boolean> =>
    (await canOpen(right, own, PATIENCE_MS)) && (await canOpen(wrong, theirs, PATIENCE_MS));
}

async function atAStation({ figures, say, random, bug }: FaultRun): Promise<void> {
  const office = await startOffice();
  const clock = { offsetMs: 0 };
  try {
    const archive = createArchive(random.integer(1, 1_000));
    const now = (): number => Date.now() + clock.offsetMs;
    const isNow = ({ hlc }: OpBody): boolean => (hlcMs(hlc) ?? 0) < now() + 5 * MINUTE;
    const wrong = await office.desk({ now, ...(bug === undefined ? {} : { between: keeping(isNow) }) });
    const right = await office.desk();
    for (const desk of [wrong, right]) await office.connect(desk);
    const invoice = await invoiceAt(right, archive);
    const folders = [wrong.folder, right.folder];
    if (!(await office.inStep(folders)) || !(await canOpen(wrong, invoice)))
      throw new Error('never in step before a clock was wrong');
    let [waited, untold] = [0, 0];
    for (const ms of bug === undefined ? JUMPS : [-10 * YEAR]) {
      clock.offsetMs = ms;
      // Its document, its reading and its jobs are made by the wrong clock, and wait for it where anything does.
      const isCrossed = await cross([wrong, right], archive);
      const told = await jump(office, [wrong, right], invoice, clock.offsetMs);
      const uncrossed = bug === undefined && !(await isCrossed()) ? 1 : 0;
      waited += told.waited + uncrossed;
      untold += told.shown;
      const isFine = told.waited + told.shown + uncrossed === 0;
      say(
        `clock at ${(ms / YEAR).toFixed(2)} years: ${isFine ? 'as ever' : `NOT: ${JSON.stringify({ ...told, uncrossed })}`}`,
      );
    }
    const log = await office.log();
    const desks = folders.map(deskLog);
    const all = desks.flatMap((desk) => sum(differences(log.rows, desk)));
    figures.atMost('f8.refused', log.rows.filter(({ verdict }) => verdict !== 'accepted').length, 0);
    figures.atMost(
      'f8.differences',
      all.reduce((one, two) => one + two, 0),
      0,
    );
    figures.atMost('f8.log-problems', log.problems.length, 0);
    figures.atMost('f8.waited-for-the-clock', waited, 0);
    figures.atMost('f8.clock-not-told', untold, 0);
  } finally {
    await office.stop();
  }
}
