/** The SQLite store and its queue: asynchronous proxies of three threads, one that writes, one that lists, one that scans. */
import type { AppError } from '../../../core/contract/errors.ts';
import { uuid4 } from '../../../core/sync/ids.ts';
import type { Invoice } from '../../../core/contract/invoice.ts';
import { createSqliteQueue } from '../../queue/sqlite.ts';
import type { Queue } from '../../queue/queue.ts';
import type { AuditReport, Projection, Store } from '../store.ts';
import type { WebhookStore } from '../webhook-store.ts';
import type { BackupOutcome, BackupWish } from './backups.ts';
import { createDamage, type Damage } from './damage.ts';
import { keepThread, type KeptCalls } from './kept-thread.ts';
import { contentTag } from '../content-tag.ts';
import { conflictPage } from '../open-conflicts.ts';
import { projectionWire } from '../projection-wire.ts';
import { createGate } from './gate.ts';
import type { LinkRow } from './link-rows.ts';
import { type Lists, listsWhenReady } from './lists.ts';
import type { StationSyncStore } from '../station-sync-store.ts';
import type { Queries } from './queries.ts';
import type { Reader } from './reader.ts';
import { callThread, type Methods, type RemoteCalls } from './rpc.ts';
import type { ThreadData } from './thread.ts';
import { threadFile } from './thread-file.ts';
import { createSqliteSync } from './sync.ts';
import type { ParcelRow, PersonRow } from './together-rows.ts';
import { createSqliteWebhooks } from './webhooks.ts';
import type { Writer } from './writer.ts';

export interface SqliteStoreOptions {
  /** The database file; its folder is made where it is missing. */
  readonly path: string;
  readonly now: () => number;
  readonly random: (bytes: number) => Uint8Array;
  /** How often to look for leases that ran out. */
  readonly pollMs?: number;
  /** When the thread for lists is started: not while the process itself starts. */
  readonly queriesAfterMs?: number;
}

/** What happens to the database without anybody having asked. */
export type StoreEvent =
  | { readonly kind: 'thread-ended'; readonly thread: ThreadData['role']; readonly cause: Error }
  | { readonly kind: 'damaged'; readonly error: AppError };

/** What only a database in a file needs. */
export interface Care {
  /** One listener; it hears of what happened before, too. */
  onEvent(listener: (event: StoreEvent) => void): void;
  /** Whether anything that a copy is made for was saved since the database was opened. */
  hasChanged(): boolean;
  keepBackup(wish: BackupWish): Promise<BackupOutcome>;
  /** Ids of the invoices in the log, oldest first. */
  invoicesOfLog(): Promise<string[]>;
  /** Puts rows made of the log in the place of what is there. */
  replaceProjections(projections: readonly Projection[]): Promise<void>;
  /** Removes rows of invoices that the log does not know. Their number. */
  dropStrays(): Promise<number>;
  /** After an erasure: nothing of what was deleted is left in the file, in the write-ahead log, or in an older copy. False where somebody reads just now. */
  scrub(folder: string): Promise<boolean>;
}

/** What a station alone keeps: its site, and who it is. */
export interface LinkRows {
  read(): Promise<LinkRow | undefined>;
  save(row: LinkRow | null): Promise<void>;
  /** This database becomes another device: `Store.device` is the new one from here on. */
  renewDevice(): Promise<string>;
  hasSynced(): Promise<boolean>;
}

/** What a station keeps of the others. */
export interface TogetherRows {
  people(): Promise<PersonRow[]>;
  keepPeople(rows: readonly PersonRow[]): Promise<void>;
  parcels(): Promise<ParcelRow[]>;
  saveParcel(row: ParcelRow): Promise<void>;
  dropParcel(id: string): Promise<void>;
}

export interface SqliteStore {
  readonly store: Store;
  readonly queue: Queue;
  readonly webhooks: WebhookStore;
  readonly care: Care;
  readonly sync: StationSyncStore;
  readonly link: LinkRows;
  readonly together: TogetherRows;
}

type WriterCalls = RemoteCalls<Writer>;
type Call = (method: string, ...args: unknown[]) => Promise<unknown>;

const READ_ONLY: ReadonlySet<string> = new Set<keyof Writer>([
  'device',
  'invoice',
  'invoiceIds',
  'invoices',
  'counters',
  'exportBatches',
  'document',
  'opsOf',
  'duplicateCandidates',
  'idempotent',
  'settings',
  'lessonsByKeys',
  'lessonsOf',
  'lessonsFrom',
  'learntVendors',
  'conflicts',
  'conflictTotals',
  'conflictInvoices',
  'openOfVendor',
  'erasures',
  'erased',
  'doomedBlobs',
  'jobs',
  'jobCounts',
  'jobLengths',
  'deadJobs',
  'webhooks',
  'webhook',
  'webhookDelivery',
  'webhookDeliveries',
  'siteLink',
  'people',
  'parcels',
  'hasSynced',
  'syncPosition',
  'syncOffer',
  'syncUnheld',
  'syncCounts',
  'syncRefused',
  'syncBlobs',
  'syncNextBlobAt',
  'syncMissing',
  'mayJoin',
  'goneOps',
  'goneWanted',
  // What was handed out is remembered in the thread alone.
  'handOut',
  'takeBack',
  'existingJobs',
]);

