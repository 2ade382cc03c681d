/** The name in a segment: its words without labels, if they look like a name at all. */
import type { Label } from '../labels/find.ts';
import type { Segment, Token } from '../layout/model.ts';
import { textOf } from '../layout/model.ts';
import { cleanName, hasLegalForm, nameShape } from '../values/name.ts';
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
  return start > 0 && hasPartyLabel(context, own[0])
    ? own.filter((t) => context.labelAt.get(t.index) !== context.labelAt.get((own[0] as Token).index))
    : own;
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
  const name = cleanName(textOf(tokens));
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
