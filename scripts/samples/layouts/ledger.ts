/** The American ledger form on letter paper: boxes for "bill to" and "ship to", a full grid, the balance in its last row. */
import { createPen, LETTER } from '../pen.ts';
import type { Family, Pen } from '../pen.ts';
import { amount, date, money } from '../locale.ts';
import type { Sample, Totals } from '../model.ts';
import { drawTable } from '../table.ts';
import { addressLines, titleOf } from './parts.ts';

const LEFT = 40;
const RIGHT = 572;
const SHADE = [0.9, 0.9, 0.9] as const;

export async function ledger(sample: Sample, totals: Totals, family: Family = 'times'): Promise<Pen> {
  const pen = await createPen(family, LETTER, `${titleOf(sample)} ${sample.number}`);
  const { vendor, buyer, region, currency } = sample;
  pen.text(LEFT, 58, vendor.name, { size: 16, face: 'bold' });
  pen.block(LEFT, 74, [vendor.street, vendor.city, `Phone ${vendor.phone ?? ''}`, vendor.email ?? ''], { size: 9.5 });
  pen.text(RIGHT, 62, titleOf(sample), { size: 26, face: 'bold', align: 'right' });
  boxes(
    pen,
    [
      ['Date', date(region, sample.issueDate)],
      ['Invoice #', sample.number],
    ],
    412,
    78,
    80,
  );
  addressBox(pen, 'Bill To', addressLines(buyer), LEFT);
  addressBox(pen, 'Ship To', addressLines(buyer), 312);
  boxes(
    pen,
    [
      ['P.O. Number', sample.poNumber ?? ''],
      ['Terms', sample.terms ?? ''],
      ['Due Date', sample.dueDate ? date(region, sample.dueDate) : ''],
      ['Ship Date', sample.deliveryDate ? date(region, sample.deliveryDate) : ''],
    ],
    LEFT,
    234,
    (RIGHT - LEFT) / 4,
  );
  const end = drawTable(pen, sample, totals.lines, 284, {
    columns: [
      ['quantity', 46],
      ['article', 84],
      ['description', 0],
      ['price', 72],
      ['total', 78],
    ],
    left: LEFT,
    right: RIGHT,
    size: 9.5,
    header: { fill: SHADE },
    rules: 'grid',
    bottom: 640,
    nextPage: () => {
      pen.newPage();
      return 60;
    },
  });
  const tax = totals.taxes[0];
  const rows: [string, string][] = [
    ['Subtotal', amount(region, totals.lineSum, currency)],
    ...(sample.charge
      ? [[sample.charge.label, amount(region, sample.charge.amount, currency)] satisfies [string, string]]
      : []),
    [`Sales Tax (${tax?.rate ?? '0'}%)`, amount(region, totals.tax, currency)],
    ['Total', money(region, sample.printedGross ?? totals.gross, currency)],
    ['Payments/Credits', money(region, `-${sample.prepaid ?? '0'}`.replace('-0', '0'), currency)],
    ['Balance Due', money(region, totals.due, currency)],
  ];
  let y = end;
  for (const [label, value] of rows) {
    const strong = label === 'Total' || label === 'Balance Due';
    pen.rect(372, y, RIGHT - 372, 20, { stroke: [0.3, 0.3, 0.3], ...(strong ? { fill: SHADE } : {}) });
    pen.text(380, y + 14, label, { size: 10, face: strong ? 'bold' : 'regular' });
    pen.text(RIGHT - 6, y + 14, value, { size: 10, face: strong ? 'bold' : 'regular', align: 'right' });
    y += 20;
  }
  pen.block(
    LEFT,
    end + 20,
    (sample.notes ?? []).flatMap((note) => pen.wrap(note, 310, { size: 9 })),
    { size: 9 },
  );
  pen.text(pen.width / 2, 760, vendor.register ?? '', { size: 8, align: 'center' });
  return pen;
}

function boxes(
  pen: Pen,
  cells: readonly (readonly [string, string])[],
  left: number,
  top: number,
  width: number,
): void {
  for (const [index, [label, value]] of cells.entries()) {
    const x = left + index * width;
    pen.rect(x, top, width, 17, { fill: SHADE, stroke: [0.3, 0.3, 0.3] });
    pen.rect(x, top + 17, width, 19, { stroke: [0.3, 0.3, 0.3] });
    pen.text(x + width / 2, top + 12, label, { size: 9, face: 'bold', align: 'center' });
    pen.text(x + width / 2, top + 30, value, { size: 9.5, align: 'center' });
  }
}

function addressBox(pen: Pen, title: string, lines: readonly string[], x: number): void {
  pen.rect(x, 132, 260, 17, { fill: SHADE, stroke: [0.3, 0.3, 0.3] });
  pen.rect(x, 149, 260, 72, { stroke: [0.3, 0.3, 0.3] });
  pen.text(x + 6, 144, title, { size: 9, face: 'bold' });
  pen.block(x + 6, 164, lines, { size: 9.5, leading: 13 });
}
