/** The second, read-only connection: the audit and backups, which take long and must not keep a reviewer waiting. */
import { and, asc, count, eq, gt, max, or, sql } from 'drizzle-orm';
import { drizzle } from 'drizzle-orm/better-sqlite3';
import { setImmediate as pause } from 'node:timers/promises';
import type { ChainEnd } from '../../../core/sync/chain.ts';
import { type AuditRow, createAudit, MAX_PROBLEMS, strayHead } from '../audit.ts';
import type { AuditReport } from '../store.ts';
import { type BackupOutcome, type BackupWish, makeBackup, replaceBackups } from './backups.ts';
import { isDamage, storageError } from './errors.ts';
import { isWhole } from './heads.ts';
import { copyDatabase, openForReading } from './open.ts';
import { cellHead, deviceSelf, opLog, opValue, settings } from './schema.ts';

const SLICE = 2_000;
/** Their operations are at the site. */
const NOT_GONE = sql`AND NOT EXISTS (SELECT 1 FROM gone_root g WHERE g.root = ${cellHead.root})`;
/** Key of the settings under which a salvage leaves what it could not save. */
export const KNOWN_PROBLEMS = 'known-problems';

export type Reader = ReturnType<typeof createReader>;
type Problem = AuditReport['problems'][number];

export function createReader(path: string) {
  const opened = openForReading(path);
  const orm = drizzle({ client: opened.db });

  /** One device after the other, each in the order of its own numbers. */
  const slice = (after: { device: string; devSeq: number }) =>
    orm
      .select({ log: opLog, value: opValue })
      .from(opLog)
      .leftJoin(opValue, eq(opValue.opId, opLog.opId))
      .where(or(gt(opLog.device, after.device), and(eq(opLog.device, after.device), gt(opLog.devSeq, after.devSeq))))
      .orderBy(asc(opLog.device), asc(opLog.devSeq))
      .limit(SLICE)
      .all();

  const byId = orm
    .select({ opId: opLog.opId })
    .from(opLog)
    .where(eq(opLog.opId, sql.placeholder('opId')))
    .prepare();
  const exists = (opId: string): boolean => byId.get({ opId }) !== undefined;

  /** One snapshot of where the log and this device's chain end: what is saved during the scan is left to the next one. */
  const bounds = opened.db.transaction(() => ({
    total: orm.select({ n: count() }).from(opLog).get()?.n ?? 0,
    newest:
      orm
        .select({ n: max(opLog.localSeq) })
        .from(opLog)
        .get()?.n ?? 0,
    end: orm.select().from(deviceSelf).get(),
  }));

  async function verifyAudit(progress?: (done: number, total: number) => void): Promise<AuditReport> {
    const audit = createAudit(mayLack());
    const { total, newest, end } = bounds();
    let last = { device: '', devSeq: 0 };
    for (let rows = slice(last); rows.length > 0; rows = slice(last)) {
      for (const row of rows) if (row.log.localSeq <= newest) audit.add(auditRow(row));
      last = rows.at(-1)?.log ?? last;
      progress?.(Math.min(audit.done(), total), total);
      if (audit.isHopeless()) break;
      await pause();
    }
    const ends = end === undefined ? [] : [{ device: end.device, devSeq: end.devSeq, hash: end.headHash }];
    return audit.finish({ ends, exists, more: strayHeads(), known: knownProblems() });
  }

  /** A copy of before there was such a thing has no table of it. */
  const knowsGone = (): boolean =>
    opened.db.prepare("SELECT count(*) FROM sqlite_schema WHERE name = 'gone_chain'").pluck().get() === 1;
  const mayLack = (): ChainEnd[] =>
    knowsGone()
      ? (opened.db.prepare('SELECT device, dev_seq AS devSeq, hash FROM gone_chain').all() as ChainEnd[])
      : [];

  /** What a salvage could not save, as it said itself. */
  function knownProblems(): ReadonlySet<string> {
    const row = orm.select({ value: settings.value }).from(settings).where(eq(settings.key, KNOWN_PROBLEMS)).get();
    return new Set(row === undefined ? [] : (JSON.parse(row.value) as string[]));
  }

  function strayHeads(): Problem[] {
    const rows = orm
      .select({ opId: cellHead.opId, devSeq: opLog.devSeq })
      .from(cellHead)
      .leftJoin(opLog, eq(opLog.opId, cellHead.opId))
      .leftJoin(opValue, eq(opValue.opId, cellHead.opId))
      .where(
        and(
          sql`${cellHead.field} NOT LIKE '#%'`,
          or(
            sql`${opLog.opId} IS NULL ${knowsGone() ? NOT_GONE : sql``}`,
            sql`${opLog.opId} IS NOT NULL AND ${cellHead.value} IS NOT ${opValue.value}`,
          ),
        ),
      )
      .limit(MAX_PROBLEMS)
      .all();
    return rows.map((row) => strayHead(row.opId, row.devSeq));
  }

  const problemsOf = async (copy: string): Promise<number> => {
    const other = createReader(copy);
    try {
      return (await other.verifyAudit()).problems.length;
    } finally {
      other.close();
    }
  };

  return {
    verifyAudit,
    invoicesOfLog: (): string[] =>
      orm
        .select({ root: opLog.root })
        .from(opLog)
        .where(and(eq(opLog.kind, 'invoice.created'), isWhole(opLog.root)))
        .orderBy(asc(opLog.localSeq))
        .all()
        .map(({ root }) => root),
    keepBackup: (wish: BackupWish): Promise<BackupOutcome> => makeBackup(opened.db, wish, problemsOf),
    replaceBackups: (folder: string, now: string): Promise<number | undefined> =>
      replaceBackups(opened.db, { folder, now }, problemsOf),
    backup: (target: string): void => {
      try {
        copyDatabase(opened.db, target);
      } catch (error) {
        // Damage is the source's: the copy is new.
        throw storageError(error, isDamage(error) ? path : target);
      }
    },
    close: (): void => opened.close(),
  };
}

interface Row {
  readonly log: typeof opLog.$inferSelect;
  readonly value: typeof opValue.$inferSelect | null;
}

const auditRow = ({ log, value }: Row): AuditRow => ({
  ...log,
  order: log.localSeq,
  content: value === null ? null : { value: value.value, reason: value.reason, salt: value.salt },
});
