/** Invoices made for a test, with figures it knows. The vendors are invented. */
import { PDFDocument, StandardFonts, type PDFFont, type PDFPage } from '@cantoo/pdf-lib';

export interface Paper {
  readonly number: string;
  readonly vendor: string;
  readonly issued: string;
  readonly due: string;
  readonly currency?: string;
  readonly lines: readonly { readonly text: string; readonly quantity: number; readonly price: number }[];
  /** Per cent. */
  readonly tax: number;
  /** Printed in place of the right total: a mistake of the vendor's. */
  readonly printedGross?: number;
}

export const amounts = (paper: Paper) => {
  const net = paper.lines.reduce((sum, line) => sum + Math.round(line.quantity * line.price * 100), 0);
  const tax = Math.round((net * paper.tax) / 100);
  return { net: net / 100, tax: tax / 100, gross: (net + tax) / 100 };
};

const money = (value: number): string => value.toFixed(2).replaceAll(/\B(?=(\d{3})+\.)/g, ',');

interface Pen {
  readonly page: PDFPage;
  readonly bold: PDFFont;
  readonly put: (text: string, x: number, y: number, size?: number, face?: PDFFont) => void;
  /** Ends at x. */
  readonly right: (text: string, x: number, y: number) => void;
}

async function takePen(pdf: PDFDocument): Promise<Pen> {
  const page = pdf.addPage([595, 842]);
  const font = await pdf.embedFont(StandardFonts.Helvetica);
  const bold = await pdf.embedFont(StandardFonts.HelveticaBold);
  const put: Pen['put'] = (text, x, y, size = 10, face = font) => page.drawText(text, { x, y, size, font: face });
  return { page, bold, put, right: (text, x, y) => put(text, x - font.widthOfTextAtSize(text, 10), y) };
}

/** A plain one-page invoice with a text layer. */
export async function pdfOf(paper: Paper): Promise<Uint8Array> {
  const pdf = await PDFDocument.create();
  const pen = await takePen(pdf);
  drawHead(pen, paper);
  drawLines(pen, paper);
  drawTotals(pen, paper);
  pen.put('IBAN: IE29 AIBK 9311 5212 3456 78', 50, 120);
  return pdf.save();
}

function drawHead({ put, bold }: Pen, paper: Paper): void {
  put(paper.vendor, 50, 780, 16, bold);
  put('12 Harbour Street, Dublin 2, Ireland', 50, 762);
  put('VAT ID: IE6388047V', 50, 748);
  put('INVOICE', 430, 780, 18, bold);
  put('Bill to:', 50, 710, 10, bold);
  put('Example Buyer Ltd', 50, 696);
  put('1 Main Road, Cork, Ireland', 50, 682);
  const facts = [
    ['Invoice number:', paper.number],
    ['Invoice date:', paper.issued],
    ['Due date:', paper.due],
    ['Currency:', paper.currency ?? 'EUR'],
  ] as const;
  for (const [index, [label, value]] of facts.entries()) {
    put(label, 350, 710 - index * 14);
    put(value, 450, 710 - index * 14);
  }
}

function drawLines({ page, put, right, bold }: Pen, paper: Paper): void {
  const columns = [
    ['Description', 50],
    ['Quantity', 300],
    ['Unit price', 380],
    ['Amount', 500],
  ] as const;
  for (const [label, x] of columns) put(label, x, 630, 10, bold);
  page.drawLine({ start: { x: 50, y: 624 }, end: { x: 545, y: 624 }, thickness: 0.5 });
  for (const [index, line] of paper.lines.entries()) {
    const y = 610 - index * 16;
    put(line.text, 50, y);
    right(String(line.quantity), 340, y);
    right(money(line.price), 430, y);
    right(money(line.quantity * line.price), 540, y);
  }
}

function drawTotals({ put, right, bold }: Pen, paper: Paper): void {
  const { net, tax, gross } = amounts(paper);
  const top = 590 - paper.lines.length * 16;
  const rows = [
    ['Net total', net],
    [`VAT ${paper.tax}%`, tax],
    ['Total due', paper.printedGross ?? gross],
  ] as const;
  for (const [index, [label, value]] of rows.entries()) {
    put(label, 380, top - index * 16, 10, bold);
    right(money(value), 540, top - index * 16);
  }
}

