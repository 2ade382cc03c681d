/** The German business letter (DIN 5008): address window, information block at the right, small print in columns at the foot. */
import { A4, createPen } from '../pen.ts';
import type { Family, Pen } from '../pen.ts';
import { labelsOf } from '../locale.ts';
import type { Sample, Totals } from '../model.ts';
import { drawTable } from '../table.ts';
import type { ColumnName } from '../table.ts';
import { addressLines, bankLines, details, drawTotals, titleOf, totalRows } from './parts.ts';

const LEFT = 62;
const RIGHT = 545;
const GREY = [0.42, 0.42, 0.45] as const;

export async function letter(sample: Sample, totals: Totals, family: Family = 'helvetica'): Promise<Pen> {
  const pen = await createPen(family, A4, `${titleOf(sample)} ${sample.number}`);
  head(pen, sample);
  const y = opening(pen, sample);
  const columns: (readonly [ColumnName, number])[] = [
    ['position', 26],
    ['article', 54],
    ['description', 0],
    ['quantity', 40],
    ['unit', 34],
    ['price', 58],
    ...(sample.lines.some(({ discount }) => discount) ? [['discount', 46] as const] : []),
    ['rate', 36],
    ['total', 58],
  ];
  const further = () => {
    foot(pen, sample);
    pen.newPage();
    pen.text(LEFT, 60, `${sample.vendor.name} · ${titleOf(sample)} ${sample.number}`, { size: 9, colour: GREY });
    pen.text(RIGHT, 60, `${labelsOf(sample).page} ${pen.pages}`, { size: 9, align: 'right', colour: GREY });
    return 80;
  };
  const end = drawTable(pen, sample, totals.lines, y, {
    columns,
    left: LEFT,
    right: RIGHT,
    header: {},
    rules: 'rows',
    bottom: 715,
    nextPage: further,
    carry: true,
  });
  closing(pen, sample, totals, end > 590 ? further() : end + 8);
  foot(pen, sample);
  return pen;
}

function head(pen: Pen, { vendor, colour }: Sample): void {
  pen.circle(RIGHT - 14, 54, 14, colour);
  pen.circle(RIGHT - 34, 60, 8, [colour[0] * 0.6 + 0.4, colour[1] * 0.6 + 0.4, colour[2] * 0.6 + 0.4]);
  pen.text(RIGHT - 50, 60, vendor.name, { size: 17, face: 'bold', colour, align: 'right' });
  pen.line(LEFT, 78, RIGHT, 78, { width: 1.2, colour });
}

function opening(pen: Pen, sample: Sample): number {
  const { vendor, buyer } = sample;
  pen.text(LEFT, 132, `${vendor.name} · ${vendor.street} · ${vendor.city}`, { size: 6.5, colour: GREY });
  pen.line(LEFT, 135, LEFT + 225, 135, { width: 0.3, colour: GREY });
  pen.block(LEFT, 150, addressLines(buyer), { size: 10.5, leading: 14 });
  let y = 142;
  for (const [label, value] of details(sample)) {
    pen.text(360, y, label, { size: 9, colour: GREY });
    pen.text(RIGHT, y, value, {
      size: 9,
      face: label === labelsOf(sample).number ? 'bold' : 'regular',
      align: 'right',
    });
    y += 14;
  }
  pen.text(LEFT, 268, `${titleOf(sample)} ${sample.number}`, { size: 15, face: 'bold' });
  const [greeting = ''] = sample.notes ?? [];
  const lines = pen.wrap(greeting, RIGHT - LEFT, { size: 9.5 });
  return pen.block(LEFT, 290, lines, { size: 9.5 }) + 6;
}

function closing(pen: Pen, sample: Sample, totals: Totals, top: number): void {
  const y = drawTotals(pen, totalRows(sample, totals), { left: 330, right: RIGHT - 4, top, rule: sample.colour });
  const texts = [sample.terms ?? '', ...(sample.notes ?? []).slice(1)].filter(Boolean);
  pen.block(
    LEFT,
    y + 22,
    texts.flatMap((text) => pen.wrap(text, RIGHT - LEFT, { size: 9.5 })),
    { size: 9.5 },
  );
  if (sample.stamp) pen.stamp(sample.stamp, 130, 690, 44, [0.75, 0.1, 0.1]);
}

function foot(pen: Pen, sample: Sample): void {
  const { vendor } = sample;
  pen.line(LEFT, 768, RIGHT, 768, { width: 0.5, colour: sample.colour });
  const style = { size: 7, leading: 9, colour: GREY };
  pen.block(LEFT, 778, [vendor.name, vendor.street, vendor.city], style);
  pen.block(
    178,
    778,
    [vendor.phone, vendor.email, vendor.web].filter((line) => line !== undefined),
    style,
  );
  pen.block(306, 778, bankLines({ ...sample, paymentReference: '' }), style);
  const legal = [vendor.taxId && `${labelsOf(sample).vatId} ${vendor.taxId}`, ...(vendor.register ?? '').split('\n')];
  pen.block(
    446,
    778,
    legal.filter((line): line is string => Boolean(line)),
    style,
  );
}
