/** The vendor in a narrow column at the left, everything else beside it. */
import { A4, createPen } from '../pen.ts';
import type { Colour, Family, Pen } from '../pen.ts';
import { labelsOf } from '../locale.ts';
import type { Sample, Totals } from '../model.ts';
import { drawTable } from '../table.ts';
import { addressLines, bankLines, details, drawTotals, titleOf, totalRows } from './parts.ts';

const LEFT = 186;
const RIGHT = 556;
const WHITE: Colour = [1, 1, 1];

export async function sidebar(sample: Sample, totals: Totals, family: Family = 'times'): Promise<Pen> {
  const pen = await createPen(family, A4, `${titleOf(sample)} ${sample.number}`);
  const { vendor, buyer, colour } = sample;
  const labels = labelsOf(sample);
  const column = () => {
    pen.rect(0, 0, 162, pen.height, { fill: colour });
    const name = pen.wrap(vendor.name, 130, { size: 16, face: 'bold' });
    let y = pen.block(20, 70, name, { size: 16, face: 'bold', colour: WHITE, leading: 20 }) + 14;
    const lines = [...addressLines(vendor).slice(1), '', vendor.phone ?? '', vendor.email ?? '', vendor.web ?? ''];
    y = pen.block(20, y, lines, { size: 8.5, colour: WHITE, leading: 12.5 }) + 16;
    const legal = [vendor.taxId ? `${labels.vatId} : ${vendor.taxId}` : '', ...(vendor.register ?? '').split('\n')];
    pen.block(
      20,
      y,
      legal.flatMap((line) => pen.wrap(line, 130, { size: 8 })),
      { size: 8, colour: WHITE, leading: 11 },
    );
  };
  column();
  pen.text(LEFT, 74, titleOf(sample), { size: 24, face: 'italic', colour });
  let y = 108;
  for (const [label, value] of details(sample)) {
    pen.text(LEFT, y, `${label} :`, { size: 9.5 });
    pen.text(LEFT + 104, y, value, { size: 9.5, face: 'bold' });
    y += 14;
  }
  pen.rect(366, 150, 190, 86, { stroke: [0.6, 0.6, 0.6] });
  pen.text(374, 164, labels.billTo, { size: 8, face: 'italic' });
  pen.block(374, 180, addressLines(buyer), { size: 10, leading: 13 });
  const end = drawTable(pen, sample, totals.lines, 262, {
    columns: [
      ['description', 0],
      ['quantity', 40],
      ['price', 60],
      ['rate', 44],
      ['total', 68],
    ],
    left: LEFT,
    right: RIGHT,
    header: {},
    rules: 'rows',
    bottom: 690,
    nextPage: () => {
      pen.newPage();
      column();
      return 60;
    },
  });
  const below = drawTotals(pen, totalRows(sample, totals), {
    left: 346,
    right: RIGHT - 4,
    top: end + 12,
    strong: colour,
  });
  pen.text(LEFT, below + 26, labels.bank, { size: 10, face: 'bold', colour });
  const text = [...bankLines(sample), '', sample.terms ?? '', ...(sample.notes ?? [])];
  pen.block(
    LEFT,
    below + 42,
    text.flatMap((line) => pen.wrap(line, RIGHT - LEFT, { size: 9 })),
    { size: 9, leading: 12.5 },
  );
  return pen;
}
