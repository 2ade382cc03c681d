/** F11: the site comes back from an old copy of its database, again and again from the same one, while stations are ahead. What any of them holds is back. */
import type { Random } from '../random.ts';
import { createDesks, type Desk, EDITED, everywhere } from './desks.ts';
import type { Fault, FaultRun } from './fault.ts';
import { copyDatabase, startAgain } from './rollback.ts';
import type { FaultSite } from './site.ts';
import { readSiteLog } from './site-log.ts';

const DESKS = 3;
const SAVES = 4;
/** Of a run with an error: it never comes. */
const SHORT_PATIENCE_MS = 15_000;

export const fault: Fault = {
  id: 'F11',
  what: 'the site comes back from an old copy while stations are ahead',
  unit: 'rollbacks',
  short: 5,
  needsSite: true,
  bugs: { 'as-if-nothing-had-happened': ['lost'] },
  run: faultRolledBack,
};

/** In turns, each seeing what the one before did, and all at once without. */
async function work(desks: readonly Desk[], invoices: readonly string[], random: Random): Promise<void> {
  for (let n = 0; n < SAVES; n += 1)
    await Promise.all(desks.map((desk) => desk.save(random.pick(invoices), random.pick(EDITED))));
}

const heldBy = (desks: readonly Desk[]): Set<string> =>
  new Set(desks.flatMap((desk) => desk.log().map(({ op }) => op)));

async function missing(site: FaultSite, held: ReadonlySet<string>): Promise<number> {
  const log = await readSiteLog(site);
  return [...held].filter((op) => !log.byOp.has(op)).length;
}

async function faultRolledBack(run: FaultRun): Promise<void> {
  const { count, random, figures, say, bug } = run;
  const site = await run.site();
  const desks = createDesks(site, random);
  try {
    const open: Desk[] = [];
    const invoices: string[] = [];
    for (let n = 0; n < DESKS; n += 1) {
      const desk = await desks.add();
      open.push(desk);
      invoices.push(await desk.takeIn());
      await desk.connect();
    }
    // One that will be gone when its work is needed: others have it.
    const lost = await desks.add();
    await lost.connect();
    await Promise.all([...open, lost].map((desk) => desk.inStep()));
    await everywhere([...open, lost], invoices);
    const copy = await copyDatabase(site);
    const rounds = bug === undefined ? count : 1;
    let [gone, late, lacked] = [0, 0, 0];
    let problems: readonly string[] = [];
    for (let round = 0; round < rounds; round += 1) {
      const at = round === 0 ? [...open, lost] : open;
      await work(at, invoices, random);
      await Promise.all(at.map((desk) => desk.inStep()));
      await lost.close();
      await work(open, invoices, random);
      await copy.bringBack();
      // Written, and sent to nobody before the site is there again.
      await work(open, invoices, random);
      const held = heldBy(open);
      const before = await missing(site, held);
      lacked += before;
      const said = await startAgain(site, bug === undefined);
      for (const desk of open) await desk.station().sync.now();
      const patience = bug === undefined ? 90_000 : SHORT_PATIENCE_MS;
      const ends = await Promise.allSettled(open.map((desk) => desk.inStep(patience)));
      late += ends.filter(({ status }) => status === 'rejected').length;
      for (const end of ends) if (end.status === 'rejected') say(`WRONG   ${String(end.reason)}`);
      gone += await missing(site, held);
      ({ problems } = await readSiteLog(site));
      say(
        `back ${round + 1}: ${held.size} operations at ${open.length} stations, the copy lacked ${before} of them; ${said}`,
      );
    }
    await copy.remove();
    figures.atLeast('f11.lacked-by-the-copy', lacked, rounds);
    figures.atMost('f11.lost', gone, 0);
    figures.atMost('f11.never-in-step', late, 0);
    figures.atMost('f11.log-problems', problems.length, 0);
  } finally {
    await desks.close();
  }
}
