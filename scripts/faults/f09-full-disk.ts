/**
 * F9: a station whose data folder lies on a small disk of its own, which fills up while somebody takes documents in, saves, syncs and makes a copy. What was
 * acknowledged is there, what was not is refused with a sentence that says why, and once there is room it goes on without being started again.
 */
import { spawnSync } from 'node:child_process';
import { closeSync, ftruncateSync, mkdtempSync, openSync, rmSync, writeSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { setTimeout as sleep } from 'node:timers/promises';
import { AppError } from '../../core/contract/errors.ts';
import type { TestStation } from '../../server/enrol/testing-enrol.ts';
import { openLogFile } from '../../server/log-file.ts';
import type { OpenStore } from '../../server/open-store.ts';
import { invoicePdf } from '../../server/testing.ts';
import { type Archive, createArchive } from '../archive/invoices.ts';
import type { Random } from '../random.ts';
import { over } from './broken.ts';
import { deskLog, differences, sum } from './desk-log.ts';
import type { Fault, FaultRun } from './fault.ts';
import { canOpen, correctAt, happens, invoiceAt, noPostgres, type Office, startOffice } from './office.ts';

const DISK_MB = 48;
const LONG = 'x'.repeat(2_000);
const CHUNK = Buffer.alloc(64 * 1024, 1);
const DEEDS = ['save', 'import', 'pull', 'copy', 'download'] as const;
type Deed = (typeof DEEDS)[number];
/** What is fetched while others work, and tried again, is not told at once. */
const TOLD_MS = 20_000;
/** Longer than a job that failed is tried again. */
const UNREAD_MS = 8_000;

function mounted(folder: string): boolean {
  return spawnSync('mount', ['-t', 'tmpfs', '-o', `size=${DISK_MB}m`, 'ap-faults', folder]).status === 0;
}

/** Small disks are made by root, on Linux. */
function noDisk(): string | undefined {
  if (process.platform !== 'linux') return 'a disk of memory (tmpfs) is made on Linux only';
  const folder = mkdtempSync(join(tmpdir(), 'ap-full-'));
  const isMounted = mounted(folder);
  if (isMounted) spawnSync('umount', ['-l', folder]);
  rmSync(folder, { recursive: true });
  return isMounted ? noPostgres() : 'a disk of memory (tmpfs) may not be mounted here: it takes root';
}

export const fault: Fault = {
  id: 'F9',
  what: 'the disk is full while documents are taken in, fields saved, pages of the log and documents fetched, copies made',
  unit: 'times',
  short: 20,
  missing: noDisk,
  bugs: { 'full-is-fine': ['acknowledged-lost'] },
  run: faultFullDisk,
};

interface Disk {
  readonly folder: string;
  /** Leaves so many bytes. */
  fill(left: number): void;
  free(): void;
}

function createDisk(folder: string): Disk {
  const ballast = join(folder, 'ballast');
  const free = (): void => rmSync(ballast, { force: true });
  return {
    folder,
    free,
    fill(left) {
      const file = openSync(ballast, 'w');
      try {
        let size = 0;
        for (;;) {
          try {
            size += writeSync(file, CHUNK);
          } catch {
            break;
          }
        }
        ftruncateSync(file, Math.max(0, size - left));
      } finally {
        closeSync(file);
      }
    },
  };
}

interface Counted {
  refused: number;
  unclear: number;
  /** Nothing on the screen said why a document did not come. */
  untold: number;
  stuck: number;
  readonly acknowledged: string[];
  readonly said: string[];
}

/** A sentence that says what to do, under a code that a program can tell. */
const isClear = (error: unknown): boolean =>
  error instanceof AppError &&
  error.code === 'storage' &&
  error.details['reason'] === 'disk-full' &&
  /free some/i.test(error.message);

const isTold = async ({ station }: TestStation): Promise<boolean> =>
  (await station.sync.view()).attention.includes('disk-full');

interface Bench {
  readonly office: Office;
  readonly disk: Disk;
  readonly desk: TestStation;
  readonly colleague: TestStation;
  readonly mine: string;
  readonly theirs: string;
  readonly archive: Archive;
  /** Invoices of documents that were taken in on the small disk: each is read in the end. */
  readonly taken: string[];
}

interface Round {
  readonly bench: Bench;
  readonly n: number;
  readonly random: Random;
}

/** What may fail while the disk is full; the ids of the operations that were acknowledged. */
const DOING: Readonly<Record<Deed, (round: Round) => Promise<readonly string[]>>> = {
  save: async ({ bench: { desk, mine }, n }) => [await correctAt(desk, mine, 'poNumber', `saved ${n} ${LONG}`)],
  async import({ bench: { desk, taken }, n }) {
    const { intake, store } = desk.station.context;
    const bytes = await invoicePdf({ number: `FULL-${n}`, pages: 3 });
    const arrived = await intake.keep(`full ${n}.pdf`, Readable.from([bytes]));
    // Of a file that was not kept a program is told the code, a person the sentence.
    if (arrived.kind === 'refused')
      throw new AppError('storage', arrived.detail, { reason: arrived.reason === 'storage' ? 'disk-full' : 'other' });
    const [result] = await intake.take([arrived], 'upload');
    if (result?.kind !== 'accepted') throw new Error(`not accepted: ${JSON.stringify(result)}`);
    taken.push(...result.invoices);
    return (await store.opsOf(result.invoices[0] ?? '')).map(({ body }) => body.op_id);
  },
  async copy({ bench: { desk, disk } }) {
    const target = join(disk.folder, 'copy.db');
    await desk.station.context.store.backup(target).finally(() => rmSync(target, { force: true }));
    return [];
  },
  /** What a colleague writes has to come; it is acknowledged to the colleague. */
  async pull({ bench: { colleague, theirs }, n }) {
    const ops: string[] = [];
    for (let times = 0; times < 5; times += 1)
      ops.push(await correctAt(colleague, theirs, 'buyerReference', `pulled ${n} ${times} ${LONG}`));
    await sleep(1_500);
    return ops;
  },
  /** A document that a colleague has taken in has to come, too. */
  async download({ bench: { colleague, archive } }) {
    const id = await invoiceAt(colleague, archive);
    await sleep(1_500);
    return (await colleague.station.context.store.opsOf(id)).map(({ body }) => body.op_id);
  },
};

/** Its log as well: who has something to tell must not end for it. */
const onDisk = ({ folder }: Disk) => ({ folder, logTo: openLogFile(join(folder, 'own', 'logs')) });

function refused(counted: Counted, what: string, error: unknown): void {
  counted.refused += 1;
  if (isClear(error)) return;
  counted.unclear += 1;
  counted.said.push(`${what}: ${String(error)}`);
}

/** Whoever starts on a full disk is told so, or works; with room again it starts. */
async function restarted({ office, disk, desk }: Bench, counted: Counted): Promise<TestStation> {
  await office.closeDesk(desk);
  disk.fill(0);
  const open = await office.desk(onDisk(disk)).catch((error: unknown) => refused(counted, 'start', error));
  disk.free();
  return open ?? office.desk(onDisk(disk));
}

async function once(round: Round, deed: Deed, counted: Counted): Promise<void> {
  const { bench, n, random } = round;
  const { disk, desk } = bench;
  // Of what comes by itself nobody is refused anything: for the bytes of a document there is no room for certain, and the screen says so.
  disk.fill(deed === 'download' ? 0 : random.pick([0, 0, 4_096, 20_000, 60_000]));
  try {
    counted.acknowledged.push(...(await DOING[deed](round)));
    // What finds no room for its reading must not be given up for that.
    if (deed === 'import') await sleep(UNREAD_MS);
  } catch (error) {
    refused(counted, deed, error);
  }
  if (deed === 'download' && !(await happens(() => isTold(desk), TOLD_MS))) counted.untold += 1;
  disk.free();
  // It goes on by itself: the same again goes well, and what the colleague wrote comes.
  try {
    counted.acknowledged.push(...(await DOING[deed]({ ...round, n: n + 1_000 })));
    await desk.station.sync.now();
  } catch (error) {
    counted.stuck += 1;
    counted.said.push(`${deed} with room again: ${String(error)}`);
  }
}

/** A station that takes a commit that failed for one that did not. */
const careless = (opened: OpenStore): OpenStore => {
  const { store } = opened;
  const commit: typeof store.commit = async (change) => {
    try {
      return await store.commit(change);
    } catch {
      return { kind: 'ok' } as Awaited<ReturnType<typeof store.commit>>;
    }
  };
  return { ...opened, store: over(store, { commit }) };
};

async function setUp(office: Office, disk: Disk, { random, bug }: FaultRun): Promise<Bench> {
  const archive = createArchive(random.integer(1, 1_000));
  const desk = await office.desk({ ...onDisk(disk), ...(bug === undefined ? {} : { between: careless }) });
  const colleague = await office.desk();
  for (const one of [desk, colleague]) await office.connect(one);
  const [mine, theirs] = [await invoiceAt(desk, archive), await invoiceAt(colleague, archive)];
  const isReady = await office.inStep([desk.folder, colleague.folder]);
  if (!isReady || !(await canOpen(desk, theirs))) throw new Error('never in step before the disk was full');
  return { office, disk, desk, colleague, mine, theirs, archive, taken: [] };
}

/** With room for everything. */
async function afterwards({ office, colleague, taken }: Bench, { folder, station }: TestStation, bug?: string) {
  const patienceMs = bug === undefined ? 90_000 : 8_000;
  const isRead = await happens(async () => {
    const all = await Promise.all(taken.map((id) => station.context.store.invoice(id)));
    return all.every((invoice) => invoice?.reading != null && invoice.reading.unreadable === undefined);
  }, patienceMs);
  const isInStep = await office.inStep([folder, colleague.folder], patienceMs);
  const isFetched = await happens(async () => {
    const { waiting } = await station.sync.view();
    return waiting.downloads + waiting.uploads === 0;
  }, patienceMs);
  return { isRead, isInStep, isFetched };
}

async function faultFullDisk(run: FaultRun): Promise<void> {
  const { count, random, figures, say, bug } = run;
  const office = await startOffice();
  const folder = mkdtempSync(join(tmpdir(), 'ap-full-'));
  if (!mounted(folder)) throw new Error('no small disk could be made');
  try {
    const bench = await setUp(office, createDisk(folder), run);
    const counted: Counted = { refused: 0, unclear: 0, untold: 0, stuck: 0, acknowledged: [], said: [] };
    for (let n = 0; n < count; n += 1) {
      const deed = bug === undefined ? (DEEDS[n % DEEDS.length] ?? 'save') : 'save';
      await once({ bench, n, random }, deed, counted);
    }
    const desk = bug === undefined ? await restarted(bench, counted) : bench.desk;
    const { isRead, isInStep, isFetched } = await afterwards(bench, desk, bug);
    const mine = deskLog(folder);
    const here = new Set(mine.map(({ op }) => op));
    const log = await office.log();
    for (const line of counted.said.slice(0, 5)) say(line);
    say(`${count} times full: ${counted.refused} refused, ${counted.acknowledged.length} operations acknowledged`);
    figures.atMost(
      'f9.acknowledged-lost',
      counted.acknowledged.filter((op) => !here.has(op) || !log.byOp.has(op)).length,
      0,
    );
    figures.atMost('f9.differences', sum(differences(log.rows, mine)), 0);
    figures.atMost('f9.refused-without-saying-why', counted.unclear, 0);
    figures.atMost('f9.not-on-again', counted.stuck + (isInStep && isFetched ? 0 : 1), 0);
    figures.atMost('f9.not-told', counted.untold, 0);
    if (bug === undefined) figures.atMost('f9.not-read', isRead ? 0 : 1, 0);
    // There is never room for a copy.
    if (bug === undefined) figures.atLeast('f9.refused', counted.refused, Math.floor(count / DEEDS.length));
    figures.atMost('f9.audit-problems', (await desk.station.context.store.verifyAudit()).problems.length, 0);
  } finally {
    await office.stop();
    spawnSync('umount', ['-l', folder]);
    rmSync(folder, { recursive: true, force: true });
  }
}
