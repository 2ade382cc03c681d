/** Is this a receipt of a till? */
import type { Page } from '../layout/model.ts';
import type { Context } from './context.ts';
import { hasKind } from './context.ts';

/** A narrow roll: its letters are large beside its width. */
const isRoll = ({ wordHeight, height }: Page): boolean => height > 1150 || wordHeight > 28;

/** Money was paid over a counter: cash, card or change is named, on a single page. */
export function isTill(context: Context): boolean {
  const [page, second] = context.layout.pages;
  if (!page || second) return false;
  const paid = context.labels.some(
    (l) => hasKind(l, 'change') || (hasKind(l, 'tendered') && context.numbersOfLine.has(l.line)),
  );
  const titled = context.labels.some((l) => hasKind(l, 'titleReceipt') && l.segment.tokens.length === l.tokens.length);
  return (paid || titled) && isRoll(page);
}

/** A receipt, or a scan of one page that can be one: its items are believed only where they add up to its total. */
export const isSlip = (context: Context): boolean =>
  isTill(context) ||
  (context.layout.pages.length === 1 && context.layout.pages.some((p) => p.source === 'ocr' || p.wordHeight > 28));
