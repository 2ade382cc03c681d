/** PDFs whose text says one thing and whose page shows another, and honest ones that only look odd: what the trust check is measured on. */
import { createRandom } from '../random.ts';
import { factsOf, germanIban, otherText, textOf, TRUST_FIELDS, type Facts, type TrustField } from './trust/facts.ts';
import { HONEST } from './trust/honest.ts';
import { createSheet, drawInvoice, type Sheet, type Spot } from './trust/sheet.ts';
import { cut, ghost, LIES } from './trust/ways.ts';
import { degrees, setTextRenderingMode } from '@cantoo/pdf-lib';

export interface TrustDocument {
  readonly name: string;
  readonly bytes: Uint8Array;
  readonly way: string;
  readonly field: TrustField;
  /** What the text layer says, where it lies. */
  readonly lie?: string;
}

/** `facts` are what the text layer says; `visible` is what the page shows in place of one of them. */
type Maker = (sheet: Sheet, facts: Facts, field: TrustField, visible: string) => Promise<Uint8Array>;

const makers: Record<string, Maker> = Object.fromEntries(
  Object.entries(LIES).map(([way, lie]): [string, Maker] => [
    way,
    (sheet, facts, field, visible) =>
      drawInvoice(sheet, facts, {
        [field]: (on: Sheet, spot: Spot) => lie(on, { ...spot, text: visible }, spot.text),
      }),
  ]),
);

/** The page, or its crop box, cuts the first characters off; the label stands above what is left. */
const cutAt =
  (crop: number): Maker =>
  async (sheet, facts, field) => {
    if (crop > 0) sheet.page.setCropBox(crop, 0, sheet.page.getWidth() - crop, sheet.page.getHeight());
    return drawInvoice(sheet, facts, {
      [field]: (on: Sheet, spot: Spot) => {
        const label = { invoiceNumber: 'Invoice number', grossTotal: 'Total EUR', vendorIban: 'IBAN', vendorName: '' }[
          field
        ];
        on.print({ ...spot, text: label, x: crop + 14, y: spot.y + spot.size * 1.3, size: 8, bold: false });
        return cut(on, { ...spot, x: crop }, '');
      },
    });
  };

/** An account that only programs see, with a better label than the visible one has. */
const secondAccount: Maker = async (sheet, facts, _field, visible) =>
  drawInvoice(sheet, facts, {
    vendorIban: (on, spot) => {
      on.print({ ...spot, text: visible });
      ghost(on, { ...spot, y: spot.y - 12 }, `IBAN ${spot.text}`, [setTextRenderingMode(3)]);
    },
  });

makers['cut by the edge of the page'] = cutAt(0);
makers['cut by the crop box'] = cutAt(24);
makers['a second account, invisible'] = secondAccount;

const ONLY: Readonly<Record<string, readonly TrustField[]>> = {
  // What a reader takes for an account or a total does not begin at the edge of the paper.
  'cut by the edge of the page': ['invoiceNumber'],
  'cut by the crop box': ['invoiceNumber'],
  'a second account, invisible': ['vendorIban'],
};

export async function lyingDocuments(seed: number, count: number): Promise<TrustDocument[]> {
  const ways = Object.entries(makers);
  const documents: TrustDocument[] = [];
  for (let i = 0; i < count; i += 1) {
    const random = createRandom(seed * 1_000 + i);
    const facts = factsOf(random);
    const [way, make] = ways[i % ways.length]!;
    const fields = ONLY[way] ?? TRUST_FIELDS;
    const field = fields[(Math.floor(i / ways.length) + i) % fields.length]!;
    const visible = field === 'vendorIban' ? germanIban(random) : otherText(facts, field, random);
    const bytes = await make(await createSheet(), facts, field, visible);
    documents.push({ name: `lie-${String(i + 1).padStart(2, '0')}.pdf`, bytes, way, field, lie: textOf(facts, field) });
  }
  return documents;
}

export async function honestDocuments(seed: number, count: number): Promise<TrustDocument[]> {
  const prints = Object.entries(HONEST);
  const documents: TrustDocument[] = [];
  for (let i = 0; i < count; i += 1) {
    const random = createRandom(seed * 1_000 + 500 + i);
    const facts = factsOf(random);
    const [way, print] = prints[i % prints.length]!;
    const field = TRUST_FIELDS[(Math.floor(i / prints.length) + i) % TRUST_FIELDS.length]!;
    const sheet = await createSheet();
    // Every ninth stands on its side, as a page scanned or printed across.
    const aside = i % 9 === 8;
    if (aside) sheet.page.setRotation(degrees(90));
    const bytes = await drawInvoice(sheet, facts, { [field]: print });
    documents.push({
      name: `honest-${String(i + 1).padStart(2, '0')}.pdf`,
      bytes,
      way: aside ? `${way}, turned` : way,
      field,
    });
  }
  return documents;
}
