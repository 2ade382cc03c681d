/** What the store's thread can be asked: every method runs to its end before the next one begins. */
import { asc, eq, lt } from 'drizzle-orm';
import { drizzle } from 'drizzle-orm/better-sqlite3';
import type { InvoiceQuery } from '../../../core/contract/http.ts';
import type { Invoice } from '../../../core/contract/invoice.ts';
import type { JobName } from '../../../core/contract/jobs.ts';
import { duplicateKeys } from '../../../core/invoice/summary.ts';
import { NO_HASH } from '../../../core/sync/seal.ts';
import { type ChangeWire, createCommit } from './commit.ts';
import { isDamage } from './errors.ts';
import { createErasureRows } from './erasure-rows.ts';
import { createHeads } from './heads.ts';
import { createJobs, type Lease } from './jobs.ts';
import { join, type JoinWish, mayJoin } from './join.ts';
import { createLessons } from './lessons.ts';
import { createLinkRows } from './link-rows.ts';
import { countInvoices, listInvoices } from './list.ts';
import { type Clock, createLog } from './log.ts';
import { openForWriting, type WritableDatabase } from './open.ts';
import type { ProjectionWire } from '../projection-wire.ts';
import { createProjections } from './projections.ts';
import { createReads } from './reads.ts';
import { deviceSelf, idempotency, invoices } from './schema.ts';
import { createConflictRows } from './conflict-count.ts';
import { createSyncRows } from './sync-rows.ts';
import { createTogetherRows } from './together-rows.ts';
import { createWebhookRows } from './webhook-rows.ts';

export interface WriterOptions {
  readonly path: string;
  /** Id for a database that is new. */
  readonly device: string;
  readonly nowMs: number;
  /** Jobs that run belong to a process that is gone. Not so where only the thread is new: the process still works on them. */
  readonly recover: boolean;
}

/** Long enough for every retry of a client; an upload repeated later is recognised by its bytes. */
const IDEMPOTENCY_DAYS = 14;
const DAY_MS = 86_400_000;

/** Data that was damaged waits for the projection to be made again. */
function readable<T>(read: () => T): T | undefined {
  try {
    return read();
  } catch (error) {
    if (isDamage(error)) throw error;
    return undefined;
  }
}

export type Writer = ReturnType<typeof createWriter>;

/** For a writer whose database is replaced while it runs. */
export interface WriterHooks {
  readonly opened?: WritableDatabase | undefined;
  readonly replaced?: (next: WritableDatabase) => void;
}

