/** A studio's invoice: a coloured band over the whole width, big title, zebra table, totals in a box. */
import { A4, createPen } from '../pen.ts';
import type { Colour, Family, Pen } from '../pen.ts';
import { labelsOf } from '../locale.ts';
import type { Sample, Totals } from '../model.ts';
import { drawTable } from '../table.ts';
import { addressLines, bankLines, details, drawTotals, titleOf, totalRows } from './parts.ts';

const LEFT = 48;
const RIGHT = 547;
const WHITE: Colour = [1, 1, 1];

export async function band(sample: Sample, totals: Totals, family: Family = 'helvetica'): Promise<Pen> {
  const pen = await createPen(family, A4, `${titleOf(sample)} ${sample.number}`);
  const { vendor, buyer, colour } = sample;
  const labels = labelsOf(sample);
  const pale: Colour = [colour[0] * 0.1 + 0.9, colour[1] * 0.1 + 0.9, colour[2] * 0.1 + 0.9];
  pen.rect(0, 0, pen.width, 104, { fill: colour });
  pen.text(LEFT, 52, vendor.name, { size: 20, face: 'bold', colour: WHITE });
  pen.text(LEFT, 72, [vendor.street.replace('\n', ', '), vendor.city].join(', '), { size: 8.5, colour: WHITE });
  pen.text(LEFT, 86, [vendor.phone, vendor.email].filter(Boolean).join('   '), { size: 8.5, colour: WHITE });
  pen.text(RIGHT, 60, titleOf(sample).toUpperCase(), { size: 26, face: 'bold', colour: WHITE, align: 'right' });

  pen.text(LEFT, 138, labels.billTo.toUpperCase(), { size: 7.5, face: 'bold', colour });
  pen.block(LEFT, 154, addressLines(buyer), { size: 10, leading: 13.5 });
  if (buyer.taxId)
    pen.text(LEFT, 154 + 13.5 * addressLines(buyer).length, `${labels.vatId} ${buyer.taxId}`, { size: 9 });
  let y = 138;
  for (const [label, value] of details(sample)) {
    pen.text(420, y, label, { size: 9, align: 'right', colour: [0.4, 0.4, 0.4] });
    pen.text(432, y, value, { size: 9, face: 'bold' });
    y += 15;
  }
  const end = drawTable(pen, sample, totals.lines, 262, {
    columns: [
      ['description', 0],
      ['quantity', 48],
      ['unit', 44],
      ['price', 70],
      ...(sample.lines.some(({ discount }) => discount) ? [['discount', 58] as const] : []),
      ['rate', 40],
      ['total', 74],
    ],
    left: LEFT,
    right: RIGHT,
    header: { fill: colour, colour: WHITE },
    zebra: pale,
    rules: 'none',
    bottom: 700,
    nextPage: () => {
      pen.newPage();
      return 60;
    },
  });
  const rows = totalRows(sample, totals);
  pen.rect(330, end + 14, RIGHT - 330, rows.length * 16 + 14, { fill: pale });
  const below = drawTotals(pen, rows, { left: 342, right: RIGHT - 12, top: end + 18, strong: colour, rule: colour });
  const text = [...(sample.terms ? [sample.terms] : []), ...(sample.notes ?? [])];
  pen.text(LEFT, end + 30, labels.bank.toUpperCase(), { size: 7.5, face: 'bold', colour });
  pen.block(LEFT, end + 46, bankLines(sample), { size: 9, leading: 13 });
  pen.block(
    LEFT,
    Math.max(below + 30, end + 120),
    text.flatMap((line) => pen.wrap(line, RIGHT - LEFT, { size: 9 })),
    { size: 9 },
  );
  const small = [vendor.name, vendor.taxId && `${labels.vatId} ${vendor.taxId}`, vendor.register]
    .filter(Boolean)
    .join('  |  ');
  pen.line(LEFT, 796, RIGHT, 796, { width: 0.4, colour });
  pen.text(pen.width / 2, 808, small, { size: 7.5, align: 'center', colour: [0.4, 0.4, 0.4] });
  if (sample.stamp) pen.stamp(sample.stamp, 150, 520, 44, [0.75, 0.1, 0.1]);
  return pen;
}