const xml = (text: string): string =>
  text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;');

/** The same as a UBL 2.1 e-invoice. Any text is possible in any of its names. */
export function ublOf(paper: Paper): string {
  const { net, tax, gross } = amounts(paper);
  const currency = paper.currency ?? 'EUR';
  const amount = (name: string, value: number): string =>
    `<cbc:${name} currencyID="${currency}">${value.toFixed(2)}</cbc:${name}>`;
  const category = `<cbc:ID>S</cbc:ID><cbc:Percent>${paper.tax}</cbc:Percent><cac:TaxScheme><cbc:ID>VAT</cbc:ID></cac:TaxScheme>`;
  const lines = paper.lines.map(
    (
      line,
      index,
    ) => `<cac:InvoiceLine><cbc:ID>${index + 1}</cbc:ID><cbc:InvoicedQuantity unitCode="C62">${line.quantity}</cbc:InvoicedQuantity>
    ${amount('LineExtensionAmount', line.quantity * line.price)}
    <cac:Item><cbc:Name>${xml(line.text)}</cbc:Name><cac:ClassifiedTaxCategory>${category}</cac:ClassifiedTaxCategory></cac:Item>
    <cac:Price>${amount('PriceAmount', line.price)}</cac:Price></cac:InvoiceLine>`,
  );
  const party = (
    role: string,
    name: string,
    vat: string,
  ): string => `<cac:${role}><cac:Party><cac:PartyName><cbc:Name>${xml(name)}</cbc:Name></cac:PartyName>
    <cac:PostalAddress><cbc:StreetName>12 Harbour Street</cbc:StreetName><cbc:CityName>Dublin</cbc:CityName><cbc:PostalZone>D02</cbc:PostalZone>
    <cac:Country><cbc:IdentificationCode>IE</cbc:IdentificationCode></cac:Country></cac:PostalAddress>
    <cac:PartyTaxScheme><cbc:CompanyID>${vat}</cbc:CompanyID><cac:TaxScheme><cbc:ID>VAT</cbc:ID></cac:TaxScheme></cac:PartyTaxScheme>
    <cac:PartyLegalEntity><cbc:RegistrationName>${xml(name)}</cbc:RegistrationName></cac:PartyLegalEntity></cac:Party></cac:${role}>`;
  return `<?xml version="1.0" encoding="UTF-8"?>
<Invoice xmlns="urn:oasis:names:specification:ubl:schema:xsd:Invoice-2"
  xmlns:cac="urn:oasis:names:specification:ubl:schema:xsd:CommonAggregateComponents-2"
  xmlns:cbc="urn:oasis:names:specification:ubl:schema:xsd:CommonBasicComponents-2">
  <cbc:CustomizationID>urn:cen.eu:en16931:2017</cbc:CustomizationID>
  <cbc:ID>${xml(paper.number)}</cbc:ID><cbc:IssueDate>${paper.issued}</cbc:IssueDate><cbc:DueDate>${paper.due}</cbc:DueDate>
  <cbc:InvoiceTypeCode>380</cbc:InvoiceTypeCode><cbc:DocumentCurrencyCode>${currency}</cbc:DocumentCurrencyCode>
  ${party('AccountingSupplierParty', paper.vendor, 'IE6388047V')}
  ${party('AccountingCustomerParty', 'Example Buyer Ltd', 'IE9825613N')}
  <cac:PaymentMeans><cbc:PaymentMeansCode>30</cbc:PaymentMeansCode><cac:PayeeFinancialAccount><cbc:ID>IE29AIBK93115212345678</cbc:ID></cac:PayeeFinancialAccount></cac:PaymentMeans>
  <cac:TaxTotal>${amount('TaxAmount', tax)}<cac:TaxSubtotal>${amount('TaxableAmount', net)}${amount('TaxAmount', tax)}
    <cac:TaxCategory>${category}</cac:TaxCategory></cac:TaxSubtotal></cac:TaxTotal>
  <cac:LegalMonetaryTotal>${amount('LineExtensionAmount', net)}${amount('TaxExclusiveAmount', net)}${amount('TaxInclusiveAmount', gross)}${amount('PayableAmount', gross)}</cac:LegalMonetaryTotal>
  ${lines.join('\n  ')}
</Invoice>
`;
}
