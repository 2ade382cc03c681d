/** For tests: an invoice whose words for things no reader knows, so that each must be learned. */
import { PDFDocument, StandardFonts } from '@cantoo/pdf-lib';

export interface OddInvoice {
  readonly folio: string;
  /** ISO. */
  readonly date: string;
  readonly net: number;
  readonly order: string;
  readonly lines?: number;
  readonly iban?: string;
}

const money = (cents: number): string => (cents / 100).toFixed(2);

export async function oddPdf({
  folio,
  date,
  net,
  order,
  lines = 2,
  iban = 'GB33BUKB20201555555555',
}: OddInvoice): Promise<Uint8Array> {
  const pdf = await PDFDocument.create();
  const font = await pdf.embedFont(StandardFonts.Helvetica);
  const page = pdf.addPage([595, 842]);
  const put = (text: string, x: number, y: number, size = 10): void => page.drawText(text, { x, y, size, font });
  put('Quillon & Thrush', 50, 790, 18);
  put('Instrument makers since 1911', 50, 772);
  put('Harbour Street Clinic', 50, 720);
  put('4 Harbour Street', 50, 706);
  put('Bristol BS1 5DB', 50, 692);
  put(`Leaf ${folio}`, 400, 740);
  put(`Drawn up ${date}`, 400, 726);
  put(`Prompted by ${order}`, 400, 712);
  put('What we made', 50, 650);
  put('For', 480, 650);
  let y = 632;
  for (let line = 1; line <= lines; line += 1) {
    put(`Brass fitting, size ${line}`, 50, y);
    put(money(line === lines ? net - (lines - 1) * 1_000 : 1_000), 480, y);
    y -= 16;
  }
  const tax = Math.round(net * 0.2);
  put('Before levy', 380, y - 20);
  put(money(net), 480, y - 20);
  put('Levy 20%', 380, y - 36);
  put(money(tax), 480, y - 36);
  put('Settles at GBP', 380, y - 52);
  put(money(net + tax), 480, y - 52);
  put(`Quillon & Thrush Ltd, VAT No GB980780684, accounts@quillon-thrush.example, IBAN ${iban}`, 50, 60, 8);
  pdf.setCreationDate(new Date(0));
  pdf.setModificationDate(new Date(0));
  return pdf.save();
}
