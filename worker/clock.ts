/** Milliseconds spent in each stage of a task. */
import { performance } from 'node:perf_hooks';

export interface StageClock {
  readonly ms: Record<string, number>;
  readonly timed: <T>(stage: string, work: () => Promise<T> | T) => Promise<T>;
}

export function createStageClock(): StageClock {
  const ms: Record<string, number> = {};
  return {
    ms,
    timed: async (stage, work) => {
      const start = performance.now();
      try {
        return await work();
      } finally {
        ms[stage] = Math.round(((ms[stage] ?? 0) + performance.now() - start) * 10) / 10;
      }
    },
  };
}
