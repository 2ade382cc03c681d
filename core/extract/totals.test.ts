/** Totals as printed, also where they are wrong or stand in several rows; each an invented document. */
import { expect, test } from 'vitest';
import { extract } from './extract.ts';
import { sheet } from './testing.ts';

const read = (text: string) => extract([sheet(text)]);
const rowsOf = ({ taxRows }: ReturnType<typeof read>) =>
  taxRows.map(({ cells }) => [cells.rate?.value, cells.base?.value, cells.amount?.value]);

test('totals that do not add up are all kept as printed, less sure, and say so', () => {
  const right =
    'Tax invoice\nInvoice No. 12\n\nNet total        1,577.40\nVAT 20 %           315.48\nTotal           1,892.88\n';
  const wrong = read(right.replace('1,892.88', '1,982.88'));
  const { netTotal, taxTotal, grossTotal } = wrong.header;
  expect([netTotal?.value, taxTotal?.value, grossTotal?.value]).toEqual(['1577.4', '315.48', '1982.88']);
  for (const cell of [netTotal, taxTotal, grossTotal]) {
    expect(cell?.reasons).toContain('totals-disagree');
    expect(cell?.confidence).toBeLessThan(0.8);
  }
  expect(rowsOf(wrong)).toEqual([['20', '1577.4', '315.48']]);
  const fine = read(right).header;
  expect(fine.grossTotal?.reasons).toContain('arithmetic');
  expect(fine.grossTotal?.confidence).toBeGreaterThan(0.95);
});

test('a net above the gross is kept where its own label names it', () => {
  const { header } = read(
    'Rechnung Nr. 7\n\nNettobetrag       900,00\nMwSt. 19 %        171,00\nGesamtbetrag      171,90\n',
  );
  expect(header.netTotal?.value).toBe('900');
  expect(header.taxTotal?.value).toBe('171');
});

test('two rates without a sum of their own: the rows add up to the tax', () => {
  const { header, taxRows } = read(`
Rechnung Nr. 7

Nettobetrag                1.132,40
USt. 19 % auf 1.027,70       195,26
USt. 7 % auf 104,70            7,33
Rechnungsbetrag            1.334,99
`);
  expect(header.taxTotal?.value).toBe('202.59');
  expect(header.taxTotal?.reasons).toContain('sum:tax-rows');
  expect(header.taxTotal?.text).toBe('195,26 + 7,33');
  expect(rowsOf({ taxRows } as ReturnType<typeof read>)).toEqual([
    ['19', '1027.7', '195.26'],
    ['7', '104.7', '7.33'],
  ]);
});

test('rates without their bases are rows where they add up, beside what stands in the other column', () => {
  const found = read(`
Facture n° 7

Coordonnées de la banque du Pont      Total HT       200,00
IBAN à suivre                         TVA 20 %        20,00
                                      TVA 5,5 %        5,50
                                      Total TTC      225,50
`);
  expect(found.header.taxTotal?.value).toBe('25.5');
  expect(rowsOf(found)).toEqual([
    ['20', undefined, '20'],
    ['5.5', undefined, '5.5'],
  ]);
});

test('a rate in brackets is the rate of its tax label, not one of a sentence beside it', () => {
  const found = read(`
Invoice No. 7

                                                            Subtotal              925.50
A finance charge of 1.5% a month applies to overdue sums.   Sales Tax (8.25%)      76.35
                                                            Total               1,001.85
`);
  expect(rowsOf(found)).toEqual([['8.25', '925.5', '76.35']]);
});

test('the net is what is left of the lines after a discount', () => {
  const { header } = read(`
Invoice No. 12

Description        Qty     Price     Amount

Oak shelf            2    400.00     800.00
Walnut chair         1    200.00     200.00

Subtotal                           1,000.00
Discount 10 %                       -100.00
Subtotal                             900.00
VAT 20 %                             180.00
Total                              1,080.00
`);
  expect(header.netTotal?.value).toBe('900');
  expect(header.allowanceTotal?.value).toBe('-100');
});

test('what was paid over the counter leaves nothing due; a balance of earlier invoices is not what is due', () => {
  const till = 'Receipt 004417\n\nTotal           21.80\nCash            50.00\nChange          28.20\n';
  expect(read(till).header.amountDue).toBeUndefined();
  const owed = 'Rechnung Nr. 7\n\nGesamtbetrag     1.080,00\nAlter Saldo        310,00\nOffener Betrag   1.390,00\n';
  expect(read(owed).header.amountDue?.value).toBe('1390');
});

test('the code beside a dollar says whose it is', () => {
  expect(read('Invoice No. 12\n\nNet total   $100.00\nTotal AUD   $110.00\n').header.currency?.value).toBe('AUD');
});

test('the sum of one rate is not the total, even where it adds up', () => {
  const { header } = read(`
Fattura n. 12

Vassoio di tramezzini                 24,00
Pane casereccio                       23,95

IVA 22% su 19,63                       4,32
IVA 10% su 21,82                       2,18
IVA totale                             6,50
Totale documento                    € 47,95

Bancomat                            € 47,95
`);
  expect(header.grossTotal?.value).toBe('47.95');
  expect(header.taxTotal?.value).toBe('6.5');
});

test('the total of the tax is not the total of the document', () => {
  const { header } = read(`
Invoice No. 12

Orange juice                            1.90
Baguette                              153.12

TOTAL INCL. VAT                      €155.02
VAT TOTAL 23% @ 125.08                 28.77
VAT TOTAL 13.5% @ 1.03                  0.14
VAT TOTAL TOTAL                        28.91

Visa                                 €155.02
`);
  expect([header.taxTotal?.value, header.grossTotal?.value]).toEqual(['28.91', '155.02']);
});

test('a charge between the lines and a net without tax is no tax', () => {
  const { header } = read(`
Invoice No. 12

Description             Qty      Price         Amount        VAT

Monitor arm               8     347.00       2,776.00         0%
Lever arch file         480      11.00       5,280.00         0%
Letterheads               1       4.95           4.95         0%

                                     Sub-total          8,060.95
                                     Delivery charge       25.00
                                     Net total          8,085.95
                                     VAT total 0%           0.00
                                     Total amount GBP   8,085.95
`);
  expect([header.netTotal?.value, header.taxTotal?.value]).toEqual(['8085.95', '0']);
});
