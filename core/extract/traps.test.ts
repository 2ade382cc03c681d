/** Known traps of invoices, each an invented document. */
import { expect, test } from 'vitest';
import type { PageReading } from '../contract/reading.ts';
import { extract } from './extract.ts';
import { sheet, sheets } from './testing.ts';

const values = (text: string) => {
  const { header } = extract([sheet(text)]);
  return Object.fromEntries(Object.entries(header).map(([name, cell]) => [name, cell.value]));
};
const rows = (pages: readonly PageReading[]) =>
  extract(pages).lines.map((l) => [l.cells.description?.value, l.cells.quantity?.value, l.cells.lineTotal?.value]);

test('the subtotal is not the total, and a tax row with its rate in brackets is the tax', () => {
  const read = values(`
Fairview Garden Supply Ltd
12 Orchard Road, Leeds LS1 4AP
                                              Invoice No: FG-1009
                                              Invoice Date: 14 March 2024
Bill To:
Northgate School

Description                Qty      Unit Price       Amount
Compost 50 l                 4           12.50        50.00
Rake                         2           25.00        50.00

                                    Subtotal         100.00
                                    Tax (8%)           8.00
                                    Total          £ 108.00
`);
  expect(read).toMatchObject({
    netTotal: '100',
    taxTotal: '8',
    grossTotal: '108',
    currency: 'GBP',
    buyerName: 'Northgate School',
  });
  expect(read['vendorName']).toBe('Fairview Garden Supply Ltd');
});

test('the buyer in a large window on top is not the vendor', () => {
  const read = values(`
Bill To:                                              INVOICE
Harbour Logistics Inc                                 Invoice #: 55120
88 Dock Street                                        Date: 02/28/2024
Seattle, WA 98101

Item                       Quantity     Rate        Amount
Cleaning                       3       40.00      $ 120.00

                              Total Due           $ 120.00

Please remit to: Brightwater Cleaning LLC
PO Box 7, Tacoma, WA 98402          billing@brightwatercleaning.com
`);
  expect(read).toMatchObject({
    vendorName: 'Brightwater Cleaning LLC',
    buyerName: 'Harbour Logistics Inc',
    issueDate: '2024-02-28',
    invoiceNumber: '55120',
  });
});

test('"No" of "Northwind" and "To" of "Tools" are no labels', () => {
  const read = values(`
Northwind 77 Tools Ltd
Totem Lane 4, Bristol BS1 2AB

Invoice number   NW-204
Invoice date     05 Jan 2024

Description              Amount
Notebook 12              24.00
Total                    24.00 EUR
`);
  expect(read['invoiceNumber']).toBe('NW-204');
  expect(read['grossTotal']).toBe('24');
});

test('discount and shipping rows explain the way from the sum of the lines to the total', () => {
  const { header, lines } = extract([
    sheet(`
Delta Print GmbH
Invoice No. 778      Date 2024-06-01

Description            Qty    Unit price     Amount
Flyer A5              1000          0.10     100.00
Poster                  10          5.00      50.00

                          Subtotal           150.00
                          Discount           -15.00
                          Shipping             9.00
                          VAT 20%             28.80
                          Total EUR          172.80
`),
  ]);
  expect(lines).toHaveLength(2);
  expect(header.grossTotal?.value).toBe('172.8');
  expect(header.taxTotal?.value).toBe('28.8');
  expect(header.allowanceTotal?.value).toBe('-15');
  expect(header.chargeTotal?.value).toBe('9');
});

test('heads repeated on the second page and sums carried over are no lines', () => {
  const head = 'Pos   Bezeichnung                 Menge      Preis      Gesamt';
  const [first, second] = [
    `
Muster Handel GmbH          Rechnungsnummer: 4711      Datum: 01.02.2024

${head}
1     Schraube M8                      10       1,00       10,00
2     Mutter M8                        10       0,50        5,00
                                    Übertrag               15,00
`,
    `
Muster Handel GmbH                                   Seite 2

${head}
                                    Übertrag               15,00
3     Scheibe                          20       0,25        5,00

                                    Summe netto            20,00
                                    19 % MwSt.              3,80
                                    Gesamtbetrag           23,80
`,
  ];
  const pages = sheets([first ?? '', second ?? '']);
  expect(rows(pages)).toEqual([
    ['Schraube M8', '10', '10'],
    ['Mutter M8', '10', '5'],
    ['Scheibe', '20', '5'],
  ]);
  expect(extract(pages).header.netTotal?.value).toBe('20');
  expect(extract(pages).taxRows.map((r) => r.cells.amount?.value)).toEqual([]);
});

