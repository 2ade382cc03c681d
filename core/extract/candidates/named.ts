/** The name in a segment: its words without labels, if they look like a name at all. */
import type { Label } from '../labels/find.ts';
import type { Segment, Token } from '../layout/model.ts';
import { bounds, height, textOf } from '../layout/model.ts';
import { cleanName, hasLegalForm, isAddressLine, isLegalForm, mendLegalForm, nameShape } from '../values/name.ts';
import type { Context } from './context.ts';
import { hasKind } from './context.ts';

/** The words of a segment that are no label ("REMIT TO Acme Inc" -> "Acme Inc"). */
function nameWords(context: Context, segment: Segment, skip?: Label): Token[] {
  const own = segment.tokens.filter((t) => !skip?.tokens.includes(t));
  const start = own.findIndex((t) => {
    const label = context.labelAt.get(t.index);
    return !(
      label &&
      (label.closed || (label.tokens.length >= 2 && hasKind(label, 'vendor', 'buyer', 'partyName', 'accountHolder'))) &&
      label.tokens[0] === own[0]
    );
  });
  if (start <= 0 || !hasPartyLabel(context, own[0])) return own;
  const rest = own.filter((t) => context.labelAt.get(t.index) !== context.labelAt.get((own[0] as Token).index));
  // "Supplier GmbH" is a name made of a heading's word.
  return isLegalForm(cleanName(textOf(rest))) ? own : rest;
}

const hasPartyLabel = (context: Context, token: Token | undefined): boolean => {
  const label = token ? context.labelAt.get(token.index) : undefined;
  return (
    label !== undefined && (label.closed || (hasKind(label, 'vendor', 'accountHolder') && label.tokens.length >= 2))
  );
};

/** Share of a segment's letters that are labels: a line of labels is no name. */
function labelShare(context: Context, tokens: readonly Token[]): number {
  const all = tokens.reduce((n, t) => n + t.key.length, 0);
  const labels = tokens.filter((t) => context.labelAt.get(t.index)).reduce((n, t) => n + t.key.length, 0);
  return all === 0 ? 1 : labels / all;
}

export interface Named {
  readonly name: string;
  readonly tokens: readonly Token[];
  readonly shape: number;
}

export function nameOf(context: Context, segment: Segment, skip?: Label): Named | undefined {
  if (segment.text.endsWith(':')) return undefined;
  const head = segment.tokens[0] ? context.labelAt.get(segment.tokens[0].index) : undefined;
  if (head?.closed && head !== skip && !hasKind(head, 'vendor', 'buyer', 'partyName', 'accountHolder'))
    return undefined;
  const tokens = nameWords(context, segment, skip);
  const plain = cleanName(textOf(tokens));
  const name = tokens[0]?.source === 'ocr' ? mendLegalForm(plain) : plain;
  const legal = hasLegalForm(name);
  const share = labelShare(context, tokens);
  if (!legal && (share > 0.7 || tokens.some((t) => context.taken.has(t.index)))) return undefined;
  const first = tokens[0] ? context.labelAt.get(tokens[0].index) : undefined;
  if (
    !legal &&
    first &&
    (first.closed ||
      hasKind(
        first,
        'otherNumber',
        'contact',
        'invoiceNumber',
        'vatId',
        'taxNumber',
        'partyDetail',
        'period',
        'paymentTerms',
      ))
  )
    return undefined;
  const shape = nameShape(name);
  return shape > 0.1 ? { name, tokens, shape } : undefined;
}

/** Letters of a letterhead are larger than the page's words. */
const LARGE = 1.3;

/**
 * A name set in two lines of equal, large letters ("Cerámicas" over "Marisol S.L."), or closed by a legal form on a line of its own. Lines of common size are
 * not joined: a person may stand above his company.
 */
export function joinedName(upper: Named, lower: Named, wordHeight: number): Named | undefined {
  if (hasLegalForm(upper.name) || [upper, lower].some(({ name }) => isAddressLine(name) || /\d/.test(name)))
    return undefined;
  const [a, b] = [bounds(upper.tokens), bounds(lower.tokens)];
  const ratio = height(a) / Math.max(height(b), 0.1);
  if (ratio < 0.85 || ratio > 1.18 || b.y0 - a.y1 > height(a)) return undefined;
  const formOnly = isLegalForm(lower.name);
  if (!formOnly && Math.min(height(a), height(b)) < wordHeight * LARGE) return undefined;
  const name = `${upper.name} ${lower.name}`;
  if (name.split(' ').length > 7) return undefined;
  return { name, tokens: [...upper.tokens, ...lower.tokens], shape: Math.max(upper.shape, lower.shape) };
}
