/** Rows of lessons made of operations: written as they come in, and again when they are rebuilt from the log. */
import { and, eq, sql } from 'drizzle-orm';
import { appliedOf, keysOfLesson, learnedOf, type LessonOp, stampOf } from '../lesson-op.ts';
import type { Orm, Statement } from './connection.ts';
import { lesson, lessonKey, lessonUse } from './schema.ts';
import { withoutNul } from './text.ts';

export function lessonStatements(orm: Orm, site: string, op: LessonOp, value: string | null): Statement[] {
  if (op.kind === 'lesson.learned') return learned(orm, site, op, value);
  if (op.kind === 'lesson.applied') return applied(orm, site, op, value);
  return [];
}

function learned(orm: Orm, site: string, op: LessonOp, value: string | null): Statement[] {
  const data = learnedOf(op, value);
  if (data === undefined) return [];
  const { id } = op.entity;
  const [vendorName, invoice] = [withoutNul(data.vendorName), withoutNul(data.invoice)];
  const row = { vendor: op.root, vendorName, invoice, opId: op.op_id };
  const { stamp, at } = stampOf(op);
  const values = { ...row, actor: op.actor, learnedAt: at, stamp, data };
  const keys = [...new Set(keysOfLesson(data).map((key) => withoutNul(key)))];
  // An older one that came later changes nothing.
  const isNewest = sql`EXISTS (SELECT FROM ${lesson} l WHERE l.site = ${site} AND l.id = ${id} AND l.op_id = ${op.op_id})`;
  return [
    orm
      .insert(lesson)
      .values({ site, id, ...values })
      .onConflictDoUpdate({
        target: [lesson.site, lesson.id],
        set: values,
        setWhere: sql`${lesson.stamp} <= excluded.stamp`,
      }),
    orm.delete(lessonKey).where(and(eq(lessonKey.site, site), eq(lessonKey.lesson, id), isNewest)),
    sql`INSERT INTO ${lessonKey} (site, key, vendor, lesson) SELECT ${site}, k.key, ${op.root}, ${id} FROM unnest(${sql.param(keys)}::text[]) AS k (key) WHERE ${isNewest}`,
  ];
}

function applied(orm: Orm, site: string, op: LessonOp, value: string | null): Statement[] {
  const data = appliedOf(value);
  if (data === undefined) return [];
  const { stamp, at } = stampOf(op);
  const values = { usedAt: at, stamp, rightValues: data.right.length, wrongValues: data.wrong.length, data };
  return [
    orm
      .insert(lessonUse)
      .values({ site, vendor: op.root, invoice: withoutNul(data.invoice), ...values })
      .onConflictDoUpdate({
        target: [lessonUse.site, lessonUse.vendor, lessonUse.invoice],
        set: values,
        setWhere: sql`${lessonUse.stamp} <= excluded.stamp`,
      }),
  ];
}
