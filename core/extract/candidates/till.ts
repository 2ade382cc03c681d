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

/** A receipt, or a scan of one page that can be one: its items are believed only where they add up to its total. */
export const isSlip = (context: Context): boolean =>
  isTill(context) || (context.layout.pages.length === 1 && context.layout.pages[0]?.source === 'ocr');
