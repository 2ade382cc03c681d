/** Names under or beside the headings of parties: "Bill to", "Seller", "Name:". */
import type { Label } from '../labels/find.ts';
import type { Line, Segment } from '../layout/model.ts';
import { height, overlapX } from '../layout/model.ts';
import { clamp } from '../score/scored.ts';
import { hasLegalForm } from '../values/name.ts';
import type { Context } from './context.ts';
import { pageOf } from './context.ts';
import type { Named } from './named.ts';
import { nameOf } from './named.ts';
import type { NameCandidate } from './party.ts';
import type { Party, PartyHeading } from './sections.ts';
import { partyKind, sectionOf } from './sections.ts';

/** Below or beside a heading, the first line that is a name. */
function fromHeading(context: Context, heading: PartyHeading): (Named & { distance: number })[] {
  const inside = heading.segment.tokens.filter((t) => t.x0 >= heading.x1 - 1);
  const line = context.layout.lines[heading.line];
  const found: (Named & { distance: number })[] = [];
  if (inside.length > 0) {
    const named = nameOf(context, { ...heading.segment, tokens: inside });
    if (named) found.push({ ...named, distance: 0 });
  } else if (line) {
    const right = line.segments.find((s) => s.x0 > heading.x1);
    const gap = right ? right.x0 - heading.x1 : 999;
    const named = right && gap < 420 && !rightIsHeading(context, right) ? nameOf(context, right) : undefined;
    if (named) found.push({ ...named, distance: heading.closed || gap < 200 ? 0.3 : 1.2 });
  }
  found.push(...belowHeading(context, heading, inside.length > 0));
  return found;
}

const rightIsHeading = (context: Context, segment: Segment): boolean => {
  const label = context.labelAt.get(segment.tokens[0]?.index ?? -1);
  return label !== undefined && (label.closed || partyKind(label) !== undefined);
};

function belowHeading(context: Context, heading: Label, hasInside: boolean): (Named & { distance: number })[] {
  const page = pageOf(context, heading.page);
  const h = Math.max(height(heading), page.wordHeight);
  const found: (Named & { distance: number })[] = [];
  const beside = context.layout.lines[heading.line]?.segments.find((s) => s.x0 > heading.x1);
  // In a list of keys and values the next key stands below a key, not its value.
  const isKey = (line: Line, segment: Segment): boolean =>
    beside !== undefined &&
    !context.labelAt.has(beside.tokens[0]?.index ?? -1) &&
    line.segments.some((s) => s.x0 > segment.x1 && Math.abs(s.x0 - beside.x0) < 12);
  let y = heading.y1;
  for (const line of page.lines) {
    if (line.y0 < heading.y1 - h * 0.3 || line.index === heading.line) continue;
    if (line.y0 - y > h * 3.2 || line.y0 - heading.y1 > h * 9) break;
    const segment = line.segments.find(
      (s) => overlapX(s, heading.segment) > 0 || (s.x0 > heading.x0 - h * 1.5 && s.x0 < heading.x0 + h * 5),
    );
    if (!segment) continue;
    // Column heads and articles are nobody's name; a lone line right above the heads may only seem to be one of them.
    if (context.tableLines.has(line.index) && line.segments.length > 1 && !context.beside.has(segment)) break;
    y = line.y1;
    if (isKey(line, segment)) continue;
    const named = nameOf(context, segment);
    if (named) {
      found.push({
        ...named,
        distance: (hasInside ? 1 : 0) + found.length + (segment.x0 - heading.x0 > h * 3 ? 0.4 : 0),
      });
      if (found.length >= 2) break;
    }
  }
  return found;
}

const trustOf = ({ party, closed, key }: PartyHeading): number =>
  party === 'deliverTo' ? 0.35 : closed || key.length > 4 ? 0.9 : 0.75;

/** "Vendedor: Ana Ruiz", "Verkoper": the word for a seller is the word for who served the buyer; a company has its form of law. */
const isClerk = ({ kinds }: PartyHeading, name: string): boolean => kinds.has('otherNumber') && !hasLegalForm(name);

export function labelled(context: Context, headings: readonly PartyHeading[]): NameCandidate[] {
  return headings.flatMap((heading) =>
    fromHeading(context, heading).map(({ name, tokens, shape, distance }): NameCandidate => {
      const trust = isClerk(heading, name) ? 0.4 : trustOf(heading);
      const party: Party = heading.party === 'deliverTo' ? 'buyer' : heading.party;
      const score = clamp(trust * (0.35 + 0.65 * shape) * Math.max(0.25, 1 - distance * 0.3));
      return { value: name, text: name, tokens, score, reasons: [`label:${heading.text}`], party };
    }),
  );
}

/** "Name: Acme GmbH" under a party's heading. */
export function namedRows(context: Context, headings: readonly PartyHeading[]): NameCandidate[] {
  return context.labels.flatMap((label): NameCandidate[] => {
    if (!label.kinds.has('partyName') || !(label.closed || label.segment.tokens.length === label.tokens.length))
      return [];
    const party = sectionOf(
      context,
      headings.filter((h) => h.line < label.line),
      label,
      label.page,
    );
    const line = context.layout.lines[label.line];
    const segment = line?.segments.find((s) => s.tokens.some((t) => t.x0 >= label.x1 - 1));
    const named = segment ? nameOf(context, segment, label) : undefined;
    if (!named || !party || party === 'deliverTo') return [];
    return [
      {
        value: named.name,
        text: named.name,
        tokens: named.tokens,
        score: 0.95 * (0.5 + 0.5 * named.shape),
        reasons: [`label:${label.text}`, `section:${party}`],
        party,
      },
    ];
  });
}
