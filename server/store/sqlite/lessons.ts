/** Lessons about vendors in tables: written as their operations come in, made again from the log at will, looked up by the keys of a page. */
import { and, asc, count, countDistinct, desc, eq, gte, inArray, like, lt, sql } from 'drizzle-orm';
import type { BetterSQLite3Database } from 'drizzle-orm/better-sqlite3';
import type { Lesson } from '../../../core/memory/lesson.ts';
import { TOMBSTONE } from '../../../core/sync/kinds.ts';
import type { LessonApplied, OpBody } from '../../../core/sync/op.ts';
import {
  appliedOf,
  keysOfLesson,
  learnedOf,
  LESSON_KINDS,
  type LessonOp,
  MANY_VENDORS,
  MOST_LESSONS,
  stampOf,
} from '../lesson-op.ts';
import type { FoundLessons, LearntVendor, StoredLesson } from '../store.ts';
import { isApplied } from './heads.ts';
import { cellHead, lesson, lessonKey, lessonUse, opLog, opValue } from './schema.ts';

export interface Lessons {
  apply(op: LessonOp, value: string | null): void;
  /** Empties the tables and reads them from the log. */
  rebuild(): void;
  readonly byKeys: (keys: readonly string[]) => FoundLessons;
  readonly ofVendor: (vendor: string) => StoredLesson[];
  readonly ofInvoice: (invoice: string) => StoredLesson[];
  readonly vendors: () => LearntVendor[];
}