/** Once damage was seen, nothing is written any more; what can still be read is. */
function guarded<M extends Methods>(thread: RemoteCalls<M>, damage: Damage, writes: boolean): RemoteCalls<M> {
  const call: Call = async (method, ...args) => {
    const refused = writes && !READ_ONLY.has(method) ? damage.found() : undefined;
    if (refused !== undefined) throw refused;
    try {
      return await (thread.call as Call)(method, ...args);
    } catch (error) {
      damage.see(error);
      throw error;
    }
  };
  return { ...thread, call: call as RemoteCalls<M>['call'] };
}

export async function createSqliteStore(options: SqliteStoreOptions): Promise<SqliteStore> {
  const { path, now, random } = options;
  const events = createEvents();
  const keep = <M extends Methods>(role: ThreadData['role'], data: (first: boolean) => ThreadData): KeptCalls<M> =>
    keepThread<M>({
      file: threadFile(),
      data,
      died: (cause) => events.tell({ kind: 'thread-ended', thread: role, cause }),
    });
  const newDevice = (): string => uuid4(random(16));
  const device = newDevice();
  const writing = keep<Writer>('writer', (recover) => ({
    role: 'writer',
    options: { path, device, nowMs: now(), recover },
  }));
  await writing.start();
  const reading = keep<Queries>('queries', () => ({ role: 'queries', path }));
  const damage = createDamage(path, (error) => events.tell({ kind: 'damaged', error }));
  const writer: WriterCalls = guarded(writing, damage, true);
  const wakes = new Set<() => void>();
  const wake = (): void => {
    for (const listener of wakes) listener();
  };
  const queue = createSqliteQueue({ writer, now, random, wakes, pollMs: options.pollMs ?? 5_000 });
  const lists = listsWhenReady({
    own: guarded(reading, damage, false),
    thread: reading,
    writer,
    afterMs: options.queriesAfterMs,
  });
  const gate = createGate();
  const parts: Parts = {
    path,
    now,
    writer,
    queries: lists,
    scan: (run) => gate.among(() => scanning(path, async (scanner) => run(guarded(scanner, damage, false)))),
    alone: (run) =>
      gate.alone(async () => {
        const begin = await lists.rest();
        return run().finally(begin);
      }),
    changes: { seen: false },
    self: { device: await writer.call('device') },
    wake,
    saved: new Set(),
    shown: new Set(),
    stopQueue: () => queue.stop(),
  };
  return {
    store: proxy(parts),
    queue,
    webhooks: createSqliteWebhooks(writer),
    care: careOf(parts, (listener) => events.listen(listener)),
    sync: createSqliteSync(parts),
    link: linkOf(parts, newDevice),
    together: togetherOf(writer),
  };
}

function createEvents() {
  const early: StoreEvent[] = [];
  let listener: ((event: StoreEvent) => void) | undefined;
  return {
    tell(event: StoreEvent): void {
      if (listener === undefined) early.push(event);
      else listener(event);
    },
    listen(heard: (event: StoreEvent) => void): void {
      listener = heard;
      for (const event of early.splice(0)) heard(event);
    },
  };
}

interface Parts {
  readonly path: string;
  readonly now: () => number;
  readonly writer: WriterCalls;
  readonly queries: Lists;
  readonly scan: <T>(run: (scanner: RemoteCalls<Reader>) => Promise<T>) => Promise<T>;
  readonly alone: <T>(run: () => Promise<T>) => Promise<T>;
  readonly changes: { seen: boolean };
  readonly self: { device: string };
  readonly wake: () => void;
  /** Listeners of commits that wrote operations. */
  readonly saved: Set<() => void>;
  /** Listeners of commits that wrote projections. */
  readonly shown: Set<() => void>;
  readonly stopQueue: () => void;
}

