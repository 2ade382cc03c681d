/** Postal addresses: the lines under a party's name, up to the town and the country; or what follows the name in a one-line sender. */
import type { Label } from '../labels/find.ts';
import type { LabelKind } from '../labels/kinds.ts';
import type { Page, Rect, Segment, Token } from '../layout/model.ts';
import { bounds, centreX, height, textOf } from '../layout/model.ts';
import { nameTokens } from '../layout/text.ts';
import type { Scored } from '../score/scored.ts';
import { clamp } from '../score/scored.ts';
import { isCountryName } from '../values/country.ts';
import { isAddressLine, isCityLine, isContactLine, isStreetLine } from '../values/name.ts';
import type { Context } from './context.ts';
import { hasKind, pageOf } from './context.ts';
import { partyHeadings } from './sections.ts';

/** Lines of an address, its name left out. */
const MOST_LINES = 6;

const ENDS: readonly LabelKind[] = [
  'vatId',
  'buyerVatId',
  'taxNumber',
  'contact',
  'iban',
  'bic',
  'account',
  'invoiceNumber',
  'otherNumber',
  'poNumber',
  'issueDate',
  'date',
  'dueDate',
  'deliveryDate',
  'buyer',
  'vendor',
  'deliverTo',
  'titleInvoice',
  'titleCreditNote',
];

/** Numbers at a line's end that are no postal code: boxes, registers. */
const NO_TOWN = /^\d+$|(box|lockbox|postfach|postbus|apartado|tsa|bp|hr[ab]|no|nr|suite|lot|unit)\.?:? ?#?\d+$/i;

