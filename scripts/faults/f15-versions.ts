/**
 * F15: versions that do not fit. The database of every schema that was ever released (server/store/sqlite/fixtures, written by the programs of their time) meets a
 * site of today, work goes both ways between it and a station of today, and a station of a version that is still to come writes kinds and fields that nobody here
 * knows. Nothing is lost, all end up with the same, and what came from the newer version is applied by a program that understands it.
 */
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { gzipSync } from 'node:zlib';
import Database from 'better-sqlite3';
import { unzipSync } from 'fflate';
import { CONTRACT_HEADER } from '../../core/contract/sync-http.ts';
import { CONTRACT_VERSION, OP_SCHEMA } from '../../core/contract/version.ts';
import { fieldSetOp } from '../../core/sync/drafts.ts';
import type { OpBody } from '../../core/sync/op.ts';
import { canonicalOp } from '../../core/sync/seal.ts';
import type { TestStation } from '../../server/enrol/testing-enrol.ts';
import { sha256 } from '../../server/store/audit.ts';
import { MIGRATIONS } from '../../server/store/sqlite/migrations.ts';
import { openForWriting } from '../../server/store/sqlite/open.ts';
import { connectStation, type TestStation as Pen } from '../../server/sync/hub/testing-station.ts';
import { keeping } from './broken.ts';
import { deskLog, type DeskOp, deskPlace, differences, sum } from './desk-log.ts';
import type { Fault, FaultRun } from './fault.ts';
import { canOpen, correctAt, happens, noPostgres, type Office, SITE, startOffice } from './office.ts';

const FIXTURES = join(import.meta.dirname, '..', '..', 'server', 'store', 'sqlite', 'fixtures');
const NEWER_KIND = 'parcel.tracked';
const NEWER_FIELD = 'carbonFootprint';

const released = (): string[] =>
  readdirSync(FIXTURES)
    .filter((name) => name.endsWith('.zip'))
    .toSorted();

export const fault: Fault = {
  id: 'F15',
  what: 'databases of every released schema at a site of today, and a version that is still to come',
  unit: 'old databases',
  short: released().length,
  missing: noPostgres,
  bugs: { 'migration-loses': ['lost'], 'newer-dropped': ['newer-not-kept'] },
  run: faultVersions,
};

/** Into a data folder, as that program left it. Its operations as they stand there. */
function unpack(name: string, folder: string): DeskOp[] {
  for (const [path, bytes] of Object.entries(unzipSync(readFileSync(join(FIXTURES, name))))) {
    const target = join(folder, 'own', path);
    mkdirSync(dirname(target), { recursive: true });
    writeFileSync(target, bytes);
  }
  return deskLog(folder);
}

/** The last migration of today, written so that it costs something. */
function losesOne(folder: string): void {
  const last = MIGRATIONS.length - 1;
  const migrations = MIGRATIONS.map((one, at) =>
    at === last
      ? { ...one, sql: `${one.sql}; DELETE FROM op_value WHERE op_id = (SELECT max(op_id) FROM op_value)` }
      : one,
  );
  openForWriting(join(folder, 'own', 'station.db'), new Date().toISOString(), migrations).close();
}

const isSame = (before: DeskOp, after: DeskOp | undefined): boolean =>
  after !== undefined &&
  after.devSeq === before.devSeq &&
  after.value === before.value &&
  after.hasContent === before.hasContent;

/** What an invoice looks like to a person, in every place. */
async function faces({ station: { context } }: TestStation): Promise<Map<string, string>> {
  const ids = await context.store.invoiceIds({});
  const all = await Promise.all(ids.map((id) => context.store.invoice(id)));
  return new Map(
    all.flatMap((invoice) => {
      if (invoice === undefined) return [];
      const { id, state, digest, header, lines } = invoice;
      const cells = Object.entries(header).map(([field, cell]) => [field, cell?.value]);
      return [[id, JSON.stringify({ state, digest, cells, lines: lines.length })] as const];
    }),
  );
}

async function differingFaces(desks: readonly TestStation[]): Promise<number> {
  const [first, ...others] = await Promise.all(desks.map(faces));
  if (first === undefined) return 0;
  return others.reduce(
    (count, other) =>
      count + [...first].filter(([id, face]) => other.get(id) !== face).length + Math.abs(other.size - first.size),
    0,
  );
}

const NEWER = { [CONTRACT_HEADER]: String(CONTRACT_VERSION + 90) };

