/** One station that ends and is started again: the same folder, the same port. What is left of it goes when the fault is over, whatever was thrown. */
import { type ChildOptions, kill, type ServerChild, startChild } from '../server-child.ts';

export interface Lives {
  begin(): Promise<ServerChild>;
  /** Seconds that its slowest start took. */
  readonly slowestStart: () => number;
  /** Kills what still lives. */
  over(): Promise<void>;
}

export function createLives(options: Omit<ChildOptions, 'port'>): Lives {
  let now: ServerChild | undefined;
  let slowest = 0;
  return {
    async begin() {
      now = await startChild({ ...options, port: now?.port ?? 0 });
      slowest = Math.max(slowest, now.startMs);
      return now;
    },
    slowestStart: () => slowest / 1_000,
    async over() {
      if (now !== undefined) await kill(now);
    },
  };
}