/** A town with its postal code, also after a street on one line. */
const isTown = (text: string): boolean =>
  !NO_TOWN.test(text) &&
  (isCityLine(text) ||
    /(^|[\s,-])([A-Z]{1,2}-)?\d{4,5},? \p{Lu}[\p{L}'-]{2,}/u.test(text) ||
    /\p{Lu}\p{L}+,? \d{3}-\d{4}$/u.test(text) ||
    /\b[A-Z]\d[A-Z] ?\d[A-Z]\d$/.test(text) ||
    /\b[A-Z]\d{2} ?[A-Z\d]{4}$/.test(text));

/** A company's number under its name is no part of its address. */
const isRegistration = (text: string): boolean => /^\(?[\d-]{5,}-?[A-Z]{0,2}\)?$/.test(text);

function endsAddress(context: Context, segment: Segment): boolean {
  const label = context.labelAt.get(segment.tokens[0]?.index ?? -1);
  const bare = label?.kinds.has('partyDetail') && label.segment.tokens.length === label.tokens.length;
  if (label && (label.closed || bare || hasKind(label, ...ENDS)) && !isAddressLine(segment.text)) return true;
  return isContactLine(segment.text) || segment.tokens.some((t) => context.taken.has(t.index));
}

const aligned = (segment: Segment, rect: Rect, h: number): boolean =>
  Math.abs(segment.x0 - rect.x0) < h * 0.9 ||
  Math.abs(centreX(segment) - centreX(rect)) < h * 0.9 ||
  Math.abs(segment.x1 - rect.x1) < h * 0.5;

/** What stands under a rectangle, line by line, without a wide gap. */
function below(page: Page, rect: Rect): Segment[] {
  const found: Segment[] = [];
  let last: Rect = rect;
  for (const line of page.lines) {
    if (line.y0 < last.y1 - height(last) * 0.4) continue;
    const segment = line.segments.find((s) => aligned(s, found[0] ?? rect, Math.max(height(s), page.wordHeight)));
    if (!segment) continue;
    const gap = segment.y0 - last.y1;
    const most = found.length > 0 ? 1.3 : isAddressLine(segment.text) ? 3 : 1.6;
    if (gap > Math.max(height(segment), page.wordHeight) * most || found.length > MOST_LINES) break;
    found.push(segment);
    last = segment;
  }
  return found;
}

interface Found {
  readonly lines: readonly (readonly Token[])[];
  readonly street: boolean;
}

/** The lines up to the town and the country after it; none where no town closes them or no street stands before it. */
function addressLines(context: Context, under: readonly Segment[]): Found | undefined {
  const segments = under[0] && isRegistration(under[0].text) ? under.slice(1) : under;
  const lines: (readonly Token[])[] = [];
  for (const [i, segment] of segments.entries()) {
    if (endsAddress(context, segment) || i > MOST_LINES) return undefined;
    lines.push(segment.tokens);
    const next = segments[i + 1];
    // "4120 Juniper Flats Road" begins like a postal code with its town, but it opens the address or a town follows.
    const opens = /^([A-Z]{1,2}[- ])?\d/.test(segment.text) && !/, .*\d/.test(segment.text);
    if (!isTown(segment.text) || (opens && (i === 0 || (next && isTown(next.text))))) continue;
    if (i === 0 && !isAddressLine(segment.text.split(/,| - /)[0] ?? '')) continue;
    if (next && isCountryName(next.text)) lines.push(next.tokens);
    return { lines, street: segments.slice(0, i + 1).some((s) => isStreetLine(s.text) || isAddressLine(s.text)) };
  }
  return undefined;
}

const SEPARATOR = /^[•·|∙●*,–—-]+$/;

/** "Acme GmbH · Street 1 · 12345 Town": what follows the name on its own line. */
function inline(rest: readonly Token[]): Found | undefined {
  const parts: Token[][] = [[]];
  for (const token of rest) {
    if (SEPARATOR.test(token.text)) parts.push([]);
    else parts.at(-1)?.push(token);
    if (/[,;]$/.test(token.text)) parts.push([]);
  }
  const filled = parts.filter((p) => p.length > 0);
  const town = filled.findIndex((p) => isTown(textOf(p)));
  if (town < 0 || town > 3 || rest.length > 16) return undefined;
  const lines = filled.slice(0, town + 1);
  const country = filled[town + 1];
  if (country && isCountryName(textOf(country))) lines.push(country);
  return { lines, street: lines.length > 1 };
}

const clean = (tokens: readonly Token[]): string => textOf(tokens).replace(/^[\s,;|•·-]+|[\s,;|•·-]+$/g, '');

function scoredOf(found: Found, score: number, reasons: readonly string[]): Scored {
  const value = found.lines.map(clean).join('\n');
  const tokens = found.lines.flat();
  return { value, text: value, tokens, score: clamp(score - (found.street ? 0 : 0.12)), reasons };
}

/** How many of a segment's first words spell the name. */
function nameLength(segment: Segment, name: readonly string[]): number {
  let rest = name.join('');
  for (const [i, token] of segment.tokens.entries()) {
    const own = nameTokens(token.text).join('');
    if (!rest.startsWith(own)) return 0;
    rest = rest.slice(own.length);
    if (rest === '') return i + 1;
  }
  return 0;
}

/** The address under the chosen name, or under or after the same name elsewhere on the first and last page. */
export function findAddresses(context: Context, name: Scored | undefined, other: Scored | undefined): Scored[] {
  const first = name?.tokens[0];
  if (!name || !first) return [];
  const trust = clamp(name.score / 0.8, 0.4, 1);
  const scored: Scored[] = [];
  const taken = new Set(other?.tokens.map((t) => t.index));
  const own = bounds(name.tokens.filter((t) => t.page === first.page));
  const direct = addressLines(context, below(pageOf(context, first.page), own));
  if (direct) scored.push(scoredOf(direct, 0.86 * trust, ['below-name']));
  const words = nameTokens(name.value);
  for (const segment of context.layout.lines.flatMap((line) => line.segments)) {
    const length = words.length > 0 ? nameLength(segment, words) : 0;
    if (length === 0) continue;
    const rest = segment.tokens.slice(length);
    const found =
      rest.length > 0
        ? inline(rest)
        : segment.tokens.includes(first)
          ? undefined
          : addressLines(context, below(pageOf(context, segment.page), segment));
    if (found) scored.push(scoredOf(found, 0.82 * trust, [rest.length > 0 ? 'position:sender-line' : 'below-name']));
  }
  return scored.filter((s) => !s.tokens.some((t) => taken.has(t.index)));
}

/** Name and address under "Deliver to". */
export function findDeliveryAddresses(context: Context): Scored[] {
  return partyHeadings(context)
    .filter((heading) => heading.party === 'deliverTo' && isAlone(heading))
    .flatMap((heading): Scored[] => {
      const found = addressLines(context, below(pageOf(context, heading.page), heading));
      return found && found.lines.length >= 2 ? [scoredOf(found, 0.82, [`label:${heading.text}`])] : [];
    });
}

const isAlone = (label: Label): boolean => label.segment.tokens.every((t) => label.tokens.includes(t) || t.key === '');
