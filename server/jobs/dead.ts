/** Everything that was given up, tried again. */
import type { Queue } from '../queue/queue.ts';

const PAGE = 200;

export interface Replayed {
  readonly replayed: number;
  readonly superseded: number;
}

/** Those that are dead now, each once: what dies again meanwhile stays dead. */
export async function replayAll(queue: Pick<Queue, 'deadLetters' | 'replay'>): Promise<Replayed> {
  const ids: string[] = [];
  let cursor: string | undefined;
  do {
    const page = await queue.deadLetters({ cursor, limit: PAGE });
    ids.push(...page.items.map(({ id }) => id));
    cursor = page.next ?? undefined;
  } while (cursor !== undefined);
  let replayed = 0;
  let superseded = 0;
  for (const id of ids) {
    const outcome = await queue.replay(id);
    if (outcome === 'waiting') replayed += 1;
    else if (outcome === 'superseded') superseded += 1;
  }
  return { replayed, superseded };
}