const swappable = (lines: string) =>
  sheet(`\nAcme Trading\n\nInvoice No: 12\nInvoice Date: 03/04/2024\n${lines}\nTotal 10.00\n`);

test('a date that could be swapped is flagged unless the document decides', () => {
  const open = extract([swappable('')]);
  expect(open.notes.map((n) => n.code)).toEqual(['DATE_AMBIGUOUS']);
  expect(open.header.issueDate?.confidence).toBeLessThan(0.8);
  expect(open.header.issueDate?.candidates.map((c) => c.value).toSorted()).toEqual(['2024-03-04', '2024-04-03']);
  const decided = extract([swappable('Due Date: 25/04/2024')]);
  expect(decided.header.issueDate?.value).toBe('2024-04-03');
  expect(decided.notes).toEqual([]);
  expect(extract([swappable('Due Date: 04/25/2024')]).header.issueDate?.value).toBe('2024-03-04');
});

test('a credit note keeps its sign as printed', () => {
  const read = values(`
                      GUTSCHRIFT
Feld & Wiese GmbH
Gutschriftsnummer: GS-19        Datum: 11.11.2023

Bezeichnung          Menge      Einzelpreis      Betrag
Rückgabe Saatgut        -2            10,00      -20,00

                           Nettobetrag           -20,00
                           7 % MwSt.              -1,40
                           Gesamtbetrag EUR      -21,40
`);
  expect(read).toMatchObject({
    documentType: 'credit-note',
    invoiceNumber: 'GS-19',
    netTotal: '-20',
    taxTotal: '-1.4',
    grossTotal: '-21.4',
  });
});

test('a till receipt: cash and change are not the total, rounding is', () => {
  const text = `
   KEDAI RUNCIT BINTANG SDN BHD
   NO 5, JALAN MELUR
   TAX INVOICE
   Receipt No: R-1203   Date: 21/03/2018

   Rice 5KG            24.51
   Soap                 3.00

   SUBTOTAL            27.51
   ROUNDING            -0.01
   TOTAL  RM           27.50
   CASH                50.00
   CHANGE              22.50
`;
  const { header } = extract([sheet(text, { width: 300, height: 900, columns: 36, rows: 40 })]);
  expect(header.grossTotal?.value).toBe('27.5');
  expect(header.currency?.value).toBe('MYR');
  expect(header.issueDate?.value).toBe('2018-03-21');
  expect(header.vendorName?.value).toContain('KEDAI RUNCIT BINTANG');
});

test('what is not printed stays absent', () => {
  const read = values('\nInvoice 881\nConsulting      90.00\nTotal           90.00\n');
  for (const field of ['dueDate', 'poNumber', 'vendorIban', 'vendorTaxId', 'taxTotal', 'netTotal', 'currency'])
    expect(read).not.toHaveProperty(field);
});

test('the account that is debited is not the vendor’s', () => {
  const read = values(`
Stadtwerke Beispiel GmbH
Rechnungsnummer: 9        Rechnungsdatum: 01.03.2024
Gesamtbetrag EUR 20,00
Der Betrag wird am 15.03.2024 von Ihrem Konto IBAN DE21 8600 0000 0086 0010 55 eingezogen.
Unsere Bankverbindung:  IBAN DE02 1203 0000 0000 2020 51
`);
  expect(read['vendorIban']).toBe('DE02120300000000202051');
  expect(read['dueDate']).toBe('2024-03-15');
});

test('figures overrule heads that name the wrong column', () => {
  const { lines } = extract([
    sheet(`
Détail                       Qté       Taux         Prix
Chaise                      3,00      20,00        60,00
Table                       2,00     150,00       300,00
                          TOTAL HT              360,00 €
`),
  ]);
  expect(lines.map((l) => [l.cells.unitPrice?.value, l.cells.lineTotal?.value])).toEqual([
    ['20', '60'],
    ['150', '300'],
  ]);
});
