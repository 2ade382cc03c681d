/** Vendor and buyer: who writes and who is billed, by labels, letterhead, address window, footer and mail domain; chosen together so that one party is never both. */
import { accountHolders } from './account-holders.ts';
import type { Context } from './context.ts';
import { supported } from './name-support.ts';
import { blockFacts, fromBlocks } from './party-blocks.ts';
import { labelled, namedRows } from './party-headings.ts';
import type { NameCandidate } from './party.ts';
import { sameName } from './party.ts';
import type { Party, PartyHeading } from './sections.ts';
import { partyHeadings } from './sections.ts';
import { senderLines } from './sender-lines.ts';
import { tillNames } from './till-names.ts';
import { isTill } from './till.ts';

export interface Parties {
  readonly vendor: NameCandidate[];
  readonly buyer: NameCandidate[];
}

export function findParties(context: Context): Parties {
  if (context.layout.pages.length === 0) return { vendor: [], buyer: [] };
  const headings = partyHeadings(context);
  if (isTill(context)) return tillParties(context, headings);
  const senders = senderLines(context);
  const all = supported(context, [
    ...labelled(context, headings),
    ...namedRows(context, headings),
    ...senders,
    ...fromBlocks(context, blockFacts(context, headings, senders), senders),
    ...accountHolders(context),
  ]);
  const of = (party: Party) => all.filter((c) => c.party === party).toSorted((a, b) => b.score - a.score);
  return apart(of('vendor'), of('buyer'));
}

/** A buyer is named on a receipt only under a heading. */
function tillParties(context: Context, headings: readonly PartyHeading[]): Parties {
  const named = [
    ...labelled(
      context,
      headings.filter((h) => h.closed),
    ),
    ...namedRows(context, headings),
  ];
  const shop = tillNames(context).map((c): NameCandidate => ({ ...c, party: 'vendor' }));
  const all = supported(context, [...named, ...shop]);
  const of = (party: Party) => all.filter((c) => c.party === party).toSorted((a, b) => b.score - a.score);
  return apart(of('vendor'), of('buyer'));
}

/** The chosen name first; no other scores as much, none is the other side's. */
const order = (list: NameCandidate[], chosen: NameCandidate | undefined, other: NameCandidate | undefined) =>
  chosen
    ? [
        chosen,
        ...list
          .filter((c) => c !== chosen && c.score <= 1 && !(other && sameName(c.value, other.value)))
          .map((c) => ({ ...c, score: Math.min(c.score, chosen.score - 0.01) })),
      ]
    : [];

/** The best pair of different names; a name that is surely the buyer's is not offered as the vendor's. */
function apart(vendors: NameCandidate[], buyers: NameCandidate[]): Parties {
  let best: { v: NameCandidate | undefined; b: NameCandidate | undefined; score: number } = {
    v: vendors[0],
    b: undefined,
    score: (vendors[0]?.score ?? 0) ** 2,
  };
  for (const v of [undefined, ...vendors.slice(0, 8)]) {
    for (const b of [undefined, ...buyers.slice(0, 8)]) {
      if (v && b && sameName(v.value, b.value)) continue;
      // Squares: one sure party is worth more than two doubtful ones.
      const score = (v?.score ?? 0) ** 2 + (b?.score ?? 0) ** 2 * 0.85;
      if (score > best.score) best = { v, b, score };
    }
  }
  return { vendor: order(vendors, best.v, best.b), buyer: order(buyers, best.b, best.v) };
}
