/**
 * F2, with a site: the station is killed (-9) while it saves, sends what it saved, and takes in what a colleague writes. What was acknowledged to the person, and
 * what the site has acknowledged to the station, is there in the end, once, under one number, on both sides.
 */
import { setTimeout as sleep } from 'node:timers/promises';
import { createArchive } from '../archive/invoices.ts';
import { ask } from '../../server/testing.ts';
import { runAudit } from '../audit-child.ts';
import { kill, stop } from '../server-child.ts';
import { brokenBy } from './broken.ts';
import { deskLog, differences, sum } from './desk-log.ts';
import type { FaultRun } from './fault.ts';
import { createLives, lifeOf, type Lives } from './lives.ts';
import { correctAt, invoiceAt, type Office, startOffice } from './office.ts';
import { keepSaving, type Save, send } from './saver.ts';
import { twice } from './site-log.ts';

const INVOICES = 4;
const COLLEAGUE_MS = 40;
/** A site is not on the same machine: most kills have to strike while something is on its way. */
const AWAY_MS = 30;

interface Written {
  readonly saves: Save[];
  /** Of the colleague: all of them were acknowledged. */
  readonly theirs: string[];
  /** Operations in the site's log when the station was killed. */
  readonly atSite: Map<string, string>;
}

type Run = FaultRun & { readonly kills: number };

async function killAndAgain(office: Office, data: string, lives: Lives, { kills, random, say }: Run): Promise<Written> {
  const written: Written = { saves: [], theirs: [], atSite: new Map() };
  const archive = createArchive(random.integer(1, 1_000));
  const colleague = await office.desk();
  await office.connect(colleague);
  const theirInvoice = await invoiceAt(colleague, archive);
  await lives.first();
  for (let n = 1; n <= kills; n += 1) {
    const child = await lives.begin();
    const over = new AbortController();
    const life = lifeOf(child, random);
    const colleagueWrites = async (): Promise<void> => {
      while (!over.signal.aborted) {
        written.theirs.push(await correctAt(colleague, theirInvoice, 'poNumber', `c${random.next()}`));
        await sleep(COLLEAGUE_MS);
      }
    };
    const work = Promise.all([keepSaving(child, { saves: written.saves, random }, over.signal), colleagueWrites()]);
    // Told where it is waited for.
    work.catch(() => undefined);
    await sleep(life);
    await kill(child);
    over.abort();
    await work;
    const { rows } = await office.log();
    for (const { op, siteHash } of rows) written.atSite.set(op, siteHash);
    say(
      `kill ${n} of ${kills} after ${life} ms (started in ${Math.round(child.startMs)} ms): ${written.saves.length} saves, ${rows.length} operations at the site`,
    );
  }
  const child = await lives.begin();
  for (const save of written.saves) if (!save.acknowledged) await send(child, save);
  const isInStep = await office.inStep([data, colleague.folder]);
  say(
    `in step with the site: ${isInStep ? 'yes' : `NO: ${(await ask(child, '/api/v1/sync')).bytes.toString('utf8')}`}`,
  );
  await stop(child);
  return written;
}

export async function killedInStep(run: Run): Promise<void> {
  const { figures, random, say, bug } = run;
  const office = await startOffice();
  const data = office.folder();
  const lives = createLives({ data, threads: 1, ...brokenBy(bug) });
  try {
    const desk = await office.desk({ folder: data });
    await office.connect(desk);
    const archive = createArchive(random.integer(1_001, 2_000));
    for (let n = 0; n < INVOICES; n += 1) await invoiceAt(desk, archive);
    await office.inStep([data]);
    await office.closeDesk(desk);
    office.front.turn({ kind: 'slow', ms: AWAY_MS });
    const { saves, theirs, atSite } = await killAndAgain(office, data, lives, run);
    const log = await office.log();
    const mine = deskLog(data);
    const here = new Set(mine.filter(({ seq }) => seq !== null).map(({ op }) => op));
    const ours = saves.filter((save) => save.acknowledged).map(({ opId }) => opId);
    const acknowledged = [...ours, ...theirs];
    const audit = await runAudit(data);
    say(`${acknowledged.length} acknowledged saves, ${log.rows.length} operations at the site; ${audit.text.trim()}`);
    const isChanged = ([op, hash]: [string, string]): boolean => log.byOp.get(op)?.siteHash !== hash;
    figures.atLeast('f2.site-saves-acknowledged', ours.length, run.kills);
    figures.atMost('f2.site-saves-lost', acknowledged.filter((op) => !log.byOp.has(op) || !here.has(op)).length, 0);
    figures.atMost('f2.site-saves-twice', twice(log, new Set(saves.map(({ value }) => value))), 0);
    figures.atMost('f2.site-acknowledged-changed', [...atSite].filter(isChanged).length, 0);
    figures.atMost('f2.site-log-problems', log.problems.length, 0);
    figures.atMost('f2.site-differences', sum(differences(log.rows, mine)), 0);
    figures.atMost('f2.site-audit-problems', audit.ok ? 0 : 1, 0);
    figures.atMost('f2.site-slowest-start-seconds', lives.slowestStart(), 2);
  } finally {
    await lives.over();
    await office.stop();
  }
}
