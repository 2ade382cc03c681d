/**
 * What was remembered while a document was read, and whether the same question has another answer since: a lesson may be learned, or forgotten, by any process
 * meanwhile. Asked after the reading is recorded: a lesson is written before its writer looks for readings to look at again, so one of the two sees the other.
 */
import type { Memory } from '../../core/memory/lesson.ts';

type Recall = (keys: readonly string[]) => Promise<Memory | undefined>;

export interface RecallWatch {
  readonly recall: Recall;
  readonly isOutdated: () => Promise<boolean>;
}

/** The same whatever order the store answers in. */
const said = (memory: Memory | undefined): string =>
  memory === undefined
    ? ''
    : JSON.stringify([
        memory.lessons.toSorted((a, b) => (a.id < b.id ? -1 : 1)),
        Object.entries(memory.vendorsOf).toSorted(([a], [b]) => (a < b ? -1 : 1)),
      ]);

export function watchRecall(recall: Recall): RecallWatch {
  const asked: { readonly keys: readonly string[]; readonly answer: string }[] = [];
  return {
    async recall(keys) {
      const memory = await recall(keys);
      asked.push({ keys, answer: said(memory) });
      return memory;
    },
    async isOutdated() {
      for (const { keys, answer } of asked) if (said(await recall(keys)) !== answer) return true;
      return false;
    },
  };
}
