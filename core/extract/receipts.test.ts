/** Till receipts and misread amounts; each an invented document. */
import { expect, test } from 'vitest';
import { extract } from './extract.ts';
import { sheet } from './testing.ts';

const till = (text: string) =>
  extract([sheet(text, { source: 'ocr', columns: 44, rows: 40, width: 400, height: 800 })]);

const receipt = (soup: string, total = 'TOTAL EUR                      21.80') => `
           THE GULL AND ANCHOR
              Harbour Road
Date 09/09/2024                      12:42
Receipt 004417                     Till 2

2 Seafood soup                     ${soup}
1 x Lemonade                        2.80

${total}
Cash                               50.00
Change                             28.20
`;

test('lines without column heads, the number and the total', () => {
  const { header, lines } = till(receipt('19.00'));
  expect(header.grossTotal?.value).toBe('21.8');
  expect(header.invoiceNumber?.value).toBe('004417');
  expect(lines.map(({ cells }) => [cells.quantity?.value, cells.description?.value, cells.lineTotal?.value])).toEqual([
    ['2', 'Seafood soup', '19'],
    ['1', 'Lemonade', '2.8'],
  ]);
});

test('lines that do not add up to a printed sum are left out', () => {
  expect(till(receipt('17.00')).lines).toEqual([]);
});

test('what was paid less the change is the total, whatever the label of the total looks like', () => {
  const { header } = till(
    receipt('19.00', 'Tlal HJR                       21.80\nTotal saving                    3.30'),
  );
  expect(header.grossTotal?.value).toBe('21.8');
});

test('the rounded total is the total; the sum of one rate is not', () => {
  const rounded = till(`
           THE GULL AND ANCHOR
Date 09/09/2024                      12:42

Total 6% supplies                  20.02
Total Sales incl. GST              37.44
Rounding                            0.01
Total after rounding               37.45
Visa                               37.45
`);
  expect(rounded.header.grossTotal?.value).toBe('37.45');
});

test('a receipt with nothing but a subtotal has that for its total, less sure', () => {
  const { header } = till(`
           THE GULL AND ANCHOR

Fried rice                          8.50
Tea                                 4.50

Subtotal                           13.00
Change                              7.00
`);
  expect(header.grossTotal?.value).toBe('13');
  expect(header.grossTotal?.confidence).toBeLessThan(0.75);
});

const invoice = (total: string, source: 'ocr' | 'text' = 'ocr') =>
  extract([
    sheet(`\nInvoice No. 12\n\nNet total          911.80\nVAT 13.5 %         123.09\nTotal            € ${total}\n`, {
      source,
    }),
  ]).header.grossTotal;

test('misread separators have one reading, said and less sure', () => {
  expect(invoice('1.034.89')?.value).toBe('1034.89');
  expect(invoice('1.034.89')?.reasons).toContain('mended');
  expect(invoice('1.034.89')?.confidence).toBeLessThan(invoice('1,034.89')?.confidence ?? 0);
  expect(invoice('1.034.89', 'text')?.value).not.toBe('1034.89');
  const spaced = extract([
    sheet('\nRechnung Nr. 7\n\nNettobetrag     2. 480,10\nMwSt. 19 %        471,22\nGesamt      2.951,32\n', {
      source: 'ocr',
    }),
  ]);
  expect(spaced.header.netTotal?.value).toBe('2480.1');
});

const shop = (head: string, foot = '') =>
  till(`${head}
Date 09/09/2024                      12:42
Invoice no: 0044171

1 x Lemonade                        2.80

TOTAL                               2.80
Cash                                5.00
Change                              2.20
${foot}`).header.vendorName;

test('a legal form with letters misread still tells the company, and is set right', () => {
  const name = shop(`
              A PIE SHOP
       TEN LANTERNS SUN BHD
         Harbour Road 4
`);
  expect(name?.value).toBe('TEN LANTERNS SDN BHD');
  expect(name?.reasons).toContain('mended');
});

test('a name that begins with a number is no street where its registration follows', () => {
  const name = shop(`
      66 HASTE MART 5/B (712345-X)
         LOT 2811, JALAN LAMA
`);
  expect(name?.value).toBe('66 HASTE MART S/B');
});

test('an open bracket and the registration below carry a name on', () => {
  const name = shop(`
       BUKIT HIJAU (PEKAN SERI
          LAMA) CENTRE
            712345-X
        NO. 17, JALAN LAMA
`);
  expect(name?.value).toBe('BUKIT HIJAU (PEKAN SERI LAMA) CENTRE');
});

test('thanks name nobody but the shop behind them, a heading of items is no company', () => {
  expect(shop('\n    THANK YOU, PLEASE COME AGAIN\n       PELICAN BOOKS\n')?.value).toBe('PELICAN BOOKS');
  const pub = shop(
    '\n          Pelican\n      Product Group Summary\n',
    '\n    Thank you for visiting\n        Pelican\n',
  );
  expect(pub?.value).toBe('Pelican');
});

