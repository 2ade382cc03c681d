/** The time a service was given: two dates after their label, or a month by its name. */
import type { IsoDate } from '../../invoice/date.ts';
import { isoDate } from '../../invoice/date.ts';
import { MONTHS } from '../values/date.ts';
import type { Token } from '../layout/model.ts';
import { fold } from '../layout/text.ts';
import type { Scored } from '../score/scored.ts';
import type { Context } from './context.ts';
import type { OrderEvidence } from './dates.ts';
import { resolveDate } from './dates.ts';
import { placesOf } from './places.ts';

export interface Period {
  readonly start: Scored;
  readonly end: Scored;
}

function datesOf(context: Context, tokens: readonly Token[], evidence: OrderEvidence, reasons: string[]): Scored[] {
  return context.dates
    .filter((d) => d.tokens[0] !== undefined && tokens.includes(d.tokens[0]))
    .flatMap((match) => {
      const [best] = resolveDate({ match, text: match.text, tokens: match.tokens, score: 0.88, reasons }, evidence);
      return best ? [best] : [];
    });
}

/** "March 2024" -> its first and last day. */
function monthOf(tokens: readonly Token[], reasons: string[]): Period | undefined {
  const [name, year] = tokens;
  const month = MONTHS.get(fold(name?.text ?? '').replace(/[^a-z]/g, ''));
  const full = /^\d{4}$/.test(year?.text ?? '') ? Number(year?.text) : undefined;
  if (!name || !year || month === undefined || full === undefined || full < 1990 || full > 2079) return undefined;
  const start = isoDate(full, month, 1);
  const end = [31, 30, 29, 28].map((day) => isoDate(full, month, day)).find((d): d is IsoDate => d !== undefined);
  if (start === undefined || end === undefined) return undefined;
  const base = { text: `${name.text} ${year.text}`, tokens: [name, year], score: 0.82, reasons };
  return { start: { ...base, value: start }, end: { ...base, value: end } };
}

export function findPeriods(context: Context, evidence: OrderEvidence): Period[] {
  return context.labels
    .filter((label) => label.kinds.has('period'))
    .flatMap((label): Period[] => {
      const reasons = [`label:${label.text}`];
      for (const place of placesOf(context, label).slice(0, 2)) {
        const [start, end, third] = datesOf(context, place.tokens, evidence, reasons);
        if (start && end && !third && start.value <= end.value) return [{ start, end }];
        const month = start ? undefined : monthOf(place.tokens, reasons);
        if (month) return [month];
      }
      return [];
    });
}