function push(pen: Pen, from: number, headers: Readonly<Record<string, string>>) {
  const { device, place } = pen;
  return pen.request('/ops', {
    method: 'POST',
    body: gzipSync(JSON.stringify(device.batch(place.epoch, from))),
    headers: { 'content-type': 'application/json', 'content-encoding': 'gzip', ...headers },
  });
}

/** Kinds, fields and parts of an operation that nobody here knows, of a newer contract. */
async function writeNewer(pen: Pen, invoice: string): Promise<readonly string[]> {
  const { device } = pen;
  const from = device.ops.length + 1;
  const entity = { type: 'invoice' as const, id: invoice };
  const given = { entity, field: 'contractRef', value: 'kept verbatim', parents: [], source: 'manual' as const };
  const plain = (): ReturnType<typeof fieldSetOp> => fieldSetOp(device.author(), invoice, given);
  device.write({ ...plain(), kind: NEWER_KIND }, { ...plain(), field: NEWER_FIELD });
  // The last of them is sealed by the newer version itself: another schema, and a part more.
  const [sealed] = device.write(plain());
  if (sealed === undefined) throw new Error('nothing was written');
  const body: OpBody & { parcel: string } = { ...sealed.body, schema: OP_SCHEMA + 7, parcel: 'a part more' };
  const text = canonicalOp(body);
  device.ops.splice(-1, 1, { ...sealed, body, text, hash: sha256(text) });
  const reply = await push(pen, from, NEWER);
  if (reply.status !== 200) throw new Error(`a newer station was answered ${reply.status}: ${await reply.text()}`);
  return device.ops.slice(from - 1).map(({ body: { op_id: op } }) => op);
}

/** As an older program leaves an operation of a kind that it did not know, and this one does. */
function forget(folder: string, op: string, field: string): void {
  const db = new Database(join(folder, 'own', 'station.db'));
  try {
    db.prepare('INSERT INTO op_deferred SELECT op_id, body, NULL, received_at FROM op_log WHERE op_id = ?').run(op);
    db.prepare('DELETE FROM cell_head WHERE op_id = ?').run(op);
    db.prepare(
      `DELETE FROM superseded WHERE field = ? AND op_id IN (SELECT value FROM op_log, json_each(body, '$.parents') WHERE op_log.op_id = ?)`,
    ).run(field, op);
  } finally {
    db.close();
  }
}

interface Counted {
  lost: number;
  late: number;
  different: number;
  notKept: number;
}

/** The last of a log that is not as it should be. */
const worries = (log: string, most: number): string[] =>
  log
    .split('\n')
    .filter((line) => /"level":"(?:warn|error)"/.test(line))
    .slice(-most);

interface Meeting extends Pick<FaultRun, 'say' | 'bug'> {
  readonly office: Office;
  readonly today: TestStation;
  readonly pen: Pen;
}

/** False where the two and the site never have the same; why, as they see it. */
async function together(
  { office, today, say }: Meeting,
  { folder, station, logged }: TestStation,
  patienceMs?: number,
): Promise<boolean> {
  if (await office.inStep([folder, today.folder], patienceMs)) return true;
  const views = [await station.sync.view(), await today.station.sync.view()];
  say(`NOT IN STEP  ${JSON.stringify([deskPlace(folder), deskPlace(today.folder), ...views])}`);
  for (const line of worries(logged(), 5)) say(line);
  return false;
}

/** One old database: opened by the program of today, connected, and worked on from both sides. */
async function oneOld(meeting: Meeting, name: string, counted: Counted): Promise<TestStation> {
  const { office, today, pen, say, bug } = meeting;
  const folder = office.folder();
  const before = unpack(name, folder);
  if (bug === 'migration-loses') losesOne(folder);
  const between = bug === 'newer-dropped' ? { between: keeping(({ kind }) => kind !== NEWER_KIND) } : {};
  const desk = await office.desk({ folder, ...between });
  const opened = new Map(deskLog(folder).map((row) => [row.op, row]));
  counted.lost += before.filter((row) => !isSame(row, opened.get(row.op))).length;
  const audit = await desk.station.context.store.verifyAudit();
  counted.lost += audit.problems.length;
  if (bug !== undefined && counted.lost > 0) return desk;
  await office.connect(desk);
  const invoice = before.find(({ kind }) => kind === 'invoice.created')?.root ?? '';
  if (!(await together(meeting, desk)) || !(await canOpen(today, invoice))) {
    counted.late += 1;
    const { rows } = await office.log();
    const refused = rows.filter(({ verdict }) => verdict !== 'accepted').map(({ op, verdict }) => `${op} ${verdict}`);
    say(`${name}: ${invoice} cannot be opened elsewhere; refused: ${refused.join(', ')}`);
    return desk;
  }
  // There and back: each writes what the other has to see.
  await correctAt(today, invoice, 'contractRef', `today ${name}`);
  await correctAt(desk, invoice, 'paymentReference', `old ${name}`);
  const newer = await writeNewer(pen, invoice);
  // What is never kept is not waited for.
  if (!(await together(meeting, desk, bug === undefined ? undefined : 8_000))) counted.late += 1;
  const kept = new Map(deskLog(folder).map((row) => [row.op, row]));
  counted.notKept += newer.filter((op) => kept.get(op)?.value !== 'kept verbatim').length;
  if (bug !== undefined) return desk;
  if ((await desk.station.sync.view()).deferred < newer.length - 1) counted.notKept += 1;
  return updated(meeting, desk, invoice, counted);
}

