/** Vendor and buyer: who writes and who is billed, by labels, letterhead, address window, footer and mail domain; chosen together so that one party is never both. */
import type { Label } from '../labels/find.ts';
import type { Block } from '../layout/blocks.ts';
import { buildBlocks } from '../layout/blocks.ts';
import type { Line, Segment } from '../layout/model.ts';
import { bounds, height, overlapX } from '../layout/model.ts';
import { fold, nameTokens } from '../layout/text.ts';
import type { Scored } from '../score/scored.ts';
import { clamp } from '../score/scored.ts';
import {
  cleanName,
  domainNames,
  hasLegalForm,
  isAddressLine,
  isCityLine,
  isContactLine,
  isStreetLine,
  nameShape,
} from '../values/name.ts';
import { completed } from './complete-name.ts';
import type { Context } from './context.ts';
import { isTill, tillNames } from './till.ts';
import type { Named } from './named.ts';
import { joinedName, nameOf } from './named.ts';
import type { Party } from './sections.ts';
import { partyHeadings, partyKind, sectionOf } from './sections.ts';
import { hasKind, pageOf } from './context.ts';

export interface NameCandidate extends Scored {
  /** How much the same words speak for the other side. */
  readonly party: Party;
}

/** Below or beside a heading, the first line that is a name. */
function fromHeading(context: Context, heading: Label & { party: Party }): (Named & { distance: number })[] {
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

function labelled(context: Context, headings: ReturnType<typeof partyHeadings>): NameCandidate[] {
  return headings.flatMap((heading) =>
    fromHeading(context, heading).map(({ name, tokens, shape, distance }): NameCandidate => {
      const trust = heading.party === 'deliverTo' ? 0.35 : heading.closed || heading.key.length > 4 ? 0.9 : 0.75;
      const party: Party = heading.party === 'deliverTo' ? 'buyer' : heading.party;
      const score = clamp(trust * (0.35 + 0.65 * shape) * Math.max(0.25, 1 - distance * 0.3));
      return { value: name, text: name, tokens, score, reasons: [`label:${heading.text}`], party };
    }),
  );
}

/** "Name: Acme GmbH" under a party's heading. */
function namedRows(context: Context, headings: ReturnType<typeof partyHeadings>): NameCandidate[] {
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

const hasTown = (part: string): boolean => /\b\d{4,6} ?\p{L}{2}/u.test(part) || isCityLine(part.trim());

/** Name, street and town of a one-line sender; parted by dots or dashes, or by commas where a street and a postal code follow. */
function senderParts(text: string): string[] {
  const parts = text.split(/\s*[•·|∙●*]\s*|\s+[-–—]\s+/).filter((p) => p.trim() !== '');
  if (parts.length >= 2 && parts.length <= 6 && parts.slice(1).some(hasTown)) return parts;
  const commas = text.split(/\s*,\s+/).filter((p) => p.trim() !== '');
  const letter = commas.length >= 3 && commas.length <= 5 && isStreetLine(commas[1] ?? '');
  return letter && commas.slice(2).some((p) => /^([A-Z]{1,2}-)?\d{4,5} \p{L}{2}/u.test(p)) ? commas : [];
}

/** The small line above an address window: "Acme GmbH · Street 1 · 12345 Town". */
function senderLines(context: Context): (NameCandidate & { segment: Segment })[] {
  return context.layout.lines
    .filter((line) => line.page === 1 && line.y0 < pageOf(context, 1).height * 0.45)
    .flatMap((line) => line.segments)
    .flatMap((segment) => {
      const first = segment.tokens[0] ? context.labelAt.get(segment.tokens[0].index) : undefined;
      const parts = senderParts(segment.text);
      const name = cleanName(parts[0] ?? '');
      const shape = nameShape(name);
      if (parts.length < 2 || first?.closed || shape < 0.5 || isAddressLine(name)) return [];
      const tokens = segment.tokens.slice(0, name.split(' ').length);
      return [
        {
          value: name,
          text: name,
          tokens,
          score: 0.85 * shape,
          reasons: ['position:sender-line'],
          party: 'vendor' as const,
          segment,
        },
      ];
    });
}

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

function blockFacts(
  context: Context,
  headings: ReturnType<typeof partyHeadings>,
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

function fromBlocks(
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

/** Companies named near bank data or as holder of the account. */
function holders(context: Context): NameCandidate[] {
  return context.labels
    .filter((label) => hasKind(label, 'accountHolder'))
    .flatMap((label): NameCandidate[] => {
      const line = context.layout.lines[label.line];
      const segment = line?.segments.find((s) => s.tokens.some((t) => t.x0 >= label.x1 - 1));
      const named = segment
        ? nameOf(context, { ...segment, tokens: segment.tokens.filter((t) => t.x0 >= label.x1 - 1) })
        : undefined;
      return named
        ? [
            {
              value: named.name,
              text: named.name,
              tokens: named.tokens,
              score: 0.42 * named.shape,
              reasons: [`label:${label.text}`],
              party: 'vendor',
            },
          ]
        : [];
    });
}

export function sameName(a: string, b: string): boolean {
  const [x, y] = [new Set(nameTokens(a)), new Set(nameTokens(b))];
  const shared = [...x].filter((t) => y.has(t)).length;
  return shared > 0 && ((2 * shared) / (x.size + y.size) >= 0.66 || shared === Math.min(x.size, y.size));
}

/** The mail or web domain spells the name, or the name stands on the page more than once. */
function supported(context: Context, candidates: readonly NameCandidate[]): NameCandidate[] {
  const domains = new Set(context.layout.lines.flatMap((line) => domainNames(line.text)));
  const text = context.layout.lines.map((line) => ` ${fold(line.text).replace(/[^a-z0-9]+/g, ' ')} `).join('\n');
  return candidates.map((candidate) => {
    if (candidate.party !== 'vendor') return candidate;
    const c = completed(context, candidate);
    const tokens = nameTokens(c.value);
    const joined = tokens.join('');
    const domain = [...domains].some(
      (d) =>
        joined.includes(d) ||
        tokens.some((t) => t.length >= 5 && d.includes(t)) ||
        (tokens.length >= 2 && d.startsWith(tokens.slice(0, 2).join(''))),
    );
    const repeats = tokens.length > 0 ? text.split(` ${tokens.join(' ')} `).length - 1 : 0;
    const bonus = (domain ? 0.16 : 0) + (repeats >= 2 && joined.length >= 3 ? Math.min(0.12, 0.05 * (repeats - 1)) : 0);
    return {
      ...c,
      score: clamp(c.score + bonus),
      reasons: [...c.reasons, ...(domain ? ['domain'] : []), ...(repeats >= 2 ? ['repeated'] : [])],
    };
  });
}

export interface Parties {
  readonly vendor: NameCandidate[];
  readonly buyer: NameCandidate[];
}

export function findParties(context: Context, tableLines: ReadonlySet<number>): Parties {
  if (context.layout.pages.length === 0) return { vendor: [], buyer: [] };
  const headings = partyHeadings(context);
  if (isTill(context)) return tillParties(context, headings);
  const senders = senderLines(context);
  const all = supported(context, [
    ...labelled(context, headings),
    ...namedRows(context, headings),
    ...senders,
    ...fromBlocks(context, blockFacts(context, headings, senders, tableLines), senders),
    ...holders(context),
  ]);
  const of = (party: Party) => all.filter((c) => c.party === party).toSorted((a, b) => b.score - a.score);
  return apart(of('vendor'), of('buyer'));
}

/** A buyer is named on a receipt only under a heading. */
function tillParties(context: Context, headings: ReturnType<typeof partyHeadings>): Parties {
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
  const order = (list: NameCandidate[], chosen: NameCandidate | undefined, other: NameCandidate | undefined) =>
    chosen
      ? [
          chosen,
          ...list
            .filter((c) => c !== chosen && c.score <= 1 && !(other && sameName(c.value, other.value)))
            .map((c) => ({ ...c, score: Math.min(c.score, chosen.score - 0.01) })),
        ]
      : [];
  return { vendor: order(vendors, best.v, best.b), buyer: order(buyers, best.b, best.v) };
}
