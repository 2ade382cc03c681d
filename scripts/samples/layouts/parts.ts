/** Pieces that several layouts print in their own place and style. */
import type { Colour, Pen } from '../pen.ts';
import { labelsOf, amount, date, money, number } from '../locale.ts';
import type { Party, Sample, Totals } from '../model.ts';

export const titleOf = (sample: Sample): string =>
  sample.documentType === 'credit-note' ? labelsOf(sample).creditNote : labelsOf(sample).invoice;

/** Label and value of everything that identifies the invoice, in the order of a letter. */
export function details(sample: Sample): [string, string][] {
  const labels = labelsOf(sample);
  const rows: [string, string | undefined][] = [
    [labels.number, sample.number],
    [labels.date, date(sample.region, sample.issueDate)],
    [labels.delivery, sample.deliveryDate && date(sample.region, sample.deliveryDate)],
    [labels.customer, sample.customerNumber],
    [labels.po, sample.poNumber],
    [labels.preceding, sample.precedingInvoice],
    [labels.due, sample.dueDate && date(sample.region, sample.dueDate)],
  ];
  return rows.flatMap(([label, value]) => (value ? [[label, value] satisfies [string, string]] : []));
}

export const addressLines = (party: Party): string[] =>
  [party.name, ...party.street.split('\n'), party.city, party.country ?? ''].filter(Boolean);

export interface TotalRow {
  readonly label: string;
  readonly value: string;
  readonly strong?: boolean;
}

export function totalRows(sample: Sample, totals: Totals): TotalRow[] {
  const { region, currency } = sample;
  const labels = labelsOf(sample);
  const charge = sample.charge;
  const rows: (TotalRow | undefined)[] = [
    charge && { label: labels.subtotal, value: amount(region, totals.lineSum, currency) },
    charge && { label: charge.label, value: amount(region, charge.amount, currency) },
    { label: labels.net, value: amount(region, totals.net, currency) },
    ...totals.taxes.map(({ rate, base, amount: tax }) => ({
      label:
        totals.taxes.length > 1
          ? `${labels.tax} ${number(region, rate)} % ${labels.base} ${amount(region, base, currency)}`
          : `${labels.tax} ${number(region, rate)} %`,
      value: amount(region, tax, currency),
    })),
    { label: labels.gross, value: money(region, sample.printedGross ?? totals.gross, currency), strong: true },
    sample.prepaid === undefined
      ? undefined
      : { label: labels.prepaid, value: amount(region, `-${sample.prepaid}`, currency) },
    sample.prepaid === undefined
      ? undefined
      : { label: labels.amountDue, value: money(region, totals.due, currency), strong: true },
  ];
  return rows.filter((row) => row !== undefined);
}

/** Right-aligned rows of label and amount; returns the y below. */
export function drawTotals(
  pen: Pen,
  rows: readonly TotalRow[],
  {
    left,
    right,
    top,
    size = 9.5,
    rule,
    strong,
  }: { left: number; right: number; top: number; size?: number; rule?: Colour; strong?: Colour },
): number {
  let y = top;
  for (const row of rows) {
    const style = { size: row.strong ? size + 1.5 : size, face: row.strong ? ('bold' as const) : ('regular' as const) };
    if (row.strong) {
      pen.line(left, y + 3, right, y + 3, { width: 0.8, ...(rule && { colour: rule }) });
      y += 3;
    }
    y += style.size + 5;
    pen.text(left, y - 2, row.label, { ...style, ...(row.strong && strong && { colour: strong }) });
    pen.text(right, y - 2, row.value, { ...style, align: 'right', ...(row.strong && strong && { colour: strong }) });
  }
  return y + 4;
}

export function bankLines(sample: Sample): string[] {
  const { vendor } = sample;
  const labels = labelsOf(sample);
  return [
    ...(vendor.bank?.split('\n') ?? []),
    vendor.iban && `IBAN ${vendor.iban.replaceAll(/(.{4})(?=.)/g, '$1 ')}`,
    vendor.bic && `BIC ${vendor.bic}`,
    sample.paymentReference && `${labels.reference}: ${sample.paymentReference}`,
  ].filter((line): line is string => Boolean(line));
}
