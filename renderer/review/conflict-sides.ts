import type { Cell } from '../../core/contract/invoice.ts';

type Heads = NonNullable<Cell['conflict']>;

/** Heads that say the same are one side; in the order in which they came, as in the list of conflicts. */
export function conflictSides(heads: Heads): { readonly value: string | null; readonly heads: Heads }[] {
  const sides = new Map<string | null, Heads>();
  const arrived = heads.toSorted((a, b) => (`${a.at} ${a.op}` < `${b.at} ${b.op}` ? -1 : 1));
  for (const head of arrived) sides.set(head.value, [...(sides.get(head.value) ?? []), head]);
  return [...sides].map(([value, of]) => ({ value, heads: of }));
}
