/** What every database has to know of the operations about lessons. */
import { lessonId } from '../../core/memory/ids.ts';
import { Lesson } from '../../core/memory/lesson.ts';
import { hlcMs } from '../../core/sync/hlc.ts';
import { LessonApplied, type OpBody } from '../../core/sync/op.ts';
import { sha256 } from './audit.ts';

export type LessonOp = Pick<OpBody, 'op_id' | 'kind' | 'root' | 'entity' | 'actor' | 'hlc'>;

export const LESSON_KINDS = ['lesson.learned', 'lesson.applied'] as const;

/** Year 9999: no text of an instant sorts after it. */
const LAST_MS = 253_402_300_799_999;

/**
 * [Note: The newest lesson] Learned twice of one invoice on two desks that did not see each other, the newer one counts by its author's clock, and the order of lessons is that of
 * their authors' clocks: the same on every desk and at the site, whatever came first there. `stamp` compares two operations, `at` is what lists sort by and show.
 */
export const stampOf = ({ hlc, op_id: id }: LessonOp): { readonly stamp: string; readonly at: string } => ({
  stamp: `${hlc} ${id}`,
  at: new Date(Math.min(hlcMs(hlc) ?? 0, LAST_MS)).toISOString(),
});

/** For one page. */
export const MOST_LESSONS = 20;
/** A key of more vendors than this says nothing about any of them. */
export const MANY_VENDORS = 20;

function parsed<T>(
  schema: { safeParse(value: unknown): { success: boolean; data?: T } },
  value: string | null,
): T | undefined {
  if (value === null) return undefined;
  try {
    return schema.safeParse(JSON.parse(value)).data;
  } catch {
    return undefined; // erased in part, or of a newer version
  }
}

type Named = Pick<LessonOp, 'kind' | 'root' | 'entity'>;

/** The id of a lesson proves whose it is, and of which invoice. */
const isOf = ({ root, entity }: Named, { invoice }: Lesson): boolean => entity.id === lessonId(sha256, root, invoice);

/** What names another vendor's lesson makes no row. */
export function learnedOf(op: LessonOp, value: string | null): Lesson | undefined {
  const lesson = parsed<Lesson>(Lesson, value);
  return lesson !== undefined && isOf(op, lesson) ? lesson : undefined;
}

/** An index takes about 2,700 bytes a row: by a longer key (a word of a page without an end) nobody is known again. */
const LONGEST_KEY = 200;
export const keysOfLesson = ({ keys }: Lesson): string[] => [
  ...new Set(keys.flatMap(({ key }) => (key.length > LONGEST_KEY ? [] : key))),
];

export function isForeignLesson(op: Named, value: string | null): boolean {
  const lesson = op.kind === 'lesson.learned' ? parsed<Lesson>(Lesson, value) : undefined;
  return lesson !== undefined && !isOf(op, lesson);
}

export const appliedOf = (value: string | null): LessonApplied | undefined =>
  parsed<LessonApplied>(LessonApplied, value);
