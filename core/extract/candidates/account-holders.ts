/** Companies named as holder of the account. */
import type { Context } from './context.ts';
import { hasKind } from './context.ts';
import { nameOf } from './named.ts';
import type { NameCandidate } from './party.ts';

export function accountHolders(context: Context): NameCandidate[] {
  return context.labels
    .filter((label) => hasKind(label, 'accountHolder'))
    .flatMap((label): NameCandidate[] => {
      const line = context.layout.lines[label.line];
      const segment = line?.segments.find((s) => s.tokens.some((t) => t.x0 >= label.x1 - 1));
      const named = segment
        ? nameOf(context, { ...segment, tokens: segment.tokens.filter((t) => t.x0 >= label.x1 - 1) })
        : undefined;
      return named
        ? [
            {
              value: named.name,
              text: named.name,
              tokens: named.tokens,
              score: 0.42 * named.shape,
              reasons: [`label:${label.text}`],
              party: 'vendor',
            },
          ]
        : [];
    });
}
