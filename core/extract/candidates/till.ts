/** Is this a receipt of a till? */
import type { Context } from './context.ts';
import { hasKind } from './context.ts';

/** Money was paid over a counter: cash, card or change is named, on a single page. */
export function isTill(context: Context): boolean {
  const [page, second] = context.layout.pages;
  if (!page || second) return false;
  const paid = context.labels.some(
    (l) => hasKind(l, 'change') || (hasKind(l, 'tendered') && context.numbersOfLine.has(l.line)),
  );
  const titled = context.labels.some((l) => hasKind(l, 'titleReceipt') && l.segment.tokens.length === l.tokens.length);
  return (paid || titled) && page.height > 1150;
}
