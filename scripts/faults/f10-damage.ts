/**
 * F10: bytes of a station's database or of a kept document change by themselves. The damage is noticed, what is saved holds every operation whose bytes are still
 * there, and the station goes on with its site: what the site had not got arrives there, once.
 */
import { createHash, randomBytes } from 'node:crypto';
import { cpSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import Database from 'better-sqlite3';
import { AppError } from '../../core/contract/errors.ts';
import { createArchive } from '../archive/invoices.ts';
import { configFor } from '../../server/cli/open.ts';
import { rebuildDatabase } from '../../server/cli/rebuild-database.ts';
import { salvageCommandLine } from '../../server/cli/salvage.ts';
import type { Surroundings } from '../../server/cli/command.ts';
import type { Person } from '../../server/access/testing-people.ts';
import { auditSqlite } from '../../server/store/sqlite/create.ts';
import { salvageSqlite } from '../../server/store/sqlite/salvage.ts';
import type { Random } from '../random.ts';
import { deskBodies, deskLog, deskPlace, type DeskOp, differences, sum } from './desk-log.ts';
import type { Fault, FaultRun } from './fault.ts';
import { correctAt, happens, invoiceAt, noPostgres, type Office, SITE, startOffice } from './office.ts';
import { type SiteLog, twice } from './site-log.ts';

const INVOICES = 6;
const UNSENT = 5;
/** One round in so many goes on with the site, and one harms a document in place of the database. */
const WITH_SITE = 10;
const OF_BLOBS = 6;

export const fault: Fault = {
  id: 'F10',
  what: 'bytes of the database or of a document change by themselves',
  unit: 'damages',
  short: 60,
  missing: noPostgres,
  bugs: {
    'salvage-loses': ['provable-lost'],
    'former-device-forgotten': ['apart-from-site'],
    'bytes-not-looked-at': ['wrong-bytes-given'],
  },
  run: faultDamage,
};

interface Desk {
  readonly office: Office;
  readonly who: Person;
  readonly data: string;
  /** As it was before anything was harmed. */
  readonly base: string;
  readonly database: string;
}

/** What only this station has: it was written while the site was away. */
interface Unsent {
  readonly values: ReadonlySet<string>;
  readonly ops: readonly DeskOp[];
  readonly bodies: ReadonlyMap<string, string>;
}

interface Counted {
  unnoticed: number;
  /** Operations whose bytes were still there, over all damages. */
  provable: number;
  lost: number;
  changed: number;
  apart: number;
  twice: number;
  salvaged: number;
  newDevices: number;
  blobs: number;
  wrongBytes: number;
  notHealed: number;
}

/** New work on top of what the site has, which it does not get; the station is closed then. */
async function workUnsent(desk: Desk, round: number): Promise<Unsent> {
  const { office, data, base } = desk;
  office.front.turn({ kind: 'refused' });
  const open = await office.desk({ folder: data });
  const ids = await open.station.context.store.invoiceIds({});
  const values = new Set<string>();
  for (let n = 0; n < UNSENT; n += 1) {
    const value = `unsent ${round} ${n}`;
    values.add(value);
    await correctAt(open, ids[n % ids.length] ?? '', n % 2 === 0 ? 'poNumber' : 'contractRef', value);
  }
  await office.closeDesk(open);
  rmSync(base, { recursive: true, force: true });
  cpSync(data, base, { recursive: true });
  return { values, ops: deskLog(data), bodies: deskBodies(data) };
}

const PAGE = 4_096;

/** An end that is missing, a page of zeros, or up to eight times 64 other bytes. */
function harm(bytes: Buffer, random: Random): Buffer {
  const kind = random.next();
  if (kind < 0.15) return bytes.subarray(0, Math.floor(bytes.length * (0.5 + random.next() / 2)));
  const harmed = Buffer.from(bytes);
  if (kind < 0.4) {
    const at = PAGE * random.integer(0, Math.floor(bytes.length / PAGE) - 1);
    return harmed.fill(0, at, at + PAGE);
  }
  for (let times = random.integer(1, 8); times > 0; times -= 1) {
    const at = random.integer(0, Math.max(0, harmed.length - 64));
    for (let n = at; n < Math.min(at + 64, harmed.length); n += 1) harmed[n] = random.integer(0, 255);
  }
  return harmed;
}

/** Operations whose bytes stand in the file as they were: those that can be proved. */
const provable = (file: Buffer, { bodies }: Unsent): string[] =>
  [...bodies].filter(([, body]) => file.includes(body)).map(([op]) => op);

async function isNoticed(database: string): Promise<boolean> {
  try {
    return (await auditSqlite(database)).problems.length > 0;
  } catch {
    return true;
  }
}

/** Errors of a salvage, planted where it makes the rows of the new database. */
const PLANTED: Readonly<Record<string, string>> = {
  'salvage-loses': 'DELETE FROM op_log WHERE local_seq > (SELECT max(local_seq) * 3 / 4 FROM op_log)',
  'former-device-forgotten': 'DELETE FROM device_former',
};

/** As a person does it whom the station has told of the damage; false where none was found. */
async function salvage({ data, database }: Desk, bug: string | undefined): Promise<boolean> {
  let said = '';
  const around: Surroundings = {
    env: {},
    cwd: data,
    out: (text) => void (said += text),
    say: (line) => void (said += `${line}\n`),
    signal: new AbortController().signal,
  };
  const planted = PLANTED[bug ?? ''];
  if (planted !== undefined) {
    const rebuild = async (path: string): Promise<void> => {
      await rebuildDatabase(configFor(around, { data }), path, around);
      const db = new Database(path);
      db.pragma('foreign_keys = OFF');
      db.exec(planted);
      db.close();
    };
    const now = new Date().toISOString();
    const done = await salvageSqlite({ path: database, now, random: randomBytes, sizeOf: () => 1, rebuild });
    return done.kind !== 'healthy';
  }
  await salvageCommandLine.run(['--data', data], around);
  return !said.startsWith('No damage');
}

/** Whether operations are there, with what they say, as they were. */
function missing(ops: readonly string[], unsent: Unsent, here: readonly DeskOp[]): { lost: number; changed: number } {
  const found = new Map(here.map((row) => [row.op, row]));
  const before = new Map(unsent.ops.map((row) => [row.op, row]));
  const isChanged = (op: string): boolean => {
    const now = found.get(op);
    return now?.hasContent === true && now.value !== before.get(op)?.value;
  };
  return { lost: ops.filter((op) => !found.has(op)).length, changed: ops.filter(isChanged).length };
}

const saidIn = ({ rows }: SiteLog): Set<string> => new Set(rows.map(({ value }) => value));

async function goOn(
  desk: Desk,
  unsent: Unsent,
  proved: readonly string[],
  counted: Counted,
  patienceMs: number,
): Promise<void> {
  const { office, data, who } = desk;
  office.front.turn({ kind: 'fair' });
  const open = await office.desk({ folder: data });
  const state = open.station.site.link.state();
  if (!state.enrolled || state.trouble !== null) {
    counted.newDevices += 1;
    await office.connect(open, who);
  }
  const held = new Set(proved);
  const due = unsent.ops.filter(({ op, value }) => held.has(op) && value !== null && unsent.values.has(value));
  // A new device writes the work of the one before again once it has seen all of the log: until then it looks as if nothing were to be done.
  await happens(async () => {
    const said = saidIn(await office.log());
    return due.every(({ value }) => said.has(value ?? ''));
  }, patienceMs);
  if (!(await office.inStep([data], patienceMs))) counted.apart += 1;
  await office.closeDesk(open);
  const log = await office.log();
  const here = deskLog(data);
  const numbered = here.filter(({ seq }) => seq !== null);
  counted.apart += sum(differences(log.rows, numbered)) + log.problems.length;
  const said = saidIn(log);
  counted.lost += due.filter(({ value }) => !said.has(value ?? '')).length;
  counted.twice += twice(log, unsent.values);
}

async function harmDatabase(
  desk: Desk,
  unsent: Unsent,
  { random, bug }: FaultRun,
  counted: Counted,
): Promise<string[]> {
  const { database } = desk;
  const harmed = harm(readFileSync(database), random);
  writeFileSync(database, harmed);
  const proved = provable(harmed, unsent);
  counted.provable += proved.length;
  const isTold = await isNoticed(database);
  const isSalvaged = await salvage(desk, bug);
  if (isSalvaged) counted.salvaged += 1;
  const here = deskLog(desk.data);
  const { lost, changed } = missing(proved, unsent, here);
  counted.lost += lost;
  counted.changed += changed;
  const whole = missing([...unsent.bodies.keys()], unsent, here);
  if (!isTold && !isSalvaged && whole.lost + whole.changed > 0) counted.unnoticed += 1;
  return proved;
}

const blobsOf = (data: string): string[] => {
  const folder = join(data, 'own', 'blobs');
  return readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((name) => /(?:^|\/)[0-9a-f]{64}$/.test(name))
    .map((name) => join(folder, name));
};

/** A document or a reading that the site has, too: whoever asks for it gets what its name says, or is told. */
async function harmBlob({ office, data }: Desk, { random, bug }: FaultRun, counted: Counted): Promise<void> {
  const file = random.pick(blobsOf(data));
  const bytes = readFileSync(file);
  const at = random.integer(0, bytes.length - 1);
  bytes[at] = (bytes[at] ?? 0) ^ 0xff;
  writeFileSync(file, bytes);
  counted.blobs += 1;
  office.front.turn({ kind: 'fair' });
  const desk = await office.desk({ folder: data });
  try {
    const sha256 = basename(file);
    const { blobs } = desk.station.context;
    await happens(async () => (await desk.station.sync.view()).heardAt !== null, 10_000);
    const read = async (): Promise<Buffer> => {
      if (bug === 'bytes-not-looked-at') return readFileSync(file);
      const parts: Uint8Array[] = [];
      for await (const part of await blobs.read(sha256)) parts.push(part as Uint8Array);
      return Buffer.concat(parts);
    };
    const isRight = (got: Uint8Array): boolean => createHash('sha256').update(got).digest('hex') === sha256;
    const isHealed = await happens(async () => {
      try {
        if (isRight(await read())) return true;
        counted.wrongBytes += 1;
      } catch (error) {
        if (!(error instanceof AppError)) throw error;
      }
      return counted.wrongBytes > 0;
    }, 20_000);
    if (!isHealed || counted.wrongBytes > 0) counted.notHealed += 1;
  } finally {
    await office.closeDesk(desk);
  }
}

async function faultDamage(run: FaultRun): Promise<void> {
  const { count, random, figures, say, bug } = run;
  const office = await startOffice();
  try {
    const data = office.folder();
    const who = await office.serving.people.person('reviewer', SITE);
    const desk: Desk = {
      office,
      who,
      data,
      base: join(office.folder(), 'base'),
      database: join(data, 'own', 'station.db'),
    };
    const first = await office.desk({ folder: data });
    await office.connect(first, who);
    const archive = createArchive(random.integer(1, 1_000));
    for (let n = 0; n < INVOICES; n += 1) await invoiceAt(first, archive);
    if (!(await office.inStep([data], 120_000)))
      throw new Error(
        `never in step before anything was harmed: ${JSON.stringify([deskPlace(data), await first.station.sync.view()])}`,
      );
    const isSent = async (): Promise<boolean> => (await first.station.sync.view()).waiting.uploads === 0;
    if (!(await happens(isSent, 120_000)))
      throw new Error('the site never had all documents before anything was harmed');
    await office.closeDesk(first);
    const counted: Counted = {
      unnoticed: 0,
      provable: 0,
      lost: 0,
      changed: 0,
      apart: 0,
      twice: 0,
      salvaged: 0,
      newDevices: 0,
      blobs: 0,
      wrongBytes: 0,
      notHealed: 0,
    };
    let unsent = await workUnsent(desk, 0);
    const restore = (): void => {
      rmSync(data, { recursive: true, force: true });
      cpSync(desk.base, data, { recursive: true });
    };
    for (let n = 1; n <= count; n += 1) {
      restore();
      if (bug === 'bytes-not-looked-at' || (bug === undefined && n % OF_BLOBS === 0)) {
        await harmBlob(desk, run, counted);
        // Nobody can work with what is wrong still.
        if (counted.wrongBytes + counted.notHealed > 0) break;
        // What was waiting has been sent.
        unsent = await workUnsent(desk, n);
      } else {
        const proved = await harmDatabase(desk, unsent, run, counted);
        if (bug === undefined ? n % WITH_SITE === 1 : bug === 'former-device-forgotten') {
          await goOn(desk, unsent, proved, counted, bug === undefined ? 90_000 : 20_000);
          if (bug === undefined) unsent = await workUnsent(desk, n);
        }
      }
      if (bug !== undefined && counted.lost + counted.apart + counted.wrongBytes > 0) break;
      // The site has by now what was not sent.
      if (bug === 'former-device-forgotten') unsent = await workUnsent(desk, n);
    }
    say(
      `${count} damages, ${counted.blobs} of them of documents; ${counted.salvaged} databases salvaged, ${counted.newDevices} went on as another device`,
    );
    figures.atMost('f10.unnoticed', counted.unnoticed, 0);
    // It is no proof if there was nothing to be lost.
    if (bug === undefined) figures.atLeast('f10.provable', counted.provable, count);
    figures.atMost('f10.provable-lost', counted.lost, 0);
    figures.atMost('f10.changed', counted.changed, 0);
    figures.atMost('f10.apart-from-site', counted.apart, 0);
    figures.atMost('f10.sent-twice', counted.twice, 0);
    figures.atMost('f10.wrong-bytes-given', counted.wrongBytes, 0);
    figures.atMost('f10.documents-not-fetched-again', counted.notHealed, 0);
  } finally {
    await office.stop();
  }
}
