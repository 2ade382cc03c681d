/** Tables of lines with something the heads do not say; each an invented document. */
import { expect, test } from 'vitest';
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
