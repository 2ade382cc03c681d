/** Lessons about vendors, looked up by the keys of a page, by vendor, by invoice. `lesson-rows.ts` writes them. */
import { and, asc, desc, eq, inArray, like, type SQL, sql } from 'drizzle-orm';
import type { Lesson } from '../../../core/memory/lesson.ts';
import { TOMBSTONE } from '../../../core/sync/kinds.ts';
import { MANY_VENDORS, MOST_LESSONS } from '../lesson-op.ts';
import type { FoundLessons, LearntVendor, StoredLesson } from '../store.ts';
import type { Orm } from './connection.ts';
import { cellHead, lesson, lessonKey, lessonUse } from './schema.ts';

/** Forgotten where every head of the tombstone says so: a restoration that did not see the forgetting keeps the lesson. */
const tombstone = (value: SQL): SQL =>
  sql`EXISTS (SELECT 1 FROM ${cellHead} h WHERE h.site = ${lesson.site} AND h.root = ${lesson.vendor} AND h.entity = 'lesson:' || ${lesson.id} AND h.field = ${TOMBSTONE} AND h.value ${value})`;
const isForgotten = sql<boolean>`(${tombstone(sql`= 'deleted'`)} AND NOT ${tombstone(sql`IS NULL`)})`;

const columns = {
  id: lesson.id,
  vendor: lesson.vendor,
  op: lesson.opId,
  actor: lesson.actor,
  learnedAt: lesson.learnedAt,
  data: lesson.data,
  forgotten: isForgotten,
};
type Row = { [K in keyof typeof columns]: K extends 'forgotten' ? boolean : K extends 'data' ? unknown : string };

/** Fields of these lessons that are forgotten, by lesson. */
async function forgottenFields(
  orm: Orm,
  site: string,
  lessons: readonly Pick<Row, 'id' | 'vendor'>[],
): Promise<Map<string, string[]>> {
  const found = new Map<string, string[]>();
  if (lessons.length === 0) return found;
  const [ids, vendors] = [lessons.map(({ id }) => id), lessons.map(({ vendor }) => vendor)];
  // '0' follows '/' in the order of characters.
  const { rows } = await orm.execute<{ id: string; entity: string }>(sql`
    SELECT given.id, h.entity FROM unnest(${sql.param(ids)}::text[], ${sql.param(vendors)}::text[]) AS given (id, vendor)
    JOIN ${cellHead} h ON h.site = ${site} AND h.root = given.vendor AND h.entity >= 'lessonField:' || given.id || '/' AND h.entity < 'lessonField:' || given.id || '0'
      AND h.field = ${TOMBSTONE}
    GROUP BY given.id, h.entity HAVING bool_and(h.value IS NOT NULL) ORDER BY h.entity`);
  for (const { id, entity } of rows)
    found.set(id, [...(found.get(id) ?? []), entity.slice(`lessonField:${id}/`.length)]);
  return found;
}

async function stored(orm: Orm, site: string, rows: readonly Row[]): Promise<StoredLesson[]> {
  const fields = await forgottenFields(orm, site, rows);
  return rows.map(({ data, ...row }) => ({
    ...row,
    forgottenFields: fields.get(row.id) ?? [],
    lesson: data as Lesson,
  }));
}

export async function lessonsByKeys(orm: Orm, site: string, keys: readonly string[]): Promise<FoundLessons> {
  if (keys.length === 0) return { lessons: [], vendorsOf: {} };
  const counted = await orm
    .select({ key: lessonKey.key, vendors: sql<number>`count(DISTINCT ${lessonKey.vendor})::int` })
    .from(lessonKey)
    .where(and(eq(lessonKey.site, site), inArray(lessonKey.key, [...keys])))
    .groupBy(lessonKey.key);
  const useful = counted.filter(({ vendors }) => vendors <= MANY_VENDORS);
  if (useful.length === 0) return { lessons: [], vendorsOf: {} };
  const shared = sql<number>`sum(CASE WHEN ${like(lessonKey.key, 'line:%')} OR ${like(lessonKey.key, 'word:%')} THEN 1 ELSE 4 END)`;
  const named = useful.map(({ key }) => key);
  const rows = await orm
    .select(columns)
    .from(lessonKey)
    .innerJoin(lesson, and(eq(lesson.site, lessonKey.site), eq(lesson.id, lessonKey.lesson)))
    .where(and(eq(lessonKey.site, site), inArray(lessonKey.key, named), sql`NOT ${isForgotten}`))
    .groupBy(lesson.site, lesson.id)
    .orderBy(desc(shared), desc(lesson.learnedAt), desc(lesson.id))
    .limit(MOST_LESSONS);
  return {
    lessons: await stored(orm, site, rows),
    vendorsOf: Object.fromEntries(useful.map(({ key, vendors }) => [key, vendors])),
  };
}

export async function lessonsOf(orm: Orm, site: string, vendor: string): Promise<StoredLesson[]> {
  const rows = await orm
    .select(columns)
    .from(lesson)
    .where(and(eq(lesson.site, site), eq(lesson.vendor, vendor)))
    .orderBy(desc(lesson.learnedAt), desc(lesson.id));
  return stored(orm, site, rows);
}

export async function lessonsFrom(orm: Orm, site: string, invoice: string): Promise<StoredLesson[]> {
  const rows = await orm
    .select(columns)
    .from(lesson)
    .where(and(eq(lesson.site, site), eq(lesson.invoice, invoice)));
  return stored(orm, site, rows);
}

export async function learntVendors(orm: Orm, site: string): Promise<LearntVendor[]> {
  const [rows, used] = await Promise.all([
    orm
      .select({
        vendor: lesson.vendor,
        name: sql<string>`(array_agg(${lesson.vendorName} ORDER BY ${lesson.learnedAt} DESC, ${lesson.id} DESC))[1]`,
        learnedAt: sql<string>`max(${lesson.learnedAt})`,
        lessons: sql<number>`count(*)::int`,
        active: sql<number>`(count(*) FILTER (WHERE NOT ${isForgotten}))::int`,
      })
      .from(lesson)
      .where(eq(lesson.site, site))
      .groupBy(lesson.vendor)
      .orderBy(
        asc(
          sql`lower((array_agg(${lesson.vendorName} ORDER BY ${lesson.learnedAt} DESC, ${lesson.id} DESC))[1]) COLLATE "C"`,
        ),
      ),
    orm
      .select({
        vendor: lessonUse.vendor,
        uses: sql<number>`count(*)::int`,
        right: sql<number>`sum(${lessonUse.rightValues})::int`,
        wrong: sql<number>`sum(${lessonUse.wrongValues})::int`,
      })
      .from(lessonUse)
      .where(eq(lessonUse.site, site))
      .groupBy(lessonUse.vendor),
  ]);
  const uses = new Map(used.map(({ vendor, ...sums }) => [vendor, sums]));
  return rows.map((row) => ({
    ...row,
    learnedAt: new Date(row.learnedAt).toISOString(),
    ...(uses.get(row.vendor) ?? { uses: 0, right: 0, wrong: 0 }),
  }));
}
