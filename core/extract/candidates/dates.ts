/** Issue, due and delivery date: labelled dates first, then by position; the day/month order is decided by the document's evidence. */
import type { IsoDate } from '../../invoice/date.ts';
import { daysBetween } from '../../invoice/date.ts';
import type { Label } from '../labels/find.ts';
import type { LabelKind } from '../labels/kinds.ts';
import type { Scored } from '../score/scored.ts';
import { clamp } from '../score/scored.ts';
import type { DateMatch, DayOrder } from '../values/date.ts';
import { isAmbiguous } from '../values/date.ts';
import type { Context } from './context.ts';
import { hasKind, pageOf } from './context.ts';
import { placesOf } from './places.ts';

export interface OrderEvidence {
  readonly order: DayOrder;
  /** 0..1; under 0.8 a date that could be swapped is flagged. */
  readonly trust: number;
  readonly reason: string;
}

export interface DateCandidate extends Omit<Scored, 'value'> {
  readonly match: DateMatch;
}

export type DateField = 'issueDate' | 'dueDate' | 'deliveryDate';

/** US postal addresses ("Sacramento, CA 95818") and dollar amounts speak for the month first. */
const US_ADDRESS =
  /,? (A[KLRZ]|C[AOT]|D[CE]|FL|GA|HI|I[ADLN]|K[SY]|LA|M[ADEINOST]|N[CDEHJMVY]|O[HKR]|PA|RI|S[CD]|T[NX]|UT|V[AT]|W[AIVY]),? \d{5}(-\d{4})?\b/;

export function dayOrder(context: Context, language: string | undefined, currency: string | undefined): OrderEvidence {
  const numeric = context.dates.filter((d) => d.separator !== 'iso' && d.separator !== 'name');
  const day = numeric.filter((d) => d.dayFirst && !d.monthFirst).length;
  const month = numeric.filter((d) => d.monthFirst && !d.dayFirst).length;
  if (day > 0 && month === 0) return { order: 'dayFirst', trust: 0.97, reason: 'date-order:other-dates' };
  if (month > 0 && day === 0) return { order: 'monthFirst', trust: 0.97, reason: 'date-order:other-dates' };
  if (numeric.length > 0 && numeric.every((d) => d.separator === '.'))
    return { order: 'dayFirst', trust: 0.97, reason: 'date-order:dots' };
  if (language !== undefined && language !== 'en')
    return { order: 'dayFirst', trust: 0.92, reason: 'date-order:language' };
  const american = context.layout.lines.some((line) => US_ADDRESS.test(line.text));
  if (american && (currency === 'USD' || currency === undefined))
    return { order: 'monthFirst', trust: 0.93, reason: 'date-order:country' };
  if (currency === 'USD') return { order: 'monthFirst', trust: 0.65, reason: 'date-order:currency' };
  if (currency !== undefined) return { order: 'dayFirst', trust: 0.85, reason: 'date-order:currency' };
  return { order: 'dayFirst', trust: 0.55, reason: 'date-order:unknown' };
}

const KINDS: Readonly<Record<DateField, readonly (readonly [LabelKind, number])[]>> = {
  issueDate: [
    ['issueDate', 0.97],
    ['date', 0.7],
    ['titleInvoice', 0.55],
    ['titleCreditNote', 0.55],
    ['titleReceipt', 0.4],
  ],
  dueDate: [['dueDate', 0.95]],
  deliveryDate: [['deliveryDate', 0.92]],
};

/** The date at the start of a place: only a weekday, "the" or a number with a title may stand before it. */
function dateIn(
  context: Context,
  label: Label,
  place: ReturnType<typeof placesOf>[number],
): { match: DateMatch; clean: boolean } | undefined {
  const indexes = new Set(place.tokens.map((t) => t.index));
  for (const line of new Set(place.tokens.map((t) => context.layout.lineOf[t.index]?.index ?? -1))) {
    const match = context.datesOfLine.get(line)?.find((d) => indexes.has(d.tokens[0]?.index ?? -1));
    if (!match) continue;
    const before = place.tokens.filter((t) => t.index < (match.tokens[0]?.index ?? 0));
    const words = before.filter(
      (t) =>
        t.key !== '' &&
        !/^(mo|di|mi|do|fr|sa|so|mon|tue|wed|thu|fri|sat|sun|le|den|am|the|vom|du|del|of|on|van|dd)$/.test(t.key),
    );
    if (words.length === 0) return { match, clean: true };
    return words.length <= 4 && !label.kinds.has('date') ? { match, clean: false } : undefined;
  }
  return undefined;
}

/** What the line says before a bare "date"/"vom": an order's or delivery note's date is not the invoice's. */
function lineBonus(context: Context, label: Label): number {
  const before = (context.labelsOfLine.get(label.line) ?? []).filter((l) => l.x1 <= label.x0 && label.x0 - l.x1 < 160);
  if (
    before.some((l) =>
      hasKind(l, 'poNumber', 'otherNumber', 'contractRef', 'precedingInvoice', 'otherDate', 'deliveryDate', 'period'),
    )
  )
    return 0.35;
  return before.some((l) => hasKind(l, 'titleInvoice', 'titleCreditNote', 'titleCorrection', 'invoiceNumber'))
    ? 1.25
    : 1;
}

