/** A name guessed for one side of the invoice. */
import { nameTokens } from '../layout/text.ts';
import type { Scored } from '../score/scored.ts';
import type { Party } from './sections.ts';

export interface NameCandidate extends Scored {
  /** How much the same words speak for the other side. */
  readonly party: Party;
}

export function sameName(a: string, b: string): boolean {
  const [x, y] = [new Set(nameTokens(a)), new Set(nameTokens(b))];
  const shared = [...x].filter((t) => y.has(t)).length;
  return shared > 0 && ((2 * shared) / (x.size + y.size) >= 0.66 || shared === Math.min(x.size, y.size));
}
