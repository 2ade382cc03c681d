/**
 * Look-ups by key that come while others are on their way are asked of the database together: a round trip, a transaction and the work of the sockets cost the
 * same for many keys as for one. A lone look-up does not wait. Nobody joins what was sent before they came: an answer is never older than its question.
 */
import { isAway } from './errors.ts';

export interface Gathering<K, V> {
  /** The same name, the same answer. */
  readonly nameOf: (key: K) => string;
  /** An answer for each key, in their order. */
  readonly load: (keys: readonly K[]) => Promise<readonly V[]>;
}

const MOST = 100;
/** What takes so long holds up nobody else. */
const PATIENCE_MS = 50;

interface Waiting<K, V> {
  readonly key: K;
  /** Everybody who asked for it. */
  readonly askers: { readonly resolve: (answer: V) => void; readonly reject: (error: unknown) => void }[];
}

export function createGathering<K, V>({ nameOf, load }: Gathering<K, V>): (key: K) => Promise<V> {
  let waiting = new Map<string, Waiting<K, V>>();
  let underWay: object | undefined;
  let isComing = false;

  async function ask(batch: readonly Waiting<K, V>[]): Promise<void> {
    try {
      const answers = await load(batch.map(({ key }) => key));
      for (const [at, { askers }] of batch.entries()) for (const { resolve } of askers) resolve(answers[at] as V);
    } catch (error) {
      // A key that cannot be looked up must not be the failure of the others.
      if (batch.length > 1 && !isAway(error)) await Promise.all(batch.map((one) => ask([one])));
      else for (const { askers } of batch) for (const { reject } of askers) reject(error);
    }
  }

  function send(): void {
    const all = [...waiting];
    waiting = new Map(all.slice(MOST));
    const batch = ask(all.slice(0, MOST).map(([, one]) => one));
    underWay = batch;
    const next = (): void => {
      if (underWay !== batch) return;
      underWay = undefined;
      come();
    };
    const timer = setTimeout(next, PATIENCE_MS);
    void batch.then(() => {
      clearTimeout(timer);
      next();
    });
  }
  /** What comes in the same turn of the program goes together. */
  function come(): void {
    if (isComing || waiting.size === 0 || underWay !== undefined) return;
    isComing = true;
    setImmediate(() => {
      isComing = false;
      send();
    });
  }

  return (key) =>
    new Promise((resolve, reject) => {
      const name = nameOf(key);
      const known = waiting.get(name);
      if (known === undefined) waiting.set(name, { key, askers: [{ resolve, reject }] });
      else known.askers.push({ resolve, reject });
      come();
    });
}
