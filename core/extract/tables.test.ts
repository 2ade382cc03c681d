/** Tables of lines with something the heads do not say; each an invented document. */
import { expect, test } from 'vitest';
import type { Box } from '../contract/reading.ts';
import { extract } from './extract.ts';
import type { SheetOptions } from './testing.ts';
import { sheet } from './testing.ts';

const read = (text: string, options: SheetOptions = {}) => extract([sheet(text, options)]);
const rows = (text: string, options: SheetOptions = {}) =>
  read(text, options).lines.map(({ cells }) => [
    cells.description?.value,
    cells.quantity?.value,
    cells.unitPrice?.value,
    cells.lineTotal?.value,
  ]);

const SIDEBAR = `
                                                       INVOICE
                        Bill to:                       Invoice No. 2024-118
                        Kestrel Foods Ltd              Date 2024-03-01
                        4 Quay Street
                        Bristol BS1 4QA

                        Item                            Qty      Rate      Amount

                        Oak shelf                         2     40.00       80.00

Bramble Joinery         Pine table                        1     75.50       75.50
12 Mill Lane
Taunton TA1 1AA         Walnut chair                      3     20.00       60.00
mail@bramble.example

                                                       Subtotal            215.50
                                                       VAT 20 %             43.10
                                                       Total               258.60
`;

test('a sidebar beside the table names the vendor and is none of its text', () => {
  expect(rows(SIDEBAR)).toEqual([
    ['Oak shelf', '2', '40', '80'],
    ['Pine table', '1', '75.5', '75.5'],
    ['Walnut chair', '3', '20', '60'],
  ]);
  const { header } = read(SIDEBAR);
  expect(header.vendorName?.value).toBe('Bramble Joinery');
  expect(header.buyerName?.value).toBe('Kestrel Foods Ltd');
});

test('a column of figures without a head belongs to no other head', () => {
  const text = `
Invoice No. 2024-119

Description                       Quantity       Unit price             Amount

Oak shelf                           2               40.00   20.0         96.00
Pine table                          1               75.50   10.0         83.05

Total net                                                               155.50
`;
  expect(rows(text)).toEqual([
    ['Oak shelf', '2', '40', '96'],
    ['Pine table', '1', '75.5', '83.05'],
  ]);
});

test('figures beside their head, not under it, are still its figures', () => {
  const text = `
Invoice No. 2024-120

   Description              Qty     Unit price            Amount

   Oak shelf                 2          40.00                       80.00
   Walnut chair              3          20.00                       60.00

                                     Total                         140.00
`;
  expect(rows(text)).toEqual([
    ['Oak shelf', '2', '40', '80'],
    ['Walnut chair', '3', '20', '60'],
  ]);
});

test('rules that a scan reads as bars part cells and are no words', () => {
  const text = `
Invoice No. 2024-121

 Art. no. | Description     | Qty |  Price |   Amount
 A-100    | Oak shelf       |   2 |  40.00 |    80.00
 A-200    | Walnut chair    |   3 |  20.00 |    60.00

 Total                                        140.00
`;
  const { lines } = read(text, { source: 'ocr' });
  expect(lines.map(({ cells }) => [cells.articleNumber?.value, cells.description?.value])).toEqual([
    ['A-100', 'Oak shelf'],
    ['A-200', 'Walnut chair'],
  ]);
});

test('a sentence under the heads is no part of the first row', () => {
  const text = `
Invoice No. 2024-122

 Art. no.    Description                  Qty        Price           Amount

 We charge you as agreed for the goods of our delivery of last week no. 4711

 A-100       Oak shelf                     2         40.00            80.00

 Total                                                                80.00
`;
  const { lines } = read(text);
  expect(lines[0]?.cells.articleNumber?.value).toBe('A-100');
});

const statementPage = (body: string, number: number) => `
Quarterly statement of works                                    Kestrel Foods Ltd
${body}
${'\n'.repeat(55)}
                                                                    Page ${number} of 2
`;

test('the breakdown of the tax is no row, nor is what every page repeats', () => {
  const first = statementPage(
    `Invoice No. 2024-123

 Art. no.    Description                  Qty        Price           Amount

 A-100       Oak shelf                     2         40.00            80.00`,
    1,
  );
  const second = statementPage(
    ` A-200       Walnut chair                  3         20.00            60.00

 Category               Taxable amount            Rate             Tax amount

 Standard                       140.00              20                  28.00

 Total net                                                            140.00`,
    2,
  );
  const { lines } = extract([sheet(first), sheet(second, { page: 2 })]);
  expect(lines.map(({ cells }) => [cells.description?.value, cells.lineTotal?.value])).toEqual([
    ['Oak shelf', '80'],
    ['Walnut chair', '60'],
  ]);
});

