/** Ids that come one by one, claimed together: one round trip for all that came in the same turn of the event loop. */
import type { Claim, Queue } from './queue.ts';

interface Asked {
  readonly id: string;
  readonly resolve: (claim: Claim) => void;
  readonly reject: (error: unknown) => void;
}

const MOST = 100;

export function createClaims(queue: Pick<Queue, 'claimThese'>, leaseMs: number): (id: string) => Promise<Claim> {
  let asked: Asked[] = [];

  const claim = async (batch: readonly Asked[]): Promise<void> => {
    try {
      const ids = batch.map(({ id }) => id);
      const claims = await queue.claimThese(ids, leaseMs);
      for (const [index, { resolve }] of batch.entries()) resolve(claims[index] ?? { kind: 'gone', state: undefined });
    } catch (error) {
      for (const { reject } of batch) reject(error);
    }
  };
  const flush = (): void => {
    const all = asked;
    asked = [];
    for (let from = 0; from < all.length; from += MOST) void claim(all.slice(from, from + MOST));
  };

  return (id) =>
    new Promise((resolve, reject) => {
      if (asked.length === 0) setImmediate(flush);
      asked.push({ id, resolve, reject });
    });
}
