/** Sections of a page that belong to one party: the headings "Bill to", "Seller", "Ship to" and what stands below them. */
import type { Label } from '../labels/find.ts';
import type { Rect } from '../layout/model.ts';
import { height } from '../layout/model.ts';
import type { Context } from './context.ts';
import { hasKind, isDivided } from './context.ts';

export type Party = 'vendor' | 'buyer' | 'deliverTo';

/** Words that head a party only when they stand alone or end in a colon; in running text they are prepositions. */
const isHeading = (label: Label): boolean => {
  const alone = label.segment.tokens.every((t) => label.tokens.includes(t) || t.key === '');
  // Names of parties are not guessed from misread letters, nor from the last word of another label ("Ordered by:").
  if (label.fuzzy || label.segment.tokens[0] !== label.tokens[0]) return false;
  if (alone || label.closed) return true;
  // "Remit to Acme Inc" is a heading with its value; "Buyer & Sons Ltd" is a name.
  return label.tokens.length >= 2;
};

export const partyKind = (label: Label): Party | undefined =>
  hasKind(label, 'deliverTo')
    ? 'deliverTo'
    : hasKind(label, 'buyer')
      ? 'buyer'
      : hasKind(label, 'vendor')
        ? 'vendor'
        : undefined;

export type PartyHeading = Label & { readonly party: Party };

/** Headings of parties, not column heads or prose. */
export const partyHeadings = (context: Context): PartyHeading[] =>
  context.labels.flatMap((label) => {
    const party = partyKind(label);
    return party && isHeading(label) ? [{ ...label, party }] : [];
  });

/** The party section a place belongs to: the nearest heading above it in its column. */
export function sectionOf(
  context: Context,
  headings: readonly PartyHeading[],
  rect: Rect,
  page: number,
): Party | undefined {
  let best: { party: Party; y: number } | undefined;
  for (const heading of headings) {
    if (heading.page !== page || heading.y0 > rect.y0 + 1) continue;
    const alone = heading.segment.tokens.every((t) => heading.tokens.includes(t) || t.key === '');
    const distance = rect.y0 - heading.y1;
    if (!alone || distance > 260 || isDivided(context, page, heading.y1, rect.y0)) continue;
    const rival = headings.find(
      (h) => h !== heading && h.page === page && Math.abs(h.y0 - heading.y0) < height(heading) && h.x0 > heading.x0,
    );
    if (rect.x0 < heading.x0 - 25 || (rival && rect.x0 > rival.x0 - 15) || rect.x0 > heading.x0 + 420) continue;
    if (!best || heading.y0 > best.y) best = { party: heading.party, y: heading.y0 };
  }
  return best?.party;
}