function proxy({ writer, queries, scan, now, self, wake, saved, shown, stopQueue, changes }: Parts): Store {
  return {
    get device() {
      return self.device;
    },
    async commit(change) {
      const nowMs = now();
      const projections = change.projections.map((one) => projectionWire(one.expect, one.projection));
      const at = change.at ?? new Date(nowMs).toISOString();
      if (change.ops.length > 0 || change.settings !== undefined || change.exportBatch !== undefined)
        changes.seen = true;
      const result = await writer.call('commit', { ...change, projections }, { at, nowMs });
      if (result.kind === 'ok' && change.jobs.length > 0) wake();
      if (result.kind === 'ok' && change.ops.length > 0) for (const listener of saved) listener();
      if (result.kind === 'ok' && projections.length > 0) for (const listener of shown) listener();
      return result;
    },
    // What a save needs is looked up by key, on the thread that saves: it never stands behind a search.
    invoice: async (id) => {
      const text = await writer.call('invoice', id);
      return text === undefined ? undefined : (JSON.parse(text) as Invoice);
    },
    invoiceJson: async (id) => {
      const text = await writer.call('invoice', id);
      return text === undefined ? undefined : { tag: contentTag(text), json: () => Buffer.from(text) };
    },
    document: (sha256) => writer.call('document', sha256),
    opsOf: (root) => writer.call('opsOf', root),
    // The list is asked for by the screen that shows it; logs of a few invoices are read.
    conflicts: async (query) =>
      conflictPage(await queries.call('conflictInvoices', query), query.limit, (id) => writer.call('opsOf', id)),
    conflictTotals: () => queries.call('conflictTotals'),
    duplicateCandidates: (invoice, keys) => writer.call('duplicateCandidates', invoice, keys),
    idempotent: (key) => writer.call('idempotent', key),
    settings: () => writer.call('settings'),
    lessonsByKeys: (keys) => writer.call('lessonsByKeys', keys),
    lessonsOf: (vendor) => writer.call('lessonsOf', vendor),
    lessonsFrom: (invoice) => writer.call('lessonsFrom', invoice),
    openOfVendor: (vendorKeys, taxIds) => writer.call('openOfVendor', vendorKeys, taxIds),
    rebuildHeads: () => writer.call('rebuildHeads'),
    erasures: () => writer.call('erasures'),
    erased: (targets) => writer.call('erased', targets),
    doomedBlobs: (which) => writer.call('doomedBlobs', which),
    droppedBlobs: async (sha256s) => {
      await writer.call('droppedBlobs', sha256s);
    },
    // What may look at many rows.
    invoices: (query) => queries.call('invoices', query),
    invoiceIds: (filter) =>
      filter.document === undefined ? queries.call('invoiceIds', filter) : writer.call('invoiceIds', filter),
    counters: (startOfToday) => queries.call('counters', startOfToday),
    exportBatches: () => queries.call('exportBatches'),
    learntVendors: () => queries.call('learntVendors'),
    verifyAudit: (progress) =>
      scan((scanner) => scanner.callWithProgress('verifyAudit', progress ?? (() => undefined))),
    backup: (target) => scan((scanner) => scanner.call('backup', target)),
    close: async () => {
      stopQueue();
      // Readers first: the last connection folds the write-ahead log in, and only the writer may.
      await queries.close();
      await writer.close();
    },
  };
}

function careOf({ writer, scan, changes, now }: Parts, onEvent: Care['onEvent']): Care {
  return {
    onEvent,
    hasChanged: () => changes.seen,
    keepBackup: (wish) => scan((scanner) => scanner.call('keepBackup', wish)),
    invoicesOfLog: () => scan((scanner) => scanner.call('invoicesOfLog')),
    replaceProjections: (projections) =>
      writer.call(
        'replaceProjections',
        projections.map((projection) => projectionWire(0, projection)),
      ),
    dropStrays: () => writer.call('dropStrays'),
    async scrub(folder) {
      const isClean = await writer.call('scrub');
      const replaced = await scan((scanner) => scanner.call('replaceBackups', folder, new Date(now()).toISOString()));
      return isClean && replaced !== undefined;
    },
  };
}

const togetherOf = (writer: WriterCalls): TogetherRows => ({
  people: () => writer.call('people'),
  keepPeople: (rows) => writer.call('keepPeople', rows),
  parcels: () => writer.call('parcels'),
  saveParcel: (row) => writer.call('saveParcel', row),
  dropParcel: (id) => writer.call('dropParcel', id),
});

function linkOf({ writer, now, self }: Parts, newDevice: () => string): LinkRows {
  return {
    read: () => writer.call('siteLink'),
    save: (row) => writer.call('saveSiteLink', row),
    hasSynced: () => writer.call('hasSynced'),
    async renewDevice() {
      self.device = await writer.call('renewDevice', newDevice(), new Date(now()).toISOString());
      return self.device;
    },
  };
}

/** A thread and a connection for this one scan: scans are rare, and memory is not. */
async function scanning<T>(path: string, run: (scanner: RemoteCalls<Reader>) => Promise<T>): Promise<T> {
  const scanner = callThread<Reader & { open(): void }>(threadFile(), { role: 'scanner', path } satisfies ThreadData);
  try {
    await scanner.call('open');
    return await run(scanner);
  } finally {
    await scanner.close().catch(() => undefined); // what counts is the result, or the error at hand
  }
}

/** Audits a database without opening it for writing: works beside a running station and on a copy. */
export const auditSqlite = (
  path: string,
  progress: (done: number, total: number) => void = () => undefined,
): Promise<AuditReport> => scanning(path, (scanner) => scanner.callWithProgress('verifyAudit', progress));
