/** Rows of lessons made of operations: written as they come in, and again when they are rebuilt from the log. */
import { and, eq } from 'drizzle-orm';
import type { PgInsertValue } from 'drizzle-orm/pg-core';
import { appliedOf, learnedOf, type LessonOp } from '../lesson-op.ts';
import type { Orm, Statement } from './connection.ts';
import { lesson, lessonKey, lessonUse } from './schema.ts';
import { withoutNul } from './text.ts';

export function lessonStatements(orm: Orm, site: string, op: LessonOp, value: string | null, at: string): Statement[] {
  if (op.kind === 'lesson.learned') return learned(orm, site, op, value, at);
  if (op.kind === 'lesson.applied') return applied(orm, site, op, value, at);
  return [];
}

function learned(orm: Orm, site: string, op: LessonOp, value: string | null, at: string): Statement[] {
  const data = learnedOf(value);
  if (data === undefined) return [];
  const { id } = op.entity;
  const [vendorName, invoice] = [withoutNul(data.vendorName), withoutNul(data.invoice)];
  const row = { vendor: op.root, vendorName, invoice, opId: op.op_id };
  const values = { ...row, actor: op.actor, learnedAt: at, data };
  const keys: PgInsertValue<typeof lessonKey>[] = [...new Set(data.keys.map(({ key }) => withoutNul(key)))].map(
    (key) => ({ site, key, vendor: op.root, lesson: id }),
  );
  return [
    orm
      .insert(lesson)
      .values({ site, id, ...values })
      .onConflictDoUpdate({ target: [lesson.site, lesson.id], set: values }),
    orm.delete(lessonKey).where(and(eq(lessonKey.site, site), eq(lessonKey.lesson, id))),
    ...(keys.length === 0 ? [] : [orm.insert(lessonKey).values(keys)]),
  ];
}

function applied(orm: Orm, site: string, op: LessonOp, value: string | null, at: string): Statement[] {
  const data = appliedOf(value);
  if (data === undefined) return [];
  const values = { usedAt: at, rightValues: data.right.length, wrongValues: data.wrong.length, data };
  return [
    orm
      .insert(lessonUse)
      .values({ site, vendor: op.root, invoice: withoutNul(data.invoice), ...values })
      .onConflictDoUpdate({ target: [lessonUse.site, lessonUse.vendor, lessonUse.invoice], set: values }),
  ];
}