function labelled(context: Context, field: DateField): DateCandidate[] {
  return context.labels.flatMap((label) => {
    const trust = KINDS[field].find(([kind]) => label.kinds.has(kind))?.[1];
    if (trust === undefined) return [];
    return placesOf(context, label).flatMap((place): DateCandidate[] => {
      const found = dateIn(context, label, place);
      if (!found) return [];
      const page = pageOf(context, label.page);
      const high = field === 'issueDate' ? clamp(1 - (label.y0 / page.height) * 0.2) * (label.page === 1 ? 1 : 0.9) : 1;
      const weak = trust < 0.9 ? lineBonus(context, label) : 1;
      const score = clamp(trust * place.closeness * (found.clean ? 1 : 0.7) * high * weak, 0, 0.98);
      return [
        {
          match: found.match,
          text: found.match.text,
          tokens: found.match.tokens,
          score,
          reasons: [`label:${label.text}`],
        },
      ];
    });
  });
}

const CLOCK = /(?<![\d:])([01]?\d|2[0-3])[:.][0-5]\d(:[0-5]\d)?(?! ?%|[\d.,])/;

/** Dates without a label of any kind, near the top: a letter's date line, a till's time stamp. */
function unlabelled(context: Context, claimed: ReadonlySet<DateMatch>): DateCandidate[] {
  const isTimed = (line: number): boolean => CLOCK.test(context.layout.lines[line]?.text ?? '');
  // Many of them are the entries of a log.
  const stamped = context.dates.filter((d) => isTimed(d.line)).length <= 2;
  return context.dates
    .filter((d) => !claimed.has(d) && d.page === 1)
    .map((match) => {
      const y = (match.tokens[0]?.y0 ?? 0) / pageOf(context, match.page).height;
      const line = context.labelsOfLine.get(match.line) ?? [];
      const other = line.some(
        (l) =>
          hasKind(l, 'otherDate', 'dueDate', 'deliveryDate', 'period', 'poNumber', 'otherNumber') &&
          l.x1 <= (match.tokens[0]?.x0 ?? 0),
      );
      const before = context.layout.lines[match.line]?.tokens.filter((t) => t.x1 <= (match.tokens[0]?.x0 ?? 0)).at(-1);
      // "Print run: 3.4.2024" is a date of something else.
      const foreign = before !== undefined && before.text.endsWith(':') && before.key.length > 2;
      const inRange = (context.datesOfLine.get(match.line)?.length ?? 0) > 1;
      // A till prints the clock beside the day.
      const timed = stamped && isTimed(match.line);
      const score = clamp(
        (0.5 - y * 0.25 + (timed ? 0.12 : 0)) * (other ? 0.4 : 1) * (inRange ? 0.6 : 1) * (foreign ? 0.5 : 1),
      );
      return { match, text: match.text, tokens: match.tokens, score, reasons: ['position:top'] };
    });
}

export function findDateCandidates(context: Context): Record<DateField, DateCandidate[]> {
  const issueDate = labelled(context, 'issueDate');
  const dueDate = labelled(context, 'dueDate');
  const deliveryDate = labelled(context, 'deliveryDate');
  const claimed = new Set([...issueDate, ...dueDate, ...deliveryDate].filter((c) => c.score > 0.3).map((c) => c.match));
  for (const label of context.labels) {
    if (!hasKind(label, 'otherDate', 'period')) continue;
    for (const place of placesOf(context, label)) {
      const found = dateIn(context, label, place);
      if (found && !issueDate.some((c) => c.match === found.match && c.score > 0.6)) claimed.add(found.match);
    }
  }
  return { issueDate: [...issueDate, ...unlabelled(context, claimed)], dueDate, deliveryDate };
}

/** The reading of one date under the evidence, with what is left of its score. */
export function resolveDate(candidate: DateCandidate, evidence: OrderEvidence): Scored[] {
  const { match, ...rest } = candidate;
  const [first, second] =
    evidence.order === 'dayFirst' ? [match.dayFirst, match.monthFirst] : [match.monthFirst, match.dayFirst];
  if (!isAmbiguous(match)) {
    const value = first ?? second;
    return value ? [{ ...rest, value }] : [];
  }
  const certain = (value: IsoDate, share: number, reason: string): Scored => ({
    ...rest,
    value,
    score: rest.score * share,
    reasons: [...rest.reasons, reason],
  });
  return [
    certain(first as IsoDate, evidence.trust, evidence.reason),
    certain(second as IsoDate, 1 - evidence.trust, 'date-order:other'),
  ];
}

/** A due date before the issue date or years after it speaks against that reading. */
export const plausibleDue = (issue: IsoDate, due: IsoDate): number => {
  const days = daysBetween(issue, due);
  return days < 0 ? 0.45 : days > 400 ? 0.6 : 1;
};
