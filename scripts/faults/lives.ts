/**
 * One station that ends and is started again on the same folder. Each life has a port of its own: the last one's may be anybody's by now. What is left of it goes when the fault is over,
 * whatever was thrown.
 */
import { type ChildOptions, kill, type ServerChild, startChild, stop } from '../server-child.ts';
import type { Random } from '../random.ts';

export interface Lives {
  begin(): Promise<ServerChild>;
  /** One that ends as asked, before anything goes wrong: what Node compiled is kept by it, as in the life of every station. */
  first(): Promise<void>;
  /** Seconds that its slowest start took. */
  readonly slowestStart: () => number;
  /** Kills what still lives. */
  over(): Promise<void>;
}

const LONGEST_LIFE_MS = 1_800;
const LONGEST_SLOW_LIFE_MS = 10_000;

/** Where the machine is slow it takes longer until anything is done that can be lost. */
export const lifeOf = ({ startMs }: ServerChild, random: Random): number =>
  random.integer(
    50,
    Math.min(LONGEST_SLOW_LIFE_MS, Math.max(LONGEST_LIFE_MS, Math.round(2 * startMs) - LONGEST_LIFE_MS)),
  );

export function createLives(options: Omit<ChildOptions, 'port'>): Lives {
  let now: ServerChild | undefined;
  let slowest = 0;
  return {
    async begin() {
      now = await startChild(options);
      slowest = Math.max(slowest, now.startMs);
      return now;
    },
    first: async () => stop(await startChild(options)),
    slowestStart: () => slowest / 1_000,
    async over() {
      if (now !== undefined) await kill(now);
    },
  };
}
