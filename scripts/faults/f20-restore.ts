/** F20: a backup is made by pg_dump while people work, the database is wiped and brought back from it, and the site is told so by its own command. */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type { TestStation } from '../../server/enrol/testing-enrol.ts';
import { withClient } from '../../server/store/postgres/clients.ts';
import { createArchive } from '../archive/invoices.ts';
import type { Random } from '../random.ts';
import { run as runProgram } from '../site/children.ts';
import { POSTGRES } from '../site/tools.ts';
import { deskLog, type Differences, differences } from './desk-log.ts';
import type { Fault, FaultRun } from './fault.ts';
import { canOpen, correctAt, happens, invoiceAt, type Office, siteCommand, startOffice } from './office.ts';

const DESKS = 3;
const SAVES = 6;
const FIELDS = ['poNumber', 'contractRef', 'buyerReference'] as const;
const PATIENCE_MS = 60_000;

const program = (name: string): string => join(POSTGRES, 'bin', name);

export const fault: Fault = {
  id: 'F20',
  what: 'a backup made under load, the database wiped and brought back',
  unit: 'restores',
  short: 1,
  missing: () => (existsSync(program('pg_dump')) ? undefined : `there is no ${program('pg_dump')}`),
  bugs: { 'nobody-tells-the-site': ['lost', 'not-at-every-station'] },
  run: faultRestore,
};

async function work(desks: readonly TestStation[], invoices: readonly string[], random: Random): Promise<void> {
  for (let n = 0; n < SAVES; n += 1)
    await Promise.all(
      desks.map((desk) => correctAt(desk, random.pick(invoices), random.pick(FIELDS), `V-${random.integer(1, 1e9)}`)),
    );
}

/** Nothing of it is left in between. */
async function wipeAndBringBack({ database }: Office, dump: string): Promise<void> {
  const url = new URL(database.superUrl);
  const name = url.pathname.slice(1);
  url.pathname = '/postgres';
  await withClient({ connectionString: url.href }, async (client) => {
    await client.query(`DROP DATABASE ${name} WITH (FORCE)`);
  });
  await runProgram(program('pg_restore'), ['--create', '--exit-on-error', '-d', url.href, dump]);
}

/** Between the site and each station, together. */
async function compare(office: Office, folders: readonly string[]): Promise<Differences> {
  const { rows } = await office.log();
  const all = folders.map((folder) => differences(rows, deskLog(folder)));
  const of = (name: keyof Differences): number => all.reduce((sum, one) => sum + one[name], 0);
  return { missing: of('missing'), unsent: of('unsent'), other: of('other') };
}

interface Scene {
  readonly office: Office;
  readonly folders: readonly string[];
  readonly desks: readonly TestStation[];
  readonly invoices: readonly string[];
}

async function prepare(office: Office, random: Random): Promise<Scene> {
  const archive = createArchive(random.integer(1, 1_000_000));
  const folders = Array.from({ length: DESKS }, () => office.folder());
  const desks = await Promise.all(folders.map((folder) => office.desk({ folder })));
  const invoices: string[] = [];
  for (const desk of desks) {
    invoices.push(await invoiceAt(desk, archive));
    await office.connect(desk);
  }
  for (const desk of desks)
    for (const id of invoices)
      if (!(await happens(() => canOpen(desk, id), PATIENCE_MS)))
        throw new Error('an invoice does not come to every desk');
  return { office, folders, desks, invoices };
}

async function faultRestore({ count, random, figures, say, bug }: FaultRun): Promise<void> {
  const office = await startOffice(POSTGRES);
  try {
    const { folders, desks, invoices } = await prepare(office, random);
    const dump = join(office.folder(), 'site.dump');
    let [lost, apart, other, late, lacked] = [0, 0, 0, 0, 0];
    for (let round = 0; round < count; round += 1) {
      const working = work(desks, invoices, random);
      await runProgram(program('pg_dump'), ['-Fc', '--create', '-f', dump, office.database.superUrl]);
      await working;
      await work(desks, invoices, random);
      await office.inStep(folders, PATIENCE_MS);
      await work(desks, invoices, random);
      let missing = 0;
      await office.whileStopped(async () => {
        await wipeAndBringBack(office, dump);
        missing = (await compare(office, folders)).unsent;
        if (bug === undefined) say(await siteCommand(office, 'restored'));
      });
      for (const desk of desks) await desk.station.sync.now();
      if (!(await office.inStep(folders, PATIENCE_MS))) late += 1;
      const sets = await compare(office, folders);
      lost += sets.unsent;
      apart += sets.missing;
      other += sets.other;
      lacked += missing;
      say(`restore ${round + 1}: the backup lacked ${missing} operations, ${sets.unsent} are missing in the end`);
    }
    figures.atLeast('f20.lacked-by-the-backup', lacked, 1);
    figures.atMost('f20.lost', lost, 0);
    figures.atMost('f20.not-at-every-station', apart, 0);
    figures.atMost('f20.otherwise-at-a-station', other, 0);
    figures.atMost('f20.never-in-step', late, 0);
    figures.atMost('f20.log-problems', (await office.log()).problems.length, 0);
  } finally {
    await office.stop();
  }
}
