/** What every database has to know of the operations about lessons. */
import { Lesson } from '../../core/memory/lesson.ts';
import { LessonApplied, type OpBody } from '../../core/sync/op.ts';

export type LessonOp = Pick<OpBody, 'op_id' | 'kind' | 'root' | 'entity' | 'actor'>;

export const LESSON_KINDS = ['lesson.learned', 'lesson.applied'] as const;

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

export const learnedOf = (value: string | null): Lesson | undefined => parsed<Lesson>(Lesson, value);
export const appliedOf = (value: string | null): LessonApplied | undefined =>
  parsed<LessonApplied>(LessonApplied, value);
