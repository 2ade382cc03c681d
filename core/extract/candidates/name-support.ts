/** What else on the pages speaks for a name: the mail or web domain spells it, it stands there more than once, its legal form is printed elsewhere. */
import { fold, nameTokens } from '../layout/text.ts';
import { clamp } from '../score/scored.ts';
import { domainNames } from '../values/name.ts';
import { completed } from './complete-name.ts';
import type { Context } from './context.ts';
import type { NameCandidate } from './party.ts';

/** The mail or web domain spells the name, or the name stands on the page more than once. */
export function supported(context: Context, candidates: readonly NameCandidate[]): NameCandidate[] {
  const domains = new Set(context.layout.lines.flatMap((line) => domainNames(line.text)));
  const text = context.layout.lines.map((line) => ` ${fold(line.text).replace(/[^a-z0-9]+/g, ' ')} `).join('\n');
  return candidates.map((candidate) => {
    if (candidate.party !== 'vendor') return candidate;
    const c = completed(context, candidate);
    const tokens = nameTokens(c.value);
    const joined = tokens.join('');
    const domain = [...domains].some(
      (d) =>
        joined.includes(d) ||
        tokens.some((t) => t.length >= 5 && d.includes(t)) ||
        (tokens.length >= 2 && d.startsWith(tokens.slice(0, 2).join(''))),
    );
    const repeats = tokens.length > 0 ? text.split(` ${tokens.join(' ')} `).length - 1 : 0;
    const bonus = (domain ? 0.16 : 0) + (repeats >= 2 && joined.length >= 3 ? Math.min(0.12, 0.05 * (repeats - 1)) : 0);
    return {
      ...c,
      score: clamp(c.score + bonus),
      reasons: [...c.reasons, ...(domain ? ['domain'] : []), ...(repeats >= 2 ? ['repeated'] : [])],
    };
  });
}
