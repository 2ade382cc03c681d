/** Desks: stations as they run, each with a database and a folder of its own, connected to the site of the faults by people who sign in. What they saved is remembered. */
import { randomUUID } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { SyncView } from '../../core/contract/station-sync-http.ts';
import type { SignedIn } from '../site/people.ts';
import { until } from '../site/work.ts';
import { readConfig } from '../../server/config.ts';
import { enrol } from '../../server/enrol/testing-enrol.ts';
import { openStation, type Station } from '../../server/station.ts';
import { createArchive } from '../archive/invoices.ts';
import type { Random } from '../random.ts';
import { type DeskOp, deskLog } from './desk-log.ts';
import { correctAt, invoiceAt } from './office.ts';
import type { FaultSite } from './site.ts';

export const EDITED = ['poNumber', 'contractRef', 'buyerReference', 'paymentReference', 'vendorEmail'] as const;
export type Edited = (typeof EDITED)[number];

export interface Desk {
  readonly folder: string;
  readonly who: SignedIn;
  /** Values that a save of this desk was acknowledged for. */
  readonly saved: Set<string>;
  station(): Station;
  /** An invoice comes in: its id. */
  takeIn(): Promise<string>;
  /** One more value of its own, over what is shown here. */
  save(invoice: string, field: Edited): Promise<string>;
  correct(invoice: string, field: Edited, value: string): Promise<void>;
  view(): Promise<SyncView>;
  /** Everything is sent and everything is here. */
  inStep(ms?: number): Promise<void>;
  /** Every operation that the database holds. */
  log(): DeskOp[];
  connect(): Promise<void>;
  close(): Promise<void>;
  /** The same folder again. */
  open(): Promise<void>;
}

export interface DeskOptions {
  readonly folder?: string;
  readonly who?: SignedIn;
}

export interface Desks {
  add(options?: DeskOptions): Promise<Desk>;
  /** All of them, folders too. */
  close(): Promise<void>;
}

const PATIENCE_MS = 90_000;
/** Of what a station said of its errors: the end of it. */
const SAID = 4_000;

/** Archives that came in at a site already. */
const drawn = new WeakMap<object, Set<number>>();

/** One seed, one archive, ids and all: a site that is shared by several runs of a fault must not be given the same operations by other devices. */
export function archiveSeed(site: object, random: Random): number {
  const used = drawn.get(site) ?? new Set();
  drawn.set(site, used);
  let seed = random.integer(1, 1_000_000);
  while (used.has(seed)) seed += 1;
  used.add(seed);
  return seed;
}

export function createDesks(site: FaultSite, random: Random): Desks {
  const archive = createArchive(archiveSeed(site, random));
  const all: Desk[] = [];
  const folders = new Set<string>();

  async function add(options: DeskOptions = {}): Promise<Desk> {
    const folder = options.folder ?? mkdtempSync(join(tmpdir(), 'ap-desk-'));
    folders.add(folder);
    const who = options.who ?? (await site.people.another('reviewer'));
    const made = createDesk({ site, archive, folder, who });
    await made.open();
    all.push(made);
    return made;
  }
  return {
    add,
    async close() {
      await Promise.all(all.splice(0).map((desk) => desk.close()));
      for (const folder of folders) rmSync(folder, { recursive: true, force: true });
    },
  };
}

/** Resolves when each of them shows all of these, readings too: then anybody can work at any. */
export async function everywhere(desks: readonly Desk[], invoices: readonly string[]): Promise<void> {
  for (const desk of desks)
    for (const id of invoices)
      await until(`invoice ${id} on every desk`, PATIENCE_MS, async () => {
        const { model, store } = desk.station().context;
        const loaded = await model.load(id).catch(() => undefined);
        return loaded === undefined ? undefined : ((await store.invoice(id))?.reading ?? undefined);
      });
}

interface DeskParts {
  readonly site: FaultSite;
  readonly archive: ReturnType<typeof createArchive>;
  readonly folder: string;
  readonly who: SignedIn;
}

function createDesk({ site, archive, folder, who }: DeskParts): Desk {
  let running: Station | undefined;
  const saved = new Set<string>();
  let said = '';
  const station = (): Station => {
    if (running === undefined) throw new Error('the desk is closed');
    return running;
  };
  const desk: Desk = {
    folder,
    who,
    saved,
    station,
    async open() {
      const config = readConfig({ AP_DATA: folder, AP_THREADS: '1', AP_WORKSPACE: 'own', AP_LOG_LEVEL: 'error' });
      running = await openStation(config, { logTo: { write: (line) => void (said = (said + line).slice(-SAID)) } });
      await running.start({ watch: false });
    },
    async close() {
      const closing = running;
      running = undefined;
      await closing?.close();
    },
    async connect() {
      const { person } = who;
      const made = { station: station(), folder, logged: () => '', close: () => desk.close() };
      const { step, ...rest } = await enrol(made, site.people.people, person, { address: site.running.origin });
      if (step !== 'done') throw new Error(`not connected: ${step} ${JSON.stringify(rest)}`);
    },
    async takeIn() {
      const root = await invoiceAt({ station: station() }, archive);
      const { store } = station().context;
      await until(`invoice ${root}`, PATIENCE_MS, async () => (await store.invoice(root))?.reading ?? undefined);
      return root;
    },
    async save(invoice, field) {
      const value = randomUUID();
      await desk.correct(invoice, field, value);
      return value;
    },
    async correct(id, field, value) {
      await correctAt({ station: station() }, id, field, value);
      saved.add(value);
    },
    view: () => station().sync.view(),
    inStep: async (ms = PATIENCE_MS) => {
      let seen: SyncView | undefined;
      await until('a station in step', ms, async () => {
        seen = await desk.view();
        if (seen.attention.includes('broken')) throw new Error('the station takes nothing from the site any more');
        const { send, fetch, uploads, downloads } = seen.waiting;
        return (
          (send + fetch + uploads + downloads === 0 && seen.heardAt !== null && seen.state !== 'offline') || undefined
        );
      }).catch((error: unknown) => {
        throw new Error(`${String(error)}: ${JSON.stringify(seen)}\n${said}`.trimEnd(), { cause: error });
      });
    },
    log: () => deskLog(folder),
  };
  return desk;
}
