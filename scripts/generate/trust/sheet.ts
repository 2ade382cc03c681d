/** The page that the values stand on; each value is drawn by whoever is asked to, so that one of them can lie. */
import { degrees, PDFDocument, rgb, StandardFonts } from '@cantoo/pdf-lib';
import type { PDFFont, PDFPage } from '@cantoo/pdf-lib';
import { openPdfium } from '../../../worker/pdf/pdfium.ts';
import type { Grey } from '../../../worker/image/grey.ts';
import { money, textOf, type Facts, type TrustField } from './facts.ts';

/** Where a value stands: left end of its baseline, in points from the bottom left. */
export interface Spot {
  readonly field: TrustField;
  readonly text: string;
  readonly x: number;
  readonly y: number;
  readonly size: number;
  readonly bold: boolean;
}

export interface Sheet {
  readonly document: PDFDocument;
  readonly page: PDFPage;
  readonly font: (bold: boolean) => PDFFont;
  readonly width: (spot: Pick<Spot, 'text' | 'size' | 'bold'>) => number;
  /** The value as plain text. */
  readonly print: (spot: Spot) => void;
}

export type Draw = (sheet: Sheet, spot: Spot) => Promise<void> | void;

const MADE = new Date(Date.UTC(2026, 0, 2, 8, 0, 0));
const INK = rgb(0.1, 0.1, 0.12);
const SIZE = [595.28, 841.89] as const;

export async function createSheet(): Promise<Sheet> {
  const document = await PDFDocument.create();
  document.setCreationDate(MADE);
  document.setModificationDate(MADE);
  const [regular, strong] = [
    await document.embedFont(StandardFonts.Helvetica),
    await document.embedFont(StandardFonts.HelveticaBold),
  ];
  const page = document.addPage([...SIZE]);
  const font = (bold: boolean): PDFFont => (bold ? strong : regular);
  return {
    document,
    page,
    font,
    width: ({ text, size, bold }) => font(bold).widthOfTextAtSize(text, size),
    print: ({ text, x, y, size, bold }) => page.drawText(text, { x, y, size, font: font(bold), color: INK }),
  };
}

/** `draw` draws one of the values; the others are plain text. */
export async function drawInvoice(
  sheet: Sheet,
  facts: Facts,
  draws: Partial<Record<TrustField, Draw>>,
): Promise<Uint8Array> {
  const put = (text: string, x: number, y: number, size = 9.5, bold = false): void =>
    sheet.print({ field: 'vendorName', text, x, y, size, bold });
  const right = (text: string, x: number, y: number, size = 9.5, bold = false): void =>
    put(text, x - sheet.width({ text, size, bold }), y, size, bold);
  const value = async (
    field: TrustField,
    x: number,
    y: number,
    size: number,
    bold: boolean,
    toRight = false,
  ): Promise<void> => {
    const text = textOf(facts, field);
    const spot: Spot = { field, text, x: toRight ? x - sheet.width({ text, size, bold }) : x, y, size, bold };
    const draw = draws[field];
    if (draw) await draw(sheet, spot);
    else sheet.print(spot);
  };
  const words = facts.german ? GERMAN : ENGLISH;

  await value('vendorName', 60, 780, 17, true);
  put(`${facts.street}, ${facts.city}`, 60, 762, 8.5);
  put(words.title, 420, 780, 18, true);
  for (const [i, line] of [words.billTo, 'Example Buyer Ltd', '1 Main Road', 'Cork'].entries())
    put(line, 60, 708 - i * 14, 10);
  put(words.number, 340, 708);
  await value('invoiceNumber', 450, 708, 9.5, false);
  for (const [i, [label, text]] of (
    [
      [words.date, facts.date],
      [words.due, facts.due],
    ] as const
  ).entries()) {
    put(label, 340, 692 - i * 16);
    put(text, 450, 692 - i * 16);
  }
  for (const [i, head] of words.heads.entries()) (i === 0 ? put : right)(head, [60, 330, 430, 535][i]!, 620, 9.5, true);
  for (const [i, line] of facts.lines.entries()) {
    const y = 600 - i * 18;
    put(line.text, 60, y);
    right(line.quantity, 330, y);
    right(money(line.price, facts.german), 430, y);
    right(money(line.total, facts.german), 535, y);
  }
  const top = 580 - facts.lines.length * 18;
  for (const [i, [label, amount]] of (
    [
      [words.net, facts.net],
      [words.tax, facts.tax],
    ] as const
  ).entries()) {
    put(label, 360, top - i * 18);
    right(money(amount, facts.german), 535, top - i * 18);
  }
  put(words.gross, 360, top - 44, 11, true);
  await value('grossTotal', 535, top - 44, 11, true, true);
  put('Elbufer Bank', 60, 96, 8.5);
  put('IBAN', 60, 82, 8.5);
  await value('vendorIban', 88, 82, 8.5, false);
  return sheet.document.save({ useObjectStreams: false });
}

const ENGLISH = {
  title: 'INVOICE',
  billTo: 'Bill to:',
  number: 'Invoice number',
  date: 'Invoice date',
  due: 'Due date',
  heads: ['Description', 'Quantity', 'Unit price', 'Amount EUR'],
  net: 'Net total',
  tax: 'VAT 20 %',
  gross: 'Total EUR',
};
const GERMAN = {
  title: 'RECHNUNG',
  billTo: 'Rechnung an:',
  number: 'Rechnungsnummer',
  date: 'Rechnungsdatum',
  due: 'Fällig am',
  heads: ['Bezeichnung', 'Menge', 'Einzelpreis', 'Betrag EUR'],
  net: 'Nettobetrag',
  tax: 'USt. 19 %',
  gross: 'Gesamtbetrag EUR',
};

export interface Glyphs extends Grey {
  /** Pixels a point; the baseline stands `below` points above the lower edge. */
  readonly scale: number;
  readonly below: number;
}

/** Text as pixels, drawn by the same fonts: a picture of a value. */
export async function glyphsOf(text: string, size: number, bold: boolean): Promise<Glyphs> {
  const small = await PDFDocument.create();
  const font = await small.embedFont(bold ? StandardFonts.HelveticaBold : StandardFonts.Helvetica);
  const below = size * 0.3;
  const page = small.addPage([font.widthOfTextAtSize(text, size), size * 1.25]);
  page.drawText(text, { x: 0, y: below, size, font, color: INK, rotate: degrees(0) });
  const document = await openPdfium(await small.save());
  const scale = 6;
  const drawn = document.page(1);
  const grey = drawn.grey(72 * scale);
  drawn.close();
  document.close();
  return { ...grey, scale, below };
}
