/** Desks: stations as they run, each with a database and a folder of its own, connected to the site of the faults by people who sign in. What they saved is remembered. */
import Database from 'better-sqlite3';
import { randomUUID } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Correction } from '../../core/contract/http.ts';
import type { SyncView } from '../../core/contract/station-sync-http.ts';
import type { SignedIn } from '../site/people.ts';
import { until } from '../site/work.ts';
import { readConfig } from '../../server/config.ts';
import { enrol } from '../../server/enrol/testing-enrol.ts';
import { workspaceFolder } from '../../server/folders.ts';
import { openStation, type Station } from '../../server/station.ts';
import { correctionOf } from '../../server/testing-client.ts';
import { type ArchivedInvoice, createArchive } from '../archive/invoices.ts';
import type { Random } from '../random.ts';
import type { FaultSite } from './site.ts';

export const EDITED = ['poNumber', 'contractRef', 'buyerReference', 'paymentReference', 'vendorEmail'] as const;
export type Edited = (typeof EDITED)[number];

export interface DeskLog {
  readonly op: string;
  readonly seq: number | null;
  readonly verdict: string;
}

export interface Desk {
  readonly folder: string;
  readonly who: SignedIn;
  /** Values that a save of this desk was acknowledged for. */
  readonly saved: Set<string>;
  station(): Station;
  /** An invoice comes in: its id. */
  takeIn(item?: ArchivedInvoice): Promise<string>;
  /** One more value of its own, over what is shown here. */
  save(invoice: string, field: Edited): Promise<string>;
  correct(invoice: string, field: Edited, value: string): Promise<void>;
  view(): Promise<SyncView>;
  /** Everything is sent and everything is here. */
  inStep(ms?: number): Promise<void>;
  /** Every operation that the database holds. */
  log(): DeskLog[];
  connect(): Promise<void>;
  close(): Promise<void>;
  /** The same folder again. */
  open(): Promise<void>;
}

export interface DeskOptions {
  readonly folder?: string;
  readonly who?: SignedIn;
  /** By how much its clock is wrong. */
  readonly clockMs?: number;
}

export interface Desks {
  add(options?: DeskOptions): Promise<Desk>;
  /** All of them, folders too. */
  close(): Promise<void>;
}

const PATIENCE_MS = 90_000;

export function createDesks(site: FaultSite, random: Random): Desks {
  const archive = createArchive(random.integer(1, 1_000_000));
  const all: Desk[] = [];
  const folders = new Set<string>();

  async function add(options: DeskOptions = {}): Promise<Desk> {
    const folder = options.folder ?? mkdtempSync(join(tmpdir(), 'ap-desk-'));
    folders.add(folder);
    const who = options.who ?? (await site.people.another('reviewer'));
    const made = createDesk({ site, archive, folder, who, clockMs: options.clockMs ?? 0 });
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
  readonly clockMs: number;
}

function createDesk({ site, archive, folder, who, clockMs }: DeskParts): Desk {
  let running: Station | undefined;
  const saved = new Set<string>();
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
      running = await openStation(config, { logTo: { write: () => undefined }, now: () => Date.now() + clockMs });
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
    async takeIn(item = archive.next()) {
      const { context } = station();
      await context.blobs.put(item.readingBlob);
      await context.blobs.put(item.original);
      const ops = item.ops.filter(({ kind }) => kind !== 'transition');
      const { kind: _kind, ...document } = item.document;
      const { id: root } = item.invoice;
      const job = { id: context.newId(), name: 'refresh' as const, data: {}, root, priority: 3 };
      const outcome = await context.commit({ ops, documents: [document], jobs: [job] });
      if (outcome.kind !== 'ok') throw new Error(`not taken in: ${outcome.kind}`);
      await until(
        `invoice ${root}`,
        PATIENCE_MS,
        async () => (await context.store.invoice(root))?.reading ?? undefined,
      );
      return root;
    },
    async save(invoice, field) {
      const value = randomUUID();
      await desk.correct(invoice, field, value);
      return value;
    },
    async correct(id, field, value) {
      const { context } = station();
      const invoice = await context.model.invoice(id);
      const wish = Correction.parse({ ...correctionOf(invoice, field, value), opId: context.newId() });
      await context.review.correct(id, [wish]);
      saved.add(value);
    },
    view: () => station().sync.view(),
    inStep: async (ms = PATIENCE_MS) => {
      let seen: SyncView | undefined;
      await until('a station in step', ms, async () => {
        seen = await desk.view();
        const { send, fetch, uploads, downloads } = seen.waiting;
        return (
          (send + fetch + uploads + downloads === 0 && seen.heardAt !== null && seen.state !== 'offline') || undefined
        );
      }).catch((error: unknown) => {
        throw new Error(`${String(error)}: ${JSON.stringify(seen)}`, { cause: error });
      });
    },
    log() {
      const file = join(workspaceFolder(folder, 'own'), 'station.db');
      const database = new Database(file, { readonly: true });
      try {
        return database.prepare('SELECT op_id AS op, seq, verdict FROM op_log ORDER BY local_seq').all() as DeskLog[];
      } finally {
        database.close();
      }
    },
  };
  return desk;
}
