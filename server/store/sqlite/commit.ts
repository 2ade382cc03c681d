/** `Store.commit` in one BEGIN IMMEDIATE: checks, operations, heads, projections, jobs. Nothing of it or all of it is on disk. */
import { and, count, eq, inArray, sql } from 'drizzle-orm';
import type { BetterSQLite3Database } from 'drizzle-orm/better-sqlite3';
import { Settings } from '../../../core/contract/settings.ts';
import { sameSettings } from '../same-settings.ts';
import type { Change, CommitResult, Expected } from '../store.ts';
import { isApplied } from './heads.ts';
import type { Jobs } from './jobs.ts';
import type { Clock, Log } from './log.ts';
import type { Sqlite } from './open.ts';
import type { ProjectionWire } from '../projection-wire.ts';
import type { Projections } from './projections.ts';
import { erased } from './schema-erasure.ts';
import { documents, exportBatch, idempotency, invoices, opLog, settings } from './schema.ts';

export type ChangeWire = Omit<Change, 'projections'> & { readonly projections: readonly ProjectionWire[] };

type Conflict = Extract<CommitResult, { kind: 'conflict' }>['what'];

export interface CommitParts {
  readonly db: Sqlite;
  readonly orm: BetterSQLite3Database;
  readonly log: Log;
  readonly projections: Projections;
  readonly jobs: Jobs;
}

export const SETTINGS_KEY = 'station';

export function createCommit({ db, orm, log, projections, jobs }: CommitParts) {
  const isTaken = (change: ChangeWire): boolean => {
    const { idempotency: answer, exportBatch: batch } = change;
    if (change.ops.some((op) => log.exists(op.op_id))) return true;
    if (answer !== undefined) {
      const known = orm.select().from(idempotency).where(eq(idempotency.key, answer.key)).get();
      if (known !== undefined) return true;
    }
    return (
      batch !== undefined && orm.select().from(exportBatch).where(eq(exportBatch.id, batch.id)).get() !== undefined
    );
  };

  /** The number of a batch is dense and was chosen from a list that may be old by now. */
  const isNumberTaken = (number: number): boolean =>
    orm.select().from(exportBatch).where(eq(exportBatch.number, number)).get() !== undefined;

  function isAsExpected({ unknown = [], settings: seen, ops }: Expected): boolean {
    if (unknown.length > 0) {
      const isOne = inArray(invoices.documentSha, [...unknown]);
      if (orm.select({ id: invoices.id }).from(invoices).where(isOne).limit(1).get() !== undefined) return false;
      const isGone = inArray(erased.target, [...unknown]);
      if (orm.select({ at: erased.at }).from(erased).where(isGone).limit(1).get() !== undefined) return false;
    }
    if (seen !== undefined) {
      const row = orm.select().from(settings).where(eq(settings.key, SETTINGS_KEY)).get();
      if (!sameSettings(seen, Settings.parse(row === undefined ? {} : JSON.parse(row.value)))) return false;
    }
    if (ops === undefined) return true;
    const isOf = and(eq(opLog.root, ops.root), isApplied);
    return orm.select({ n: count() }).from(opLog).where(isOf).get()?.n === ops.count;
  }

  function conflictOf(change: ChangeWire): Conflict | undefined {
    if (change.finishes !== undefined && !jobs.holds(change.finishes.job, change.finishes.lease)) return 'lease';
    if (isTaken(change)) return 'op-exists';
    if (change.projections.some((wire) => projections.revision(wire.id) !== wire.expect)) return 'revision';
    if (change.expects !== undefined && !isAsExpected(change.expects)) return 'revision';
    if (change.exportBatch !== undefined && isNumberTaken(change.exportBatch.number)) return 'revision';
    if (change.jobs.some((job) => jobs.exists(job.id))) return 'job-exists';
    return undefined;
  }

  function writeDocuments(change: ChangeWire, at: string): void {
    for (const document of change.documents) {
      const { sha256, name, mime, size } = document;
      const row = { sha256, name, mime, size, kind: document.kind ?? null, parent: document.parent ?? null };
      orm
        .insert(documents)
        .values({ ...row, addedAt: at })
        .onConflictDoUpdate({
          target: documents.sha256,
          // The same bytes under another name keep their first name; what is learned about them later is added.
          set: { mime: sql`excluded.mime`, kind: sql`coalesce(excluded.kind, ${documents.kind})` },
        })
        .run();
    }
  }

  function writeStation(change: ChangeWire, at: string): void {
    const { idempotency: answer, exportBatch: batch, settings: values } = change;
    if (answer !== undefined)
      orm
        .insert(idempotency)
        .values({ ...answer, createdAt: at })
        .run();
    if (batch !== undefined) {
      const { id, number, createdAt } = batch;
      orm
        .insert(exportBatch)
        .values({ id, number, createdAt, data: JSON.stringify(batch) })
        .run();
    }
    if (values !== undefined) {
      const value = JSON.stringify(values);
      orm
        .insert(settings)
        .values({ key: SETTINGS_KEY, value })
        .onConflictDoUpdate({ target: settings.key, set: { value } })
        .run();
    }
  }

  function write(change: ChangeWire, clock: Clock): CommitResult {
    const what = conflictOf(change);
    if (what !== undefined) return { kind: 'conflict', what };
    const ops = log.append(change.ops, clock);
    for (const wire of change.projections) projections.write(wire);
    writeDocuments(change, clock.at);
    writeStation(change, clock.at);
    if (change.finishes !== undefined) jobs.done(change.finishes.job, clock.nowMs);
    for (const job of change.jobs) jobs.add(job, clock.nowMs);
    return { kind: 'ok', ops };
  }

  const transaction = db.transaction(write);
  return {
    /** Inside a transaction of the caller's. */
    write,
    commit: (change: ChangeWire, clock: Clock): CommitResult => transaction.immediate(change, clock),
  };
}
