/**
 * Changes of one site that come while another one is on its way to the disk, saved together: they would only wait for each other (one lock a site, one flush a
 * commit). Each is judged and answered by itself, and nobody is answered before all of it is on the disk. A lone change does not wait.
 */
import { AppError } from '../../../core/contract/errors.ts';

export interface Together<I, O> {
  /** Saves these in one transaction; an answer for each, in their order. */
  readonly save: (items: readonly I[]) => Promise<readonly O[]>;
  /** What no two items of a transaction may have in common: the second would have to see what the first one did. */
  readonly keys: (item: I) => readonly string[];
  /** About how many rows it writes. */
  readonly weight: (item: I) => number;
}

/** Nobody waits long for those that came before. */
const HEAVIEST = 300;

interface Waiting<I, O> {
  readonly item: I;
  readonly resolve: (answer: O) => void;
  readonly reject: (error: unknown) => void;
}

/** The database is away, was lost in the middle, or is held up: another try of each would say the same, do it twice, or hold up everybody else. */
const concernsAll = (error: unknown): boolean => {
  const reason = error instanceof AppError ? error.details['reason'] : undefined;
  return reason === 'database-away' || reason === 'database-interrupted' || reason === 'too-slow';
};

export function createTogether<I, O>({ save, keys, weight }: Together<I, O>): (item: I) => Promise<O> {
  let waiting: Waiting<I, O>[] = [];
  let isUnderWay = false;

  /** The first ones that may go together; what has something in common with one that came earlier goes later. */
  function next(): Waiting<I, O>[] {
    const taken = new Set<string>();
    const batch: Waiting<I, O>[] = [];
    const rest: Waiting<I, O>[] = [];
    let heavy = 0;
    for (const [at, one] of waiting.entries()) {
      // What is too much for this turn need not be looked at yet.
      if (heavy > HEAVIEST) {
        rest.push(...waiting.slice(at));
        break;
      }
      const own = keys(one.item);
      heavy += weight(one.item);
      const fits = own.every((key) => !taken.has(key)) && (batch.length === 0 || heavy <= HEAVIEST);
      for (const key of own) taken.add(key);
      (fits ? batch : rest).push(one);
    }
    waiting = rest;
    return batch;
  }

  const alone = async ({ item, resolve, reject }: Waiting<I, O>): Promise<void> => {
    try {
      const [saved] = await save([item]);
      resolve(saved as O);
    } catch (error) {
      reject(error);
    }
  };
  /** Where one of them cannot be saved, it must not be the failure of the others. */
  async function answer(batch: readonly Waiting<I, O>[]): Promise<void> {
    if (batch.length === 1) return alone(batch[0] as Waiting<I, O>);
    try {
      const answers = await save(batch.map(({ item }) => item));
      for (const [at, { resolve }] of batch.entries()) resolve(answers[at] as O);
    } catch (error) {
      if (concernsAll(error)) for (const { reject } of batch) reject(error);
      // One after the other: they want the same lock, and other sites want connections.
      else for (const one of batch) await alone(one);
    }
  }
  async function work(): Promise<void> {
    while (waiting.length > 0) await answer(next());
    isUnderWay = false;
  }

  return (item) =>
    new Promise((resolve, reject) => {
      waiting.push({ item, resolve, reject });
      if (isUnderWay) return;
      isUnderWay = true;
      // What comes in the same turn goes with it.
      setImmediate(() => void work());
    });
}
