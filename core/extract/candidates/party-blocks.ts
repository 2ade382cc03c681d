/** Names that head a block: the letterhead, the address window, the footer. */
import type { Block } from '../layout/blocks.ts';
import { buildBlocks } from '../layout/blocks.ts';
import type { Page, Segment } from '../layout/model.ts';
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
): BlockFacts[] {
  const sent = new Set(senders.map((s) => s.segment));
  const free = (segment: Segment): boolean =>
    !sent.has(segment) && (!context.tableLines.has(segment.line) || context.beside.has(segment));
  return buildBlocks(context.layout, free).flatMap((block) => {
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
  });
}

/** A block's place on the first page. */
interface Placed extends BlockFacts {
  readonly page: Page;
  /** From the topmost word, in heights of the page. */
  readonly y: number;
}

const hasAddress = ({ hasCity, hasStreet }: BlockFacts): boolean => hasCity || hasStreet;
const isForeign = ({ section }: BlockFacts): boolean => section === 'buyer' || section === 'deliverTo';

function guess({ named: found }: BlockFacts, party: 'vendor' | 'buyer', reason: string, score: number): NameCandidate {
  const { name, tokens, shape } = found;
  return { value: name, text: name, tokens, score: clamp(score * shape), reasons: [reason], party };
}

function letterhead(facts: Placed): NameCandidate[] {
  const { y, page, hasContact } = facts;
  if (y >= 0.3) return [];
  const big = height(bounds(facts.named.tokens)) > page.wordHeight * 1.35;
  const score =
    (y < 0.03 ? 0.42 : y < 0.1 ? 0.36 : 0.22) +
    (hasLegalForm(facts.named.name) ? 0.14 : 0) +
    (hasAddress(facts) ? 0.12 : 0) +
    (hasContact ? 0.12 : 0) +
    (big && y < 0.15 ? 0.06 : 0);
  return [guess(facts, 'vendor', 'position:letterhead', isForeign(facts) ? score * 0.3 : score)];
}

function footer(facts: Placed): NameCandidate[] {
  if (facts.block.y1 / facts.page.height <= 0.82 || !hasLegalForm(facts.named.name)) return [];
  const score = 0.5 + (hasAddress(facts) ? 0.1 : 0) + (facts.hasContact ? 0.08 : 0);
  return [guess(facts, 'vendor', 'position:footer', score)];
}

/** A name with address and mail or telephone in a column of its own beside the table. */
function sideColumn(context: Context, facts: Placed): NameCandidate[] {
  const [first] = facts.block.segments;
  if (!first || facts.y < 0.3 || isForeign(facts) || !hasAddress(facts) || !facts.hasContact) return [];
  const apart = facts.block.segments.some((s) => context.beside.has(s));
  return apart ? [guess(facts, 'vendor', 'position:side-column', 0.55)] : [];
}

function addressWindow(facts: Placed, senders: readonly { segment: Segment }[]): NameCandidate[] {
  const { block, page, y, section } = facts;
  const under = senders.some(
    ({ segment }) =>
      block.y0 > segment.y0 - 2 && block.y0 - segment.y1 < page.wordHeight * 6 && Math.abs(segment.x0 - block.x0) < 60,
  );
  const lines = block.segments.length;
  if (y >= 0.45 || !(hasAddress(facts) || (under && lines >= 3))) return [];
  const score =
    0.3 +
    (under ? 0.35 : 0) +
    (lines >= 3 && lines <= 7 ? 0.1 : 0) +
    (facts.hasContact ? -0.12 : 0.05) +
    (y > 0.06 && facts.hasCity ? 0.08 : 0) +
    (y < 0.04 ? -0.12 : 0);
  const share = section === 'vendor' ? 0.3 : section === 'deliverTo' ? 0.6 : 1;
  return [guess(facts, 'buyer', 'position:address-window', score * share)];
}

export function fromBlocks(
  context: Context,
  facts: readonly BlockFacts[],
  senders: readonly { segment: Segment }[],
): NameCandidate[] {
  const page = pageOf(context, 1);
  if (!page) return [];
  const top = Math.min(...page.lines.map((l) => l.y0));
  return facts
    .filter(({ block }) => block.page === 1)
    .map((f): Placed => ({ ...f, page, y: (f.block.y0 - top) / page.height }))
    .flatMap((f) => [...letterhead(f), ...footer(f), ...sideColumn(context, f), ...addressWindow(f, senders)]);
}