/** What an older program did not know, the one that comes after it does. */
async function updated(meeting: Meeting, before: TestStation, invoice: string, counted: Counted): Promise<TestStation> {
  const { office, today } = meeting;
  const { folder } = before;
  const value = `late ${invoice}`;
  const late = await correctAt(today, invoice, 'vendorEmail', value);
  if (!(await together(meeting, before))) counted.late += 1;
  await office.closeDesk(before);
  forget(folder, late, 'vendorEmail');
  const desk = await office.desk({ folder });
  if (!(await together(meeting, desk))) counted.late += 1;
  const { store } = desk.station.context;
  if (!(await happens(async () => (await store.invoice(invoice))?.header.vendorEmail?.value === value)))
    counted.different += 1;
  return desk;
}

/** Below the floor of the contract: nothing is taken from it, and everything given. */
async function belowFloor({ figures }: FaultRun, pen: Pen, invoice: string): Promise<void> {
  const from = pen.device.ops.length + 1;
  pen.device.setField(invoice, 'of an old program', [], 'contractRef');
  const pushed = await push(pen, from, { [CONTRACT_HEADER]: '0' });
  const pulled = await pen.request(`/ops?after=0&epoch=${pen.place.epoch}&wait=0&limit=1000`, {
    headers: { [CONTRACT_HEADER]: '0' },
  });
  const lines = pulled.status === 200 ? (await pulled.text()).trimEnd().split('\n').length - 1 : 0;
  figures.atMost('f15.push-below-floor-not-426', pushed.status === 426 ? 0 : 1, 0);
  figures.atLeast('f15.pulled-below-floor', lines, 1);
}

async function faultVersions(run: FaultRun): Promise<void> {
  const { count, figures, say, bug } = run;
  const names = released().slice(0, bug === undefined ? count : 1);
  const office = await startOffice();
  try {
    const today = await office.desk();
    await office.connect(today);
    const { people } = office.serving;
    const pen = await connectStation({ people, person: await people.person('reviewer', SITE) });
    const counted: Counted = { lost: 0, late: 0, different: 0, notKept: 0 };
    const desks: TestStation[] = [today];
    for (const name of names) {
      desks.push(await oneOld({ office, today, pen, say, bug }, name, counted));
      say(`${name}: ${JSON.stringify(counted)}`);
    }
    const folders = desks.map(({ folder }) => folder);
    if (bug === undefined && !(await office.inStep(folders))) counted.late += 1;
    const log = await office.log();
    const unlike = bug === undefined ? folders.map((folder) => sum(differences(log.rows, deskLog(folder)))) : [];
    figures.atLeast('f15.old-databases', names.length, bug === undefined ? Math.min(count, released().length) : 1);
    figures.atMost('f15.lost', counted.lost, 0);
    figures.atMost('f15.newer-not-kept', counted.notKept, 0);
    figures.atMost('f15.never-in-step', counted.late, 0);
    // What an old program decided and wrote was right then.
    figures.atMost('f15.refused', log.rows.filter(({ verdict }) => verdict !== 'accepted').length, 0);
    figures.atMost(
      'f15.differences',
      unlike.reduce((one, two) => one + two, counted.different),
      0,
    );
    figures.atMost('f15.log-problems', log.problems.length, 0);
    if (bug !== undefined) return;
    figures.atMost('f15.seen-differently', await differingFaces(desks), 0);
    await belowFloor(run, pen, log.rows.length > 0 ? ([...(await faces(today)).keys()][0] ?? '') : '');
  } finally {
    await office.stop();
  }
}
