/** Printed by an old program: one fixed-width face, rules of dashes, nothing in boxes. */
import { A4, createPen } from '../pen.ts';
import type { Pen } from '../pen.ts';
import { labelsOf } from '../locale.ts';
import type { Sample, Totals } from '../model.ts';
import { drawTable } from '../table.ts';
import { addressLines, bankLines, details, titleOf, totalRows } from './parts.ts';

const LEFT = 52;
const RIGHT = 545;
const SIZE = 10;

export async function typed(sample: Sample, totals: Totals): Promise<Pen> {
  const pen = await createPen('courier', A4, `${titleOf(sample)} ${sample.number}`);
  const { vendor, buyer } = sample;
  const labels = labelsOf(sample);
  const rule = (y: number) => pen.text(LEFT, y, '-'.repeat(82), { size: SIZE });
  pen.text(LEFT, 60, vendor.name.toUpperCase(), { size: 13, face: 'bold' });
  const own = [vendor.street, vendor.city, `Tel ${vendor.phone ?? ''}`, `${labels.vatId} ${vendor.taxId ?? ''}`];
  let y = pen.block(LEFT, 76, own, { size: SIZE, leading: 13 });
  y = pen.block(LEFT, y + 24, addressLines(buyer), { size: SIZE, leading: 13 }) + 26;
  pen.text(LEFT, y, titleOf(sample).toUpperCase(), { size: 15, face: 'bold' });
  y += 22;
  for (const [label, value] of details(sample)) {
    pen.text(LEFT, y, `${label.padEnd(18, '.')}: ${value}`, { size: SIZE });
    y += 13;
  }
  rule(y + 6);
  const further = () => {
    pen.newPage();
    pen.text(LEFT, 60, `${vendor.name}   ${titleOf(sample)} ${sample.number}`, { size: SIZE });
    pen.text(RIGHT, 60, `${labels.page} ${pen.pages}`, { size: SIZE, align: 'right' });
    return 78;
  };
  y = drawTable(pen, sample, totals.lines, y + 12, {
    columns: [
      ['article', 78],
      ['description', 0],
      ['quantity', 52],
      ['price', 76],
      ['rate', 48],
      ['total', 84],
    ],
    left: LEFT - 4,
    right: RIGHT,
    size: SIZE,
    header: {},
    rules: 'none',
    bottom: 640,
    nextPage: further,
    carry: true,
  });
  if (y > 610) y = further();
  rule(y + 12);
  y += 24;
  for (const { label, value, strong } of totalRows(sample, totals)) {
    pen.text(250, y, label, { size: SIZE, face: strong ? 'bold' : 'regular' });
    pen.text(RIGHT - 4, y, value, { size: SIZE, align: 'right', face: strong ? 'bold' : 'regular' });
    y += 14;
  }
  rule(y);
  const text = [sample.terms ?? '', ...bankLines(sample), ...(sample.notes ?? [])].filter(Boolean);
  pen.block(
    LEFT,
    y + 18,
    text.flatMap((line) => pen.wrap(line, RIGHT - LEFT, { size: SIZE })),
    { size: SIZE, leading: 13 },
  );
  return pen;
}