test('the sum of a section ends no table, and its heading is no text of a row', () => {
  const text = `
Invoice No. 2024-125

 Art. no.    Description                  Qty        Price           Amount

 Materials
 A-100       Oak shelf                     2         40.00            80.00
 A-200       Walnut chair                  3         20.00            60.00
                                               Subtotal              140.00
 Labour
 A-300       Assembly                      4         15.00            60.00
                                               Subtotal               60.00

 Total net                                                           200.00
`;
  const { lines } = read(text);
  expect(
    lines.map(({ cells }) => [cells.articleNumber?.value, cells.description?.value, cells.lineTotal?.value]),
  ).toEqual([
    ['A-100', 'Oak shelf', '80'],
    ['A-200', 'Walnut chair', '60'],
    ['A-300', 'Assembly', '60'],
  ]);
});

test('a word about the tax widens the head it stands behind', () => {
  const text = `
Facture n° 2024-126

 Désignation                                                  Total ligne HT

 Carnet ligné                                                        1 077,00
 Lampe de bureau                                                         8,65

                                              Total HT               1 085,65
`;
  expect(rows(text).map(([, , , amount]) => amount)).toEqual(['1077', '8.65']);
});

test('a heading above the first row is none of its text, a lost decimal mark of a quantity is set', () => {
  const text = `
Invoice No. 2024-127

 Description                      Qty        Price           Amount

 Materials
 Oak shelf                        2.0        40.00            80.00
 Walnut chair                      30        20.00            60.00
 Pine table                       1.0        75.50            75.50

 Total net                                                   215.50
`;
  expect(rows(text, { source: 'ocr' })).toEqual([
    ['Oak shelf', '2', '40', '80'],
    ['Walnut chair', '3', '20', '60'],
    ['Pine table', '1', '75.5', '75.5'],
  ]);
});

test('a head that cannot be read leaves the others what they are', () => {
  const text = `
Invoice No. 2024-128

 Xuamlxx     Description                     Unit price           Line total

 6           Oak shelf                            29.60               177.60
 360         Dowels                                3.80             1,368.00

 Total net                                                          1,545.60
`;
  expect(rows(text).map(([, quantity, price]) => [quantity, price])).not.toContainEqual(['29.6', '6']);
});

const factors = (text: string) =>
  extract([sheet(text)]).lines.map(({ cells }) => [
    cells.quantity?.value,
    cells.unitPrice?.value,
    cells.lineTotal?.value,
    cells.description?.value,
  ]);

test('a unit in full under the head of the quantities leaves the figure beside it', () => {
  const lines = factors(`
Invoice No. 12

Description                         Qty      Price      Amount
Office cleaning             24.75 bottles     4.00       99.00
Window cleaning                 7 bottles     3.00       21.00
Waste disposal                      5 pcs     2.00       10.00
Total                                                   130.00
`);
  expect(lines).toEqual([
    ['24.75', '4', '99', 'Office cleaning'],
    ['7', '3', '21', 'Window cleaning'],
    ['5', '2', '10', 'Waste disposal'],
  ]);
});

test('a head may stand in three lines', () => {
  const page = sheet(`
Invoice No. 12

Description                         Qty       Price      Total
                                                per
                                               unit
Hex bolt                              6        8.15      48.90
Total                                                    48.90
`);
  // Lines of one cell stand close.
  const close = page.words.map(({ box: [x0, y0, x1, y1], ...word }) => ({
    ...word,
    box: [x0, y0, x1, y1 + 20] as Box,
  }));
  const [line] = extract([{ ...page, words: close }]).lines;
  expect([line?.cells.unitPrice?.value, line?.cells.lineTotal?.value]).toEqual(['8.15', '48.9']);
});

test('heads and labels in two languages are one', () => {
  const { header, lines } = extract([
    sheet(`
Rechnungsnummer/Invoice number: 64583/2024

Bezeichnung / Description      Menge / Quantity      Einzelpreis     Gesamt
Papier A4                                    18             2,50      45,00
Stifte                                        3             1,10       3,30
Gesamtbetrag                                                          48,30
`),
  ]);
  expect(header.invoiceNumber?.value).toBe('64583/2024');
  expect(lines.map(({ cells }) => [cells.quantity?.value, cells.unitPrice?.value, cells.description?.value])).toEqual([
    ['18', '2.5', 'Papier A4'],
    ['3', '1.1', 'Stifte'],
  ]);
});

test('a section that begins with an article named like a payment or a sum goes on', () => {
  const lines = rows(`
Invoice No. 12

Description                                  Amount
Materials
Desk chair                                   180.00
Label tape                                    12.00
                              Subtotal       192.00
Other
Cash box, large                              277.45
Lamp                                          48.00
Net total                                    517.45
`);
  expect(lines.map(([text]) => text)).toEqual(['Desk chair', 'Label tape', 'Cash box, large', 'Lamp']);
});
