/** Net, tax and gross total together: sums that add up are not broken, and what is remembered is weighed by whether it makes them add up. */
import type { Extraction, ReadCell } from '../contract/reading.ts';
import { add, near, subtract } from '../invoice/decimal.ts';
import type { Recognised } from './vendor.ts';

type Header = Extraction['header'];

export const TOTALS = ['netTotal', 'taxTotal', 'grossTotal'] as const;
export type Total = (typeof TOTALS)[number];

/** A value that one of the totals could have, and how much its place is like the learnt ones. */
export interface Choice {
  readonly cell: ReadCell;
  readonly score: number;
}
export type Choices = Readonly<Record<Total, readonly Choice[]>>;

const CENTS = '0.02';

const addsUp = (header: Header): boolean | undefined => {
  const [net, tax, gross] = TOTALS.map((field) => header[field]?.value);
  if (net === undefined || tax === undefined || gross === undefined) return undefined;
  return near(add(net, tax), gross, CENTS);
};

/**
 * Sums that do not add up, or of which one is missing, are chosen anew from all that is printed at places like the learnt ones and that was read: the three that
 * add up and are most alike. Where there are none, what added up as read stays as read, unless the vendor's sums never did.
 */
export function keepSums(header: Header, before: Header, known: Recognised, choices: Choices): void {
  if (addsUp(header) === true || isStrange(known)) return;
  const found = together(choices);
  if (found === undefined && (addsUp(header) === undefined || addsUp(before) !== true)) return;
  for (const field of TOTALS) {
    const cell = found === undefined ? before[field] : found[field];
    if (cell === undefined) delete header[field];
    else header[field] = cell;
  }
}

/** There was an invoice whose totals, as a person confirmed them, do not add up. */
const isStrange = (known: Recognised): boolean =>
  known.lessons.some(({ lesson: { fields } }) => {
    const [net, tax, gross] = TOTALS.map((field) => fields[field]?.value ?? undefined);
    return net !== undefined && tax !== undefined && gross !== undefined && !near(add(net, tax), gross, CENTS);
  });

/** Three amounts that add up by chance stand anywhere; these stand where such amounts stood. */
const LEAST_EACH = 0.6;
const LEAST_MEAN = 0.75;

function together({ netTotal, taxTotal, grossTotal }: Choices): Header | undefined {
  const fitting = netTotal.flatMap((net) =>
    taxTotal.flatMap((tax) =>
      grossTotal
        .filter((gross) => near(add(net.cell.value, tax.cell.value), gross.cell.value, CENTS))
        .map((gross) => ({ net, tax, gross, score: (net.score + tax.score + gross.score) / 3 })),
    ),
  );
  const best = fitting
    .filter(({ net, tax, gross }) => Math.min(net.score, tax.score, gross.score) >= LEAST_EACH)
    .toSorted((a, b) => b.score - a.score)[0];
  if (best === undefined || best.score < LEAST_MEAN) return undefined;
  return { netTotal: best.net.cell, taxTotal: best.tax.cell, grossTotal: best.gross.cell };
}

const OF_ITS_OWN = /^(label|memory):/;

/** What is due was taken to be the gross total: it follows where that one moved. A label or a place of its own is not left for that. */
export function followGross(header: Header, before: Header): void {
  const { amountDue, grossTotal } = header;
  if (amountDue === undefined || grossTotal === undefined) return;
  if (amountDue.reasons.some((reason) => OF_ITS_OWN.test(reason))) return;
  if (!amountDue.reasons.includes('equals:grossTotal') || amountDue.value !== before.grossTotal?.value) return;
  if (subtract(grossTotal.value, amountDue.value) !== '0')
    header.amountDue = { ...grossTotal, reasons: ['equals:grossTotal'] };
}
