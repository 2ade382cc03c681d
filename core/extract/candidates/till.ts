/** Till receipts: no address window, no letterhead; the shop's name is what the roll begins with. */
import type { Line, Token } from '../layout/model.ts';
import { textOf } from '../layout/model.ts';
import type { Scored } from '../score/scored.ts';
import { cleanName, hasLegalForm, isAddressLine, isContactLine, nameShape } from '../values/name.ts';
import type { Context } from './context.ts';
import { hasKind } from './context.ts';

/** Lines of a roll's head that can hold the name. */
const HEAD_LINES = 14;

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

const meanConfidence = (tokens: readonly Token[]): number =>
  tokens.reduce((sum, t) => sum + t.confidence * t.text.length, 0) / tokens.reduce((n, t) => n + t.text.length, 0.001);

interface HeadLine {
  readonly line: Line;
  readonly name: string;
  readonly shape: number;
}

/** A name-like line: few labels in it, words read well enough, no street, no telephone. */
function headLine(context: Context, line: Line): HeadLine | undefined {
  const tokens = line.tokens.filter((t) => /[\p{L}\d]/u.test(t.text));
  const name = cleanName(textOf(tokens));
  const letters = name.match(/\p{L}/gu)?.length ?? 0;
  const label = context.labelsOfLine.get(line.index)?.[0];
  const legal = hasLegalForm(name);
  if (letters < 4 || (label?.closed && !legal) || isContactLine(name)) return undefined;
  if (!legal && (isAddressLine(name) || line.tokens.some((t) => context.taken.has(t.index)))) return undefined;
  if (
    !legal &&
    context.labelsOfLine.get(line.index)?.some((l) => l.segment.tokens[0] === l.tokens[0] && l.key.length > 4)
  )
    return undefined;
  return { line, name, shape: nameShape(name) * Math.min(1, meanConfidence(tokens) / 0.75) };
}

export function tillNames(context: Context): Scored[] {
  const page = context.layout.pages[0];
  const heads = (page?.lines.slice(0, HEAD_LINES) ?? []).map((line) => headLine(context, line));
  const found: Scored[] = [];
  let rank = 0;
  for (const [i, head] of heads.entries()) {
    if (!head || head.shape < 0.3) continue;
    const legal = hasLegalForm(head.name);
    const score = (legal ? 0.82 : 0.62 - rank * 0.1) * head.shape;
    found.push({
      value: head.name,
      text: head.name,
      tokens: head.line.tokens,
      score,
      reasons: [legal ? 'legal-form' : 'position:top'],
    });
    rank += 1;
    const joined = legal ? undefined : withLegalForm(head, heads.slice(i + 1, i + 3));
    if (joined) found.push(joined);
  }
  return found;
}

/** "PASAR RAYA BINTANG" over "(KLANG) SDN BHD": the legal form closes a name printed over two or three lines. */
function withLegalForm(head: HeadLine, next: readonly (HeadLine | undefined)[]): Scored | undefined {
  const lines = [head];
  for (const line of next) {
    if (!line) return undefined;
    lines.push(line);
    if (!hasLegalForm(line.name)) continue;
    const name = lines.map((l) => l.name).join(' ');
    const shape = Math.min(...lines.map((l) => Math.max(l.shape, 0.5)));
    return {
      value: name,
      text: name,
      tokens: lines.flatMap((l) => [...l.line.tokens]),
      score: 0.86 * shape,
      reasons: ['legal-form', 'position:top'],
    };
  }
  return undefined;
}
