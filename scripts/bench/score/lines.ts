/** Lines of a document: which of the truth were found, one to one. */
import { alternatives, amountOf, isKnown, lettersAndDigits, likeness, within, wordsOf } from './rules.ts';
import type { Known } from './rules.ts';

export interface KnownLine {
  readonly description?: Known;
  readonly quantity?: Known;
  readonly unitPrice?: Known;
  readonly lineTotal?: Known;
}
export type SaidLine = Readonly<Record<string, unknown>>;

/** Cells of a line that the benchmark knows, with the room an amount has. */
const ROOM = { quantity: 0.001, unitPrice: 0.001, lineTotal: 0.01 } as const;

/** A credit note prints its amounts with or without a sign. */
const agrees = (known: Known | undefined, said: unknown, room: number, unsigned: boolean): boolean => {
  const size = unsigned ? (v: unknown): number => Math.abs(amountOf(v)) : amountOf;
  return known !== undefined && alternatives(known).some((value) => within(size(value), size(said), room));
};

/** How much the words resemble: 2 where one text holds the other, 1 to 2 from half the words on, else undefined. */
export function textLikeness(known: unknown, said: unknown): number | undefined {
  if (!isKnown(known) || !isKnown(said)) return undefined;
  const [a, b] = [lettersAndDigits(known), lettersAndDigits(said)];
  if (b.length > 2 && (b.includes(a) || a.includes(b))) return 2;
  const share = likeness(wordsOf(known), wordsOf(said));
  return share >= 0.5 ? 1 + share : undefined;
}

function resemblance(known: KnownLine, said: SaidLine, unsigned: boolean): number | undefined {
  const money = isKnown(known.lineTotal)
    ? agrees(known.lineTotal, said['lineTotal'], 0.01, unsigned)
    : agrees(known.quantity, said['quantity'], 0.005, unsigned) &&
      agrees(known.unitPrice, said['unitPrice'], 0.01, unsigned);
  return money ? textLikeness(known.description, said['description']) : undefined;
}

export interface LineScore {
  readonly known: number;
  readonly said: number;
  readonly found: number;
  /** Found, and quantity, price and amount are right. */
  readonly whole: number;
}

/** Each known line takes the said line that resembles it most and was not taken. */
export function scoreLines(known: readonly KnownLine[], said: readonly SaidLine[], unsigned: boolean): LineScore {
  const taken = new Set<number>();
  let whole = 0;
  for (const line of known) {
    const best = said
      .map((other, i) => ({ i, other, like: taken.has(i) ? undefined : resemblance(line, other, unsigned) }))
      .filter((pair) => pair.like !== undefined)
      .toSorted((a, b) => (b.like ?? 0) - (a.like ?? 0))[0];
    if (!best) continue;
    taken.add(best.i);
    const rest = (Object.keys(ROOM) as (keyof typeof ROOM)[]).filter((field) => isKnown(line[field]));
    if (rest.every((field) => agrees(line[field], best.other[field], ROOM[field], unsigned))) whole += 1;
  }
  return { known: known.length, said: said.length, found: taken.size, whole };
}

export const f1 = (hits: number, known: number, said: number): number =>
  known + said === 0 ? 0 : (2 * hits) / (known + said);
