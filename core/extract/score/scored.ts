/** A scored guess at one value, before it becomes a cell of the reading. */
import type { Candidate, ReadCell, Source } from '../../contract/reading.ts';
import type { Token } from '../layout/model.ts';
import { boxOf, textOf } from '../layout/model.ts';

export interface Scored {
  readonly value: string;
  readonly text: string;
  readonly tokens: readonly Token[];
  /** 0..1 */
  readonly score: number;
  readonly reasons: readonly string[];
}

const MAX_CANDIDATES = 6;

export const clamp = (value: number, low = 0, high = 1): number => Math.min(high, Math.max(low, value));

const sourceOf = (tokens: readonly Token[]): Source => (tokens.some((t) => t.source === 'ocr') ? 'ocr' : 'text');

/** Best first, one entry per value; a value found in several places gains a little with each. */
export function ranked(scored: readonly Scored[]): Scored[] {
  const byValue = new Map<string, Scored[]>();
  for (const s of scored) byValue.set(s.value, [...(byValue.get(s.value) ?? []), s]);
  return [...byValue.values()]
    .map((group) => {
      const best = group.reduce((a, b) => (b.score > a.score ? b : a));
      const repeats = group.filter(
        (s) => s !== best && s.score > 0.3 && s.tokens[0]?.index !== best.tokens[0]?.index,
      ).length;
      return { ...best, score: clamp(best.score + Math.min(repeats, 3) * 0.02) };
    })
    .toSorted((a, b) => b.score - a.score);
}

function candidateOf(scored: Scored): Candidate {
  const { tokens } = scored;
  const place = tokens[0] ? { page: tokens[0].page, box: boxOf(tokens) } : {};
  return {
    value: scored.value,
    text: scored.text || textOf(tokens),
    ...place,
    source: sourceOf(tokens),
    score: round(scored.score),
    reasons: [...scored.reasons],
  };
}

const round = (value: number): number => Math.round(value * 1000) / 1000;

/** The best as a cell, the others beside it. Words read badly lower the confidence; so does a close second. */
export function cellOf(scored: readonly Scored[], confidence?: number): ReadCell | undefined {
  const list = ranked(scored);
  const [best, second] = list;
  if (!best) return undefined;
  const read = best.tokens.length === 0 ? 1 : Math.min(...best.tokens.map((t) => t.confidence));
  const margin = second ? clamp((best.score - second.score) * 4 + 0.6, 0.6, 1) : 1;
  const { score: _, ...place } = candidateOf(best);
  return {
    ...place,
    confidence: round(clamp((confidence ?? best.score * margin) * (0.55 + 0.45 * clamp(read)), 0, 0.99)),
    candidates: list.slice(0, MAX_CANDIDATES).map(candidateOf),
  };
}
