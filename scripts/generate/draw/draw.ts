/** Spec -> file, truth, boxes. What was printed is what the truth knows: each value is in it because its ink was set. */
import type { Drawn, Field, FieldBox, LineField, Spec, Truth, TruthLine } from '../model.ts';
import { pictured } from '../picture.ts';
import { type DrawPayment, drawLetter } from './letter.ts';
import { drawReceipt } from './receipt.ts';

export interface DrawOptions {
  readonly drawPayment?: DrawPayment;
}

export interface DrawnPdf {
  readonly bytes: Uint8Array;
  readonly boxes: readonly FieldBox[];
  readonly pages: number;
}

async function drawPdf(spec: Spec, options: DrawOptions = {}): Promise<DrawnPdf> {
  const sheet = spec.family === 'receipt' ? await drawReceipt(spec) : await drawLetter(spec, options.drawPayment);
  const bytes = await sheet.pen.document.save({ useObjectStreams: false });
  return { bytes, boxes: merged(sheet.boxes), pages: sheet.pen.pages };
}

/** A value that was wrapped has one box a line; they are one value where the lines follow each other. */
function merged(boxes: readonly FieldBox[]): FieldBox[] {
  const out: FieldBox[] = [];
  for (const box of boxes) {
    const before = out.at(-1);
    const follows =
      before?.field === box.field &&
      before.page === box.page &&
      box.box[1] - before.box[3] < 60 &&
      box.box[1] > before.box[1] &&
      box.field !== 'vendorIban';
    if (before && follows) {
      const [a, b] = [before.box, box.box];
      out[out.length - 1] = {
        ...before,
        text: `${before.text} ${box.text}`,
        box: [Math.min(a[0], b[0]), Math.min(a[1], b[1]), Math.max(a[2], b[2]), Math.max(a[3], b[3])],
      };
    } else out.push(box);
  }
  return out;
}

const fileOf = ({ index }: Spec, extension: string): string =>
  `documents/gen-${String(index).padStart(5, '0')}.${extension}`;

function truthOf(spec: Spec, boxes: readonly FieldBox[], file: string): Truth {
  const printed = new Set(boxes.map(({ field }) => field));
  const shown = boxes.find(({ field }) => field === 'vendorTaxId')?.text;
  const values: Readonly<Record<Field, string | number | readonly string[] | undefined>> = {
    invoiceNumber: spec.number,
    issueDate: spec.issueDate,
    dueDate: spec.dueDate,
    vendorName: spec.vendor.name,
    vendorTaxId:
      shown === undefined || shown === spec.vendor.taxId ? spec.vendor.taxId : [shown, spec.vendor.taxId ?? shown],
    vendorIban:
      spec.vendor.iban === undefined
        ? undefined
        : spec.vendor.otherIban === undefined
          ? spec.vendor.iban
          : [spec.vendor.iban, spec.vendor.otherIban],
    buyerName: spec.buyer.name,
    currency: spec.currency,
    poNumber: spec.poNumber,
    netTotal: Number(spec.totals.net),
    taxTotal: Number(spec.totals.tax),
    grossTotal: Number(spec.totals.gross),
    amountDue: Number(spec.totals.due),
  };
  const known = Object.entries(values).filter(([field, value]) => value !== undefined && printed.has(field as Field));
  return {
    file,
    source: 'generated',
    kind: spec.kind === 'digital' ? 'digital-pdf' : spec.kind === 'photo' ? 'photo' : 'scan',
    language: spec.language,
    docType: spec.docType,
    truthFrom: 'generator',
    family: spec.family,
    ...Object.fromEntries(known),
    lineItems: linesOf(spec, printed),
  };
}

function linesOf(spec: Spec, printed: ReadonlySet<string>): TruthLine[] {
  return spec.lines.map((line, i) => {
    const has = (field: LineField) => printed.has(`lineItems[${i}].${field}`);
    return {
      ...(has('description') && { description: line.description }),
      ...(has('quantity') && { quantity: Number(line.quantity) }),
      ...(has('unitPrice') && { unitPrice: Number(line.unitPrice) }),
      ...(has('lineTotal') && { lineTotal: Number(line.total) }),
    };
  });
}

/** Draws what the plan says; the same spec gives the same bytes. */
export async function drawDocument(spec: Spec, options: DrawOptions = {}): Promise<Drawn> {
  const { bytes, boxes } = await drawPdf(spec, options);
  const made = spec.noise ? await pictured(spec, spec.noise, bytes, boxes) : { bytes, boxes, extension: 'pdf' };
  const file = fileOf(spec, made.extension);
  return { file, bytes: made.bytes, truth: truthOf(spec, made.boxes, file), boxes: made.boxes };
}