const lemonade = (rows: string) =>
  till(`
           THE GULL AND ANCHOR
Date 09/09/2024                      12:42

1 x Seafood soup                    19.00
1 x Lemonade                         2.80

${rows}
`).header;

test('a decimal mark that the scan lost is set by the column of amounts, and said', () => {
  const { grossTotal } = lemonade(`TOTAL                               21 80
CASH                                50 00
CHANGE                              28.20`);
  expect(grossTotal?.value).toBe('21.8');
  expect(grossTotal?.reasons).toContain('mended');
  expect(lemonade('TOTAL                                2180').grossTotal?.value).toBe('21.8');
});

test('what was kept of the cash is the total where its own line cannot be read', () => {
  const { grossTotal } = lemonade(`TOTAL                               a2=.A0
CASH                                50.00
CHANGE                              28.70`);
  expect(grossTotal?.value).toBe('21.3');
});

test('the total of one rate is not the total', () => {
  const { grossTotal } = lemonade(`Total 6% supplies (excl. GST)       19.00
GST                                  1.14
Total 6% supplies (inc. GST)        20.14
Total 0% supplies                    2.80
Total payable                       22.94`);
  expect(grossTotal?.value).toBe('22.94');
});

const day = (rows: string) =>
  till(`
           THE GULL AND ANCHOR

HD03-04-06 - 5/40/160               19.00
${rows}
TOTAL                               19.00
CASH                                20.00
CHANGE                               1.00
`).header.issueDate?.value;

test('the day beside the clock was the purchase; an article number is no date, a year with a misread digit is mended', () => {
  expect(day('19-09-17 15:39 SH01')).toBe('2017-09-19');
  expect(day('DATE 29/12/7017')).toBe('2017-12-29');
});

test('a sign read into a word is no currency, the form of a company tells between two', () => {
  const { currency } = till(`
       TEN LANTERNS SDN BHD
V1£0S- Ridzuan E.£.0.E.
Soup                                19.00
TOTAL (RM)                          19.00
CASH                                20.00
CHANGE                               1.00
`).header;
  expect(currency?.value).toBe('MYR');
});

test('quantities and prices on lines of their own, names over two lines, a tax that comes on top', () => {
  const { lines } = till(`
           THE GULL AND ANCHOR
Date 09/09/2024                      12:42

Notebook ruled
   7.75 x 1.00                       7.75 A
Filing cabinet, stainless           24.20 A
steel, four drawers
2 x 1.99
Whiteboard markers                   3.98 A

Tax 7.5 %                            2.69
Grand total                         38.62
Cash                                40.00
Change                               1.38
`);
  const read = lines.map(({ cells: c }) => [
    c.description?.value,
    c.quantity?.value,
    c.unitPrice?.value,
    c.lineTotal?.value,
  ]);
  expect(read).toEqual([
    ['Notebook ruled', '7.75', '1', '7.75'],
    ['Filing cabinet, stainless steel, four drawers', undefined, undefined, '24.2'],
    ['Whiteboard markers', '2', '1.99', '3.98'],
  ]);
});

test('a count with decimals before the words', () => {
  const { lines } = till(`
           THE GULL AND ANCHOR
Date 09/09/2024                      12:42

1.00 Tomatoes on the vine            9.57
6.00 Mineral water                  18.00

TOTAL                               27.57
Cash                                30.00
Change                               2.43
`);
  expect(lines.map(({ cells }) => [cells.quantity?.value, cells.description?.value])).toEqual([
    ['1', 'Tomatoes on the vine'],
    ['6', 'Mineral water'],
  ]);
});

test('counts with three decimals, a rounding that is no item, a short roll', () => {
  const slip = sheet(
    `
       HARBOUR STORES
Receipt 004417

1.000 Basmati rice              28.95 A
1.267 Baguette                   2.90 A

Rounding adj                    -0.01
Total                           31.84
Contactless                     31.84
`,
    { columns: 42, rows: 20, width: 400, height: 380 },
  );
  const { lines } = extract([slip]);
  expect(lines.map(({ cells }) => [cells.quantity?.value, cells.description?.value, cells.lineTotal?.value])).toEqual([
    ['1', 'Basmati rice', '28.95'],
    ['1.267', 'Baguette', '2.9'],
  ]);
});

test('a number glued to its word is read apart', () => {
  const { header } = extract([sheet('Harbour Stores Ltd\n\nTAX INVOICE\n\nInv. No.505\n\nTotal EUR  12.00\n')]);
  expect(header.invoiceNumber?.value).toBe('505');
});
