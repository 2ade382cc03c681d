/** Gauges that are asked of something that may be away: they show nothing then, and every other number is told all the same. */
import type { Gauge } from 'prom-client';

export type Numbers<L extends string> = readonly (readonly [Readonly<Partial<Record<L, string>>>, number])[];

export async function show<L extends string>(gauge: Gauge<L>, ask: () => Promise<Numbers<L>>): Promise<void> {
  const numbers = await ask().catch((): Numbers<L> => []);
  gauge.reset();
  for (const [labels, value] of numbers) gauge.set(labels, value);
}

const FRESH_MS = 500;

/** One look a scrape, for all gauges that show something of it. */
export function onceAScrape<T>(look: () => Promise<T>): () => Promise<T> {
  let last: { readonly at: number; readonly seen: Promise<T> } | undefined;
  return () => {
    if (last === undefined || performance.now() - last.at > FRESH_MS) last = { at: performance.now(), seen: look() };
    return last.seen;
  };
}
