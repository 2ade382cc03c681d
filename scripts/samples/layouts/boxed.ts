/** The Italian form: every value in a box under its small label, a summary of taxes, the total at the bottom right. */
import { A4, createPen } from '../pen.ts';
import type { Family, Pen } from '../pen.ts';
import { labelsOf, amount, date, money, number } from '../locale.ts';
import type { Sample, Totals } from '../model.ts';
import { drawTable } from '../table.ts';
import { addressLines, titleOf } from './parts.ts';

const LEFT = 40;
const RIGHT = 555;
const LINE = [0.35, 0.35, 0.35] as const;

export async function boxed(sample: Sample, totals: Totals, family: Family = 'helvetica'): Promise<Pen> {
  const pen = await createPen(family, A4, `${titleOf(sample)} ${sample.number}`);
  const { vendor, buyer, region, currency } = sample;
  const labels = labelsOf(sample);
  pen.text(LEFT, 56, vendor.name, { size: 15, face: 'bold', colour: sample.colour });
  const own = [
    `${vendor.street} - ${vendor.city}`,
    `${labels.vatId} ${vendor.taxId ?? ''}   ${vendor.register ?? ''}`,
    `Tel. ${vendor.phone ?? ''}   ${vendor.email ?? ''}`,
  ];
  pen.block(LEFT, 72, own, { size: 8.5, leading: 11.5 });
  pen.rect(330, 120, 225, 82, { stroke: LINE });
  pen.text(336, 130, labels.billTo, { size: 7, colour: LINE });
  pen.block(336, 144, addressLines(buyer), { size: 10, leading: 13 });
  if (buyer.taxId) pen.text(336, 197, `${labels.vatId} ${buyer.taxId}`, { size: 8.5 });
  pen.text(LEFT, 150, titleOf(sample).toUpperCase(), { size: 20, face: 'bold' });

  const third = (RIGHT - LEFT) / 4;
  box(pen, labels.number, sample.number, LEFT, 212, third);
  box(pen, labels.date, date(region, sample.issueDate), LEFT + third, 212, third);
  box(pen, labels.customer, sample.customerNumber ?? '', LEFT + 2 * third, 212, third);
  box(pen, labels.po, sample.poNumber ?? '', LEFT + 3 * third, 212, third);
  box(pen, labels.bank, sample.terms ?? '', LEFT, 240, 2 * third);
  box(pen, 'IBAN', vendor.iban ?? '', LEFT + 2 * third, 240, 2 * third);
  const end = drawTable(pen, sample, totals.lines, 278, {
    columns: [
      ['article', 66],
      ['description', 0],
      ['unit', 36],
      ['quantity', 46],
      ['price', 62],
      ...(sample.lines.some(({ discount }) => discount) ? [['discount', 52] as const] : []),
      ['rate', 40],
      ['total', 70],
    ],
    left: LEFT,
    right: RIGHT,
    size: 8.5,
    header: { fill: [0.88, 0.88, 0.88] },
    rules: 'grid',
    bottom: 640,
    nextPage: () => {
      pen.newPage();
      return 60;
    },
  });
  const top = Math.max(end + 20, 620);
  summary(pen, sample, totals, top);
  box(pen, labels.net, amount(region, totals.net, currency), 330, top, 112);
  box(pen, labels.tax, amount(region, totals.tax, currency), 442, top, 113);
  box(pen, labels.due, sample.dueDate ? date(region, sample.dueDate) : '', 330, top + 28, 112);
  pen.rect(442, top + 28, 113, 40, { fill: [0.9, 0.9, 0.9], stroke: LINE });
  pen.text(448, top + 38, labels.gross, { size: 7, colour: LINE });
  pen.text(549, top + 59, money(region, sample.printedGross ?? totals.gross, currency), {
    size: 14,
    face: 'bold',
    align: 'right',
  });
  pen.block(
    LEFT,
    top + 92,
    (sample.notes ?? []).flatMap((note) => pen.wrap(note, RIGHT - LEFT, { size: 8 })),
    { size: 8 },
  );
  return pen;
}

function box(pen: Pen, label: string, value: string, x: number, y: number, width: number): void {
  pen.rect(x, y, width, 28, { stroke: LINE });
  pen.text(x + 5, y + 9, label, { size: 7, colour: LINE });
  pen.text(x + 5, y + 22, value, { size: 9.5, face: 'bold' });
}

function summary(pen: Pen, sample: Sample, totals: Totals, top: number): void {
  const { region, currency } = sample;
  const labels = labelsOf(sample);
  pen.rect(LEFT, top, 270, 16 + totals.taxes.length * 15, { stroke: LINE });
  const xs = [LEFT + 60, LEFT + 165, LEFT + 262] as const;
  const write = (y: number, cells: readonly string[], size: number) => {
    for (const [index, text] of cells.entries()) pen.text(xs[index] ?? 0, y, text, { size, align: 'right' });
  };
  write(top + 11, [labels.columns.rate, 'Imponibile', 'Imposta'], 7.5);
  for (const [index, { rate, base, amount: tax }] of totals.taxes.entries())
    write(
      top + 26 + index * 15,
      [number(region, rate), amount(region, base, currency), amount(region, tax, currency)],
      9,
    );
}