export function createWriter({ path, device, nowMs, recover }: WriterOptions, around: WriterHooks = {}) {
  const opened = around.opened ?? openForWriting(path, new Date(nowMs).toISOString());
  const { db } = opened;
  const orm = drizzle({ client: db });
  orm.insert(deviceSelf).values({ id: 1, device, devSeq: 0, headHash: NO_HASH, hlc: '' }).onConflictDoNothing().run();
  orm
    .delete(idempotency)
    .where(lt(idempotency.createdAt, new Date(nowMs - IDEMPOTENCY_DAYS * DAY_MS).toISOString()))
    .run();
  const log = createLog(db, orm);
  const jobs = createJobs(db, orm);
  const projections = createProjections(orm);
  const { commit } = createCommit({ db, orm, log, projections, jobs });
  const reads = createReads(orm);
  const lessons = createLessons(orm);
  const hooks = createWebhookRows(db);
  const link = createLinkRows(db);
  if (recover && around.opened === undefined) jobs.recover(nowMs);
  // Statistics for the query planner where they are missing or stale; SQLite bounds the work itself.
  db.pragma('optimize = 0x10002');

  /** Heads and lessons from the log, duplicate keys from the projections. */
  const rebuild = db.transaction((): { cells: number } => {
    const cells = createHeads(orm).rebuild();
    lessons.rebuild();
    for (const { id } of orm.select({ id: invoices.id }).from(invoices).orderBy(asc(invoices.row)).all()) {
      const text = readable(() => reads.invoice(id));
      if (text === undefined) continue;
      orm
        .update(invoices)
        .set(duplicateKeys(JSON.parse(text) as Invoice))
        .where(eq(invoices.id, id))
        .run();
    }
    return { cells };
  });

  const replaceProjections = db.transaction((wires: readonly ProjectionWire[]): void => {
    for (const wire of wires) projections.write(wire, true);
  });
  const dropStrays = db.transaction(() => projections.dropStrays());

  return {
    device: (): string => orm.select({ device: deviceSelf.device }).from(deviceSelf).get()?.device ?? device,
    commit: (change: ChangeWire, clock: Clock) => commit(change, clock),
    invoice: reads.invoice,
    invoiceIds: reads.invoiceIds,
    // Until the thread for lists is there.
    invoices: (query: InvoiceQuery) => listInvoices(orm, query),
    counters: (startOfToday: string) => countInvoices(orm, startOfToday),
    exportBatches: reads.exportBatches,
    document: reads.document,
    opsOf: (root: string) => log.opsOf(root),
    duplicateCandidates: reads.duplicateCandidates,
    idempotent: reads.idempotent,
    settings: reads.settings,
    lessonsByKeys: lessons.byKeys,
    lessonsOf: lessons.ofVendor,
    lessonsFrom: lessons.ofInvoice,
    learntVendors: lessons.vendors,
    ...createConflictRows(orm),
    openOfVendor: reads.openOfVendor,
    replaceProjections: (wires: readonly ProjectionWire[]) => replaceProjections.immediate(wires),
    dropStrays: () => dropStrays.immediate(),
    rebuildHeads: () => rebuild.immediate(),
    claim: (names: readonly JobName[], until: number, lease: string, now: number) =>
      jobs.claim(names, until, lease, now),
    claimThese: (ids: readonly string[], until: number, leases: readonly string[], now: number) =>
      jobs.claimThese(ids, until, leases, now),
    giveBack: (lease: Lease, afterMs: number, now: number) => jobs.giveBack(lease, afterMs, now),
    handOut: (names: readonly JobName[], limit: number, patienceMs: number, now: number) =>
      jobs.outbox.handOut(names, limit, patienceMs, now),
    takeBack: (ids?: readonly string[]) => jobs.outbox.forget(ids),
    existingJobs: (ids: readonly string[]): string[] => ids.filter(jobs.exists),
    heartbeat: (lease: Lease, until: number) => jobs.heartbeat(lease, until),
    progress: (lease: Lease, progress: number, stage: string, now: number) =>
      jobs.progress(lease, progress, stage, now),
    finish: (lease: Lease, now: number) => jobs.finish(lease, now),
    fail: (lease: Lease, error: string, retry: boolean, delayMs: number, now: number) =>
      jobs.fail(lease, error, retry, delayMs, now),
    cancel: (root: string, now: number) => jobs.cancel(root, now),
    jobs: () => jobs.list(),
    jobCounts: () => jobs.counts(),
    jobLengths: () => jobs.lengths(),
    deadJobs: (limit: number, cursor?: string) => jobs.dead.list(limit, cursor),
    replayJob: (id: string, now: number) => jobs.dead.replay(id, now),
    purgeJobs: (which: { id?: string | undefined; before?: string | undefined }) => jobs.dead.purge(which),
    ...createErasureRows(db),
    ...link,
    ...createTogetherRows(db),
    ...createSyncRows({ db, orm, jobs, log }),
    mayJoin: (site: string) => mayJoin(db, site),
    join: (wish: JoinWish) =>
      join(db, wish, (file) => {
        const { next, ...failed } = opened.replace(file);
        around.replaced?.(next);
        if ('failure' in failed) throw failed.failure;
      }),
    webhooks: hooks.all,
    webhook: hooks.one,
    saveWebhook: hooks.save,
    dropWebhook: hooks.drop,
    saveWebhookDelivery: hooks.keep,
    webhookDelivery: hooks.delivery,
    webhookDeliveries: hooks.page,
    // SQLite folds its write-ahead log in when the last connection closes, if the disk has room; else the next start replays it.
    close: (): void => opened.close(),
  };
}
