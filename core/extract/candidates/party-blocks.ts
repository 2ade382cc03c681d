/** Names that head a block: the letterhead, the address window, the footer. */
import type { Block } from '../layout/blocks.ts';
import { buildBlocks } from '../layout/blocks.ts';
import type { Segment } from '../layout/model.ts';
import { bounds, height } from '../layout/model.ts';
import { clamp } from '../score/scored.ts';
import { hasLegalForm, isCityLine, isContactLine, isStreetLine } from '../values/name.ts';
import type { Context } from './context.ts';
import { hasKind, pageOf } from './context.ts';
import type { Named } from './named.ts';
import { joinedName, nameOf } from './named.ts';
import type { NameCandidate } from './party.ts';
import type { Party, PartyHeading } from './sections.ts';
import { sectionOf } from './sections.ts';

interface BlockFacts {
  readonly block: Block;
  readonly named: Named;
  readonly hasCity: boolean;
  readonly hasStreet: boolean;
  readonly hasContact: boolean;
  readonly section: Party | undefined;
}

/** The name a block begins with, over two lines where it is set so. */
function blockName(context: Context, block: Block): Named | undefined {
  const lines = block.segments.slice(0, 4).map((s) => nameOf(context, s));
  const named = (least: number) => lines.slice(0, 3).findIndex((n) => n !== undefined && n.shape >= least);
  const at = named(0.6) >= 0 ? named(0.6) : named(0.4);
  const [name, next] = [lines[at], lines[at + 1]];
  if (!name || !next) return name;
  return joinedName(name, next, pageOf(context, block.page).wordHeight) ?? name;
}

export function blockFacts(
  context: Context,
  headings: readonly PartyHeading[],
  senders: readonly { segment: Segment }[],
  tableLines: ReadonlySet<number>,
): BlockFacts[] {
  const sent = new Set(senders.map((s) => s.segment));
  return buildBlocks(context.layout, (segment) => !sent.has(segment) && !tableLines.has(segment.line)).flatMap(
    (block) => {
      const named = blockName(context, block);
      if (!named) return [];
      const rest = block.segments.map((s) => s.text);
      const hasContact = block.segments.some(
        (s) =>
          isContactLine(s.text) ||
          s.tokens.some((t) => {
            const l = context.labelAt.get(t.index);
            return l !== undefined && hasKind(l, 'contact', 'vatId', 'iban', 'bic', 'account', 'taxNumber');
          }),
      );
      return [
        {
          block,
          named,
          hasCity: rest.some(isCityLine),
          hasStreet: rest.some((t) => isStreetLine(t)),
          hasContact,
          section: sectionOf(context, headings, bounds(named.tokens), block.page),
        },
      ];
    },
  );
}

export function fromBlocks(
  context: Context,
  facts: readonly BlockFacts[],
  senders: readonly { segment: Segment }[],
): NameCandidate[] {
  const first = pageOf(context, 1);
  if (!first) return [];
  const out: NameCandidate[] = [];
  const top = Math.min(...first.lines.map((l) => l.y0));
  for (const { block, named, hasCity, hasStreet, hasContact, section } of facts) {
    if (block.page !== 1) continue;
    const y = (block.y0 - top) / first.height;
    const legal = hasLegalForm(named.name);
    const big = height(bounds(named.tokens)) > first.wordHeight * 1.35;
    const address = hasCity || hasStreet;
    const base = { value: named.name, text: named.name, tokens: named.tokens };
    if (y < 0.3) {
      const score =
        (y < 0.03 ? 0.42 : y < 0.1 ? 0.36 : 0.22) +
        (legal ? 0.14 : 0) +
        (address ? 0.12 : 0) +
        (hasContact ? 0.12 : 0) +
        (big && y < 0.15 ? 0.06 : 0);
      out.push({
        ...base,
        score: clamp(score * named.shape * (section === 'buyer' || section === 'deliverTo' ? 0.3 : 1)),
        reasons: ['position:letterhead'],
        party: 'vendor',
      });
    }
    if (block.y1 / first.height > 0.82 && legal) {
      out.push({
        ...base,
        score: clamp((0.5 + (address ? 0.1 : 0) + (hasContact ? 0.08 : 0)) * named.shape),
        reasons: ['position:footer'],
        party: 'vendor',
      });
    }
    const under = senders.some(
      ({ segment }) =>
        block.y0 > segment.y0 - 2 &&
        block.y0 - segment.y1 < first.wordHeight * 6 &&
        Math.abs(segment.x0 - block.x0) < 60,
    );
    if ((address || (under && block.segments.length >= 3)) && y < 0.45) {
      const lines = block.segments.length;
      const score =
        0.3 +
        (under ? 0.35 : 0) +
        (lines >= 3 && lines <= 7 ? 0.1 : 0) +
        (hasContact ? -0.12 : 0.05) +
        (y > 0.06 && hasCity ? 0.08 : 0) +
        (y < 0.04 ? -0.12 : 0);
      out.push({
        ...base,
        score: clamp(score * named.shape * (section === 'vendor' ? 0.3 : section === 'deliverTo' ? 0.6 : 1)),
        reasons: ['position:address-window'],
        party: 'buyer',
      });
    }
  }
  return out;
}
