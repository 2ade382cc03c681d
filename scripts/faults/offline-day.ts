/**
 * A day's work without a network: five reviewers who know the same 300 invoices correct, confirm and hold for eight hours each at a station of their own, a fifth of it
 * in the same fields as somebody else; then all go online at once. `offline-day.ts [--invoices 300] [--deeds 60] [--seed N]` prints how long it takes until all have
 * everything, whether every conflict is listed on every desk, and that nothing that is in conflict or was refused got further.
 */
import { parseArgs } from 'node:util';
import { api } from '../../core/contract/http.ts';
import { isOpen } from '../../core/invoice/transitions.ts';
import type { TestStation } from '../../server/enrol/testing-enrol.ts';
import { createArchive } from '../archive/invoices.ts';
import { createFigures, type Figures } from '../figure.ts';
import { createRandom, type Random } from '../random.ts';
import { deskLog, deskPlace, differences, sum } from './desk-log.ts';
import { canOpen, correctAt, happens, type HeaderField, invoiceAt, type Office, startOffice } from './office.ts';

const REVIEWERS = 5;
/** The fields that a reviewer corrects, and the few in which several do the same. */
const OWN: readonly HeaderField[] = ['poNumber', 'buyerReference', 'contractRef', 'paymentReference', 'vendorEmail'];
const SHARED: HeaderField = 'invoiceNumber';
const SHARED_PART = 0.2;
const DECISIONS_PART = 0.15;
const SHARED_INVOICES = 20;
const MUST_MS = 10_000;
const MORNING_MS = 600_000;

interface Day {
  readonly acknowledged: Set<string>;
  /** `<invoice>/<field>` -> distinct values that reviewers gave it without seeing each other. */
  readonly values: Map<string, Set<string>>;
  decisions: number;
  refusedHere: number;
}

async function decide({ station: { context } }: TestStation, id: string, random: Random): Promise<boolean> {
  const { digest } = await context.model.invoice(id);
  const to = random.next() < 0.6 ? 'confirmed' : 'on_hold';
  try {
    await context.review.transition(id, { opId: context.newId(), to, digest, reason: 'as the day went' });
    return true;
  } catch {
    // Findings stand in its way, or it was decided before.
    return false;
  }
}

/** Whoever corrects what was confirmed or put aside at this desk opens it again before. */
async function opened({ station: { context } }: TestStation, id: string): Promise<void> {
  const { digest, state } = await context.model.invoice(id);
  if (isOpen(state)) return;
  await context.review.transition(id, { opId: context.newId(), to: 'received', digest, reason: 'one more look' });
}

async function work(desk: TestStation, at: number, ids: readonly string[], deeds: number, random: Random, day: Day) {
  for (let n = 0; n < deeds; n += 1) {
    if (random.next() < DECISIONS_PART) {
      if (await decide(desk, random.pick(ids), random)) day.decisions += 1;
      else day.refusedHere += 1;
      continue;
    }
    const isShared = random.next() < SHARED_PART;
    const id = isShared
      ? (ids[random.integer(0, Math.min(SHARED_INVOICES, ids.length) - 1)] ?? '')
      : (ids[(n * REVIEWERS + at) % ids.length] ?? '');
    const field = isShared ? SHARED : (OWN[at] ?? 'poNumber');
    const value = `R${at}-${n}`;
    await opened(desk, id);
    day.acknowledged.add(await correctAt(desk, id, field, value));
    const cell = `${id}/${field}`;
    // The last of each reviewer stands: the earlier ones that author had before the eyes.
    const others = [...(day.values.get(cell) ?? [])].filter((one) => !one.startsWith(`R${at}-`));
    day.values.set(cell, new Set([...others, value]));
  }
}

/** Cells in conflict, as this desk shows them. */
async function conflictsAt({ station: { context } }: TestStation): Promise<Set<string>> {
  const found = new Set<string>();
  for (const id of await context.store.invoiceIds({})) {
    const invoice = await context.store.invoice(id);
    for (const [field, cell] of Object.entries(invoice?.header ?? {}))
      if ((cell?.conflict?.length ?? 0) > 1) found.add(`${id}/${field}`);
  }
  return found;
}

const total = (numbers: readonly number[]): number => numbers.reduce((one, two) => one + two, 0);
const print = (line: string): void => void process.stdout.write(`${line}\n`);

interface Options {
  readonly invoices: number;
  readonly deeds: number;
  readonly random: Random;
  readonly figures: Figures;
  readonly say: (line: string) => void;
}

async function morning(
  office: Office,
  { invoices, random, say }: Options,
): Promise<{ desks: TestStation[]; ids: string[] }> {
  const desks: TestStation[] = [];
  for (let at = 0; at < REVIEWERS; at += 1) {
    const desk = await office.desk();
    await office.connect(desk);
    desks.push(desk);
  }
  const archive = createArchive(random.integer(1, 1_000));
  const ids: string[] = [];
  const [first] = desks;
  if (first === undefined) throw new Error('there is nobody');
  while (ids.length < invoices) ids.push(await invoiceAt(first, archive));
  say(`${desks.length} stations connected, ${ids.length} invoices taken in`);
  const folders = desks.map(({ folder }) => folder);
  const inStep = async (): Promise<void> => {
    if (!(await office.inStep(folders, MORNING_MS)))
      throw new Error(`not in step in the morning: ${JSON.stringify(folders.map(deskPlace))}`);
  };
  await inStep();
  const isHere = async (): Promise<boolean> =>
    (await Promise.all(desks.map(({ station }) => station.sync.view()))).every(
      ({ waiting }) => waiting.downloads + waiting.uploads === 0,
    );
  // A reading that its station has not sent yet counts as nobody's work: whoever corrects has to have it.
  for (const desk of desks)
    for (const id of ids)
      if (!(await canOpen(desk, id, MORNING_MS))) throw new Error(`the reading of ${id} has not come in the morning`);
  if (!(await happens(isHere, MORNING_MS))) throw new Error('documents are still on their way in the morning');
  await inStep();
  return { desks, ids };
}

