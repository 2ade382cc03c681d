/** Named streams of chance: what one part of a document draws does not shift what another part gets. */
import { createRandom, type Random } from '../random.ts';

export interface Chance extends Random {
  /** True in the given share of cases. */
  chance(share: number): boolean;
  /** One of the keys, by weight. */
  weighted<K extends string>(weights: Readonly<Partial<Record<K, number>>>): K;
  /** `count` different ones of the list, in the list's order. */
  some<T>(list: readonly T[], count: number): T[];
  shuffled<T>(list: readonly T[]): T[];
  between(low: number, high: number): number;
  digits(count: number): string;
  letters(count: number): string;
}

/** FNV-1a: names and numbers -> a seed. */
export function hash(...parts: readonly (string | number)[]): number {
  let h = 0x811c9dc5;
  for (const c of parts.join('\u0001')) {
    h ^= c.codePointAt(0) ?? 0;
    h = Math.imul(h, 0x01000193);
  }
  h ^= h >>> 15;
  return Math.imul(h, 0x2c1b3c6d) >>> 0;
}

export function stream(...parts: readonly (string | number)[]): Chance {
  const random = createRandom(hash(...parts));
  const shuffled = <T>(list: readonly T[]): T[] => {
    const copy = [...list];
    for (let i = copy.length - 1; i > 0; i--) {
      const j = random.integer(0, i);
      [copy[i], copy[j]] = [copy[j] as T, copy[i] as T];
    }
    return copy;
  };
  return {
    ...random,
    shuffled,
    chance: (share) => random.next() < share,
    weighted: (weights) => weighted(weights, random.next()),
    some: (list, count) => {
      const chosen = new Set(shuffled([...list.keys()]).slice(0, count));
      return list.filter((_, i) => chosen.has(i));
    },
    between: (low, high) => low + random.next() * (high - low),
    digits: (count) => Array.from({ length: count }, (_, i) => String(random.integer(i === 0 ? 1 : 0, 9))).join(''),
    letters: (count) => Array.from({ length: count }, () => 'ABCDEFGHKLMNPRSTVWXZ'[random.integer(0, 19)]).join(''),
  };
}

function weighted<K extends string>(weights: Readonly<Partial<Record<K, number>>>, at: number): K {
  const entries = Object.entries(weights) as [K, number][];
  let left = at * entries.reduce((sum, [, weight]) => sum + weight, 0);
  for (const [key, weight] of entries) {
    left -= weight;
    if (left < 0) return key;
  }
  const last = entries.at(-1);
  if (last === undefined) throw new RangeError('nothing to choose from');
  return last[0];
}
