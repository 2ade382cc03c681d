/** A till receipt on 80 mm paper. Prices contain the tax. */
import { createPen } from '../pen.ts';
import type { Pen } from '../pen.ts';
import { amount, number } from '../locale.ts';
import type { Sample, Totals } from '../model.ts';

const WIDTH = 227;
const LEFT = 14;
const RIGHT = WIDTH - 14;

export async function receipt(sample: Sample, totals: Totals): Promise<Pen> {
  const { vendor, region, currency } = sample;
  const pen = await createPen('courier', [WIDTH, 330 + sample.lines.length * 13], `Receipt ${sample.number}`);
  const center = (y: number, text: string, size = 9, face: 'regular' | 'bold' = 'regular') =>
    pen.text(WIDTH / 2, y, text, { size, face, align: 'center' });
  const pair = (y: number, left: string, right: string, face: 'regular' | 'bold' = 'regular', size = 9) => {
    pen.text(LEFT, y, left, { size, face });
    pen.text(RIGHT, y, right, { size, face, align: 'right' });
  };
  center(34, vendor.name, 14, 'bold');
  center(50, vendor.street);
  center(62, vendor.city);
  center(74, `VAT No. ${vendor.taxId ?? ''}`);
  const [year, month, day] = sample.issueDate.split('-');
  pair(98, `Date ${day}/${month}/${year}`, '12:42');
  pair(110, `Receipt ${sample.number}`, 'Till 2');
  pen.text(LEFT, 124, '-'.repeat(36), { size: 9 });
  let y = 138;
  for (const { description, quantity, total } of totals.lines) {
    pair(y, `${number(region, quantity)} ${description}`, amount(region, total, currency));
    y += 13;
  }
  pen.text(LEFT, y, '-'.repeat(36), { size: 9 });
  pair(y + 18, 'TOTAL EUR', amount(region, totals.lineSum, currency), 'bold', 13);
  pair(y + 36, 'Card', amount(region, totals.lineSum, currency));
  pair(y + 60, 'VAT rate', 'VAT');
  pair(y + 73, `${sample.lines[0]?.rate ?? ''}%`, amount(region, totals.tax, currency));
  for (const [index, note] of (sample.notes ?? []).entries()) center(y + 100 + index * 13, note);
  return pen;
}