export async function offlineDay(options: Options): Promise<void> {
  const { deeds, random, figures, say } = options;
  const office = await startOffice();
  try {
    const { desks, ids } = await morning(office, options);
    const folders = desks.map(({ folder }) => folder);
    say(`${desks.length} reviewers have the same ${ids.length} invoices`);
    office.front.turn({ kind: 'refused' });
    const before = (await office.log()).rows.length;
    const day: Day = { acknowledged: new Set(), values: new Map(), decisions: 0, refusedHere: 0 };
    for (const [at, desk] of desks.entries()) await work(desk, at, ids, deeds, random, day);
    const due = [...day.values].filter(([, values]) => values.size > 1).map(([cell]) => cell);
    say(
      `offline: ${day.acknowledged.size} corrections, ${day.decisions} decisions (${day.refusedHere} refused at the desk), ${due.length} fields in which several differ`,
    );
    const cpu = process.cpuUsage();
    const from = performance.now();
    office.front.turn({ kind: 'fair' });
    await Promise.all(desks.map(({ station }) => station.sync.now()));
    const isInStep = await office.inStep(folders, 300_000);
    const ms = performance.now() - from;
    const used = process.cpuUsage(cpu);
    say(
      `online: in step after ${(ms / 1_000).toFixed(1)} s, ${((used.user + used.system) / 1e6).toFixed(1)} s of processor for site and stations together`,
    );
    const log = await office.log();
    say(`${log.rows.length - before} operations more at the site`);
    const shown = await Promise.all(desks.map(conflictsAt));
    const unlike = shown.map(
      (found) =>
        due.filter((cell) => !found.has(cell)).length + [...found].filter((cell) => !due.includes(cell)).length,
    );
    const listed = await Promise.all(desks.map(async ({ station }) => (await station.sync.view()).conflicts.cells));
    const differing = folders.map((folder) => sum(differences(log.rows, deskLog(folder))));
    figures.atMost('offline-day.synced-seconds', isInStep ? ms / 1_000 : 300, MUST_MS / 1_000);
    figures.atMost(
      'offline-day.lost',
      [...day.acknowledged].filter((op) => log.byOp.get(op)?.verdict !== 'accepted').length,
      0,
    );
    figures.atMost('offline-day.differences', total(differing), 0);
    figures.atLeast('offline-day.conflicts', due.length, 1);
    figures.atMost('offline-day.conflicts-not-listed', total(unlike), 0);
    figures.atMost('offline-day.conflicts-miscounted', listed.filter((count) => count !== due.length).length, 0);
    const exported = await exportTwice(office);
    const blocked = new Set(due.map((cell) => cell.split('/')[0] ?? ''));
    figures.atLeast('offline-day.exported', exported.size, 1);
    figures.atMost('offline-day.exported-twice', [...exported.values()].filter((times) => times > 1).length, 0);
    figures.atMost('offline-day.exported-in-conflict', [...exported.keys()].filter((id) => blocked.has(id)).length, 0);
    figures.atMost('offline-day.log-problems', log.problems.length, 0);
  } finally {
    await office.stop();
  }
}

/** Everything that the site lets out, asked for twice: how often each invoice was among it. */
async function exportTwice(office: Office): Promise<Map<string, number>> {
  const { people } = office.serving;
  const boss = await people.person('admin', 'main');
  const { access } = await people.signIn(boss);
  const seen = new Map<string, number>();
  for (let times = 0; times < 2; times += 1) {
    const batchId = crypto.randomUUID();
    const reply = await people.request('/api/v1/exports', access, { json: { format: 'csv', batchId, dryRun: false } });
    // 409: there is nothing that may be exported.
    if (reply.status === 409) continue;
    if (reply.status !== 200) throw new Error(`an export was answered ${reply.status}: ${await reply.text()}`);
    const { batch } = api.createExport.reply.parse(await reply.json());
    for (const id of batch?.invoices ?? []) seen.set(id, (seen.get(id) ?? 0) + 1);
  }
  return seen;
}

if (import.meta.main) {
  const { values } = parseArgs({
    options: {
      invoices: { type: 'string', default: '300' },
      deeds: { type: 'string', default: '60' },
      seed: { type: 'string', default: '1' },
    },
  });
  const figures = createFigures(print);
  print(`seed ${values.seed}`);
  const random = createRandom(Number(values.seed));
  await offlineDay({ invoices: Number(values.invoices), deeds: Number(values.deeds), random, figures, say: print });
  process.exitCode = figures.ok() ? 0 : 1;
}
