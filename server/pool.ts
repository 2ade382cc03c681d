/** Runs worker tasks in piscina threads: typed by core/contract/tasks.ts, with a time limit, cancel, and a thread that can be killed. */
import type { TaskInput, TaskName, TaskOutput, Unreadable } from '../core/contract/tasks.ts';

export interface TaskOptions {
  /** Kills the thread when aborted. */
  readonly signal?: AbortSignal;
  /** Kills the thread after this time; the outcome is `unreadable: timeout`. */
  readonly timeoutMs?: number;
}

export interface Pool {
  /** Outcomes come back as values (`kind`); a killed thread as `{kind:'unreadable', reason:'timeout'|'out-of-memory'|'cancelled'}`. Rejects only for bugs. */
  run<N extends TaskName>(name: N, input: TaskInput<N>, options?: TaskOptions): Promise<TaskOutput<N> | Unreadable>;
  readonly threads: number;
  close(): Promise<void>;
}
