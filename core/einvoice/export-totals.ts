/** Document totals (BG-22) of an e-invoice to be written. A missing one follows from the others by BR-CO-10, 13, 15 and 16. */
import { absolute, add, isNegative, subtract } from '../invoice/decimal.ts';
import type { Decimal } from '../invoice/decimal.ts';
import type { HeaderField } from '../invoice/fields.ts';
import type { ExportLine } from './export-lines.ts';

export interface ExportTotals {
  readonly lines: Decimal;
  readonly allowances?: Decimal;
  readonly charges?: Decimal;
  readonly net: Decimal;
  readonly tax: Decimal;
  readonly gross: Decimal;
  readonly prepaid?: Decimal;
  readonly rounding?: Decimal;
  readonly due: Decimal;
}

const known = (first: Decimal | undefined, ...terms: (Decimal | undefined)[]): Decimal | undefined =>
  first === undefined || terms.some((term) => term === undefined) ? undefined : add(first, ...(terms as Decimal[]));

const minus = (a: Decimal | undefined, b: Decimal | undefined): Decimal | undefined =>
  a === undefined || b === undefined ? undefined : subtract(a, b);

/** Many print the discount with a minus; BT-107 is what is taken off. */
function allowanceOf(
  field: (name: HeaderField) => string | undefined,
  sum: Decimal,
  net: Decimal | undefined,
  charges: Decimal | undefined,
): Decimal | undefined {
  const printed = field('allowanceTotal');
  if (printed === undefined || !isNegative(printed)) return printed;
  return net === undefined || add(sum, charges ?? '0', printed) === net ? absolute(printed) : printed;
}

export function exportTotals(
  field: (name: HeaderField) => string | undefined,
  lines: readonly ExportLine[],
  problems: string[],
): ExportTotals {
  const charges = field('chargeTotal');
  const prepaid = field('prepaid');
  const rounding = field('rounding');
  const sum = field('lineTotalSum') ?? add('0', ...lines.map((line) => line.total));
  let [net, tax, gross] = [field('netTotal'), field('taxTotal'), field('grossTotal')];
  net ??= minus(gross, tax) ?? minus(add(sum, charges ?? '0'), absolute(field('allowanceTotal') ?? '0'));
  gross ??= known(net, tax);
  tax ??= minus(gross, net);
  if (gross === undefined) problems.push('The total with VAT (BT-112) is missing.');
  if (tax === undefined && gross !== undefined) problems.push('The VAT total (BT-110) is missing.');
  const allowances = allowanceOf(field, sum, net, charges);
  const due = field('amountDue') ?? subtract(add(gross ?? '0', rounding ?? '0'), prepaid ?? '0');
  return {
    lines: sum,
    net: net ?? '0',
    tax: tax ?? '0',
    gross: gross ?? '0',
    due,
    ...(allowances !== undefined && { allowances }),
    ...(charges !== undefined && { charges }),
    ...(prepaid !== undefined && { prepaid }),
    ...(rounding !== undefined && { rounding }),
  };
}