export function createLessons(orm: BetterSQLite3Database): Lessons {
  /** Forgotten where every head of the tombstone says so: a restoration that did not see the forgetting keeps the lesson. */
  const isForgotten = sql`EXISTS (SELECT 1 FROM ${cellHead} h WHERE h.root = ${lesson.vendor} AND h.entity = 'lesson:' || ${lesson.id} AND h.field = ${TOMBSTONE} AND h.value = 'deleted')
    AND NOT EXISTS (SELECT 1 FROM ${cellHead} h WHERE h.root = ${lesson.vendor} AND h.entity = 'lesson:' || ${lesson.id} AND h.field = ${TOMBSTONE} AND h.value IS NULL)`;

  function learned(op: LessonOp, value: string | null): void {
    const data = learnedOf(op, value);
    if (data === undefined) return;
    const { id } = op.entity;
    const row = {
      vendor: op.root,
      vendorName: data.vendorName,
      invoice: data.invoice,
      opId: op.op_id,
      actor: op.actor,
    };
    const { stamp, at } = stampOf(op);
    const values = { ...row, learnedAt: at, stamp, data: JSON.stringify(data) };
    const { changes } = orm
      .insert(lesson)
      .values({ id, ...values })
      .onConflictDoUpdate({ target: lesson.id, set: values, setWhere: sql`${lesson.stamp} <= excluded.stamp` })
      .run();
    // An older one that came later changes nothing.
    if (changes === 0) return;
    orm.delete(lessonKey).where(eq(lessonKey.lesson, id)).run();
    for (const key of keysOfLesson(data)) orm.insert(lessonKey).values({ key, vendor: op.root, lesson: id }).run();
  }

  function applied(op: LessonOp, value: string | null): void {
    const data = appliedOf(value);
    if (data === undefined) return;
    const { stamp, at } = stampOf(op);
    const values = { usedAt: at, stamp, data: JSON.stringify(data) };
    orm
      .insert(lessonUse)
      .values({ invoice: data.invoice, vendor: op.root, ...values })
      .onConflictDoUpdate({
        target: [lessonUse.vendor, lessonUse.invoice],
        set: values,
        setWhere: sql`${lessonUse.stamp} <= excluded.stamp`,
      })
      .run();
  }

  const apply = (op: LessonOp, value: string | null): void => {
    if (op.kind === 'lesson.learned') learned(op, value);
    if (op.kind === 'lesson.applied') applied(op, value);
  };

  function forgottenFields({ id, vendor }: { readonly id: string; readonly vendor: string }): string[] {
    // '0' follows '/' in the order of characters.
    const from = `lessonField:${id}/`;
    const rows = orm
      .select({ entity: cellHead.entity, value: cellHead.value })
      .from(cellHead)
      .where(
        and(
          eq(cellHead.root, vendor),
          gte(cellHead.entity, from),
          lt(cellHead.entity, `lessonField:${id}0`),
          eq(cellHead.field, TOMBSTONE),
        ),
      )
      .all();
    const kept = new Set(rows.filter((row) => row.value === null).map((row) => row.entity));
    return [...new Set(rows.map((row) => row.entity))]
      .filter((entity) => !kept.has(entity))
      .map((entity) => entity.slice(from.length));
  }

  const columns = {
    id: lesson.id,
    vendor: lesson.vendor,
    op: lesson.opId,
    actor: lesson.actor,
    learnedAt: lesson.learnedAt,
    data: lesson.data,
    forgotten: sql<number>`${isForgotten}`,
  };
  type Row = { [K in keyof typeof columns]: K extends 'forgotten' ? number : string };
  const stored = ({ data, forgotten, ...row }: Row): StoredLesson => ({
    ...row,
    forgotten: forgotten === 1,
    forgottenFields: forgottenFields(row),
    lesson: JSON.parse(data) as Lesson,
  });

  return {
    apply,
    rebuild() {
      for (const table of [lesson, lessonKey, lessonUse]) orm.delete(table).run();
      const rows = orm
        .select({ body: opLog.body, value: opValue.value })
        .from(opLog)
        .leftJoin(opValue, eq(opValue.opId, opLog.opId))
        .where(and(inArray(opLog.kind, [...LESSON_KINDS]), eq(opLog.verdict, 'accepted'), isApplied))
        .orderBy(asc(opLog.localSeq))
        .all();
      for (const { body, value } of rows) apply(JSON.parse(body) as OpBody, value);
    },
    byKeys(keys) {
      if (keys.length === 0) return { lessons: [], vendorsOf: {} };
      const counted = orm
        .select({ key: lessonKey.key, vendors: countDistinct(lessonKey.vendor) })
        .from(lessonKey)
        .where(inArray(lessonKey.key, [...keys]))
        .groupBy(lessonKey.key)
        .all()
        .filter(({ vendors }) => vendors <= MANY_VENDORS);
      if (counted.length === 0) return { lessons: [], vendorsOf: {} };
      const shared = sql<number>`sum(CASE WHEN ${like(lessonKey.key, 'line:%')} OR ${like(lessonKey.key, 'word:%')} THEN 1 ELSE 4 END)`;
      const rows = orm
        .select(columns)
        .from(lessonKey)
        .innerJoin(lesson, eq(lesson.id, lessonKey.lesson))
        .where(
          and(
            inArray(
              lessonKey.key,
              counted.map(({ key }) => key),
            ),
            sql`NOT (${isForgotten})`,
          ),
        )
        .groupBy(lesson.id)
        .orderBy(desc(shared), desc(lesson.learnedAt), desc(lesson.id))
        .limit(MOST_LESSONS)
        .all();
      return {
        lessons: rows.map(stored),
        vendorsOf: Object.fromEntries(counted.map(({ key, vendors }) => [key, vendors])),
      };
    },
    ofVendor: (vendor) =>
      orm
        .select(columns)
        .from(lesson)
        .where(eq(lesson.vendor, vendor))
        .orderBy(desc(lesson.learnedAt), desc(lesson.id))
        .all()
        .map(stored),
    ofInvoice: (invoice) => orm.select(columns).from(lesson).where(eq(lesson.invoice, invoice)).all().map(stored),
    vendors() {
      const uses = new Map<string, { uses: number; right: number; wrong: number }>();
      for (const { vendor, data } of orm
        .select({ vendor: lessonUse.vendor, data: lessonUse.data })
        .from(lessonUse)
        .all()) {
        const { right, wrong } = JSON.parse(data) as LessonApplied;
        const so = uses.get(vendor) ?? { uses: 0, right: 0, wrong: 0 };
        uses.set(vendor, { uses: so.uses + 1, right: so.right + right.length, wrong: so.wrong + wrong.length });
      }
      return orm
        .select({
          vendor: lesson.vendor,
          // SQLite takes the other columns from the row that has the maximum.
          name: lesson.vendorName,
          learnedAt: sql<string>`max(${lesson.learnedAt})`,
          lessons: count(),
          active: sql<number>`sum(NOT (${isForgotten}))`,
        })
        .from(lesson)
        .groupBy(lesson.vendor)
        .orderBy(asc(sql`lower(${lesson.vendorName})`))
        .all()
        .map((row) => ({ ...row, ...(uses.get(row.vendor) ?? { uses: 0, right: 0, wrong: 0 }) }));
    },
  };
}
