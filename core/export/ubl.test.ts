import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Extraction, ReadCell } from '../contract/reading.ts';
import { readEinvoice } from '../einvoice/read.ts';
import { invoiceValues } from '../einvoice/testing/arbitrary.ts';
import { makeInvoice } from '../einvoice/testing/invoice.ts';
import type { InvoiceValues } from '../einvoice/testing/invoice.ts';
import { SAMPLE } from '../einvoice/testing/values.ts';
import { toCii } from '../einvoice/write-cii.ts';
import { toUbl } from './ubl.ts';

const valuesOf = (cells: Partial<Record<string, ReadCell>>): Record<string, string> =>
  Object.fromEntries(Object.entries(cells).map(([name, cell]) => [name, cell!.value]));

const read = (xml: string): Extraction => {
  const result = readEinvoice(new TextEncoder().encode(xml));
  if (result.kind !== 'einvoice') throw new Error(`${result.reason}: ${result.detail}`);
  return result.extraction;
};

const valuesIn = ({ header, lines, taxRows }: Extraction): InvoiceValues => ({
  header: valuesOf(header),
  lines: lines.map((line) => valuesOf(line.cells)),
  taxRows: taxRows.map((row) => valuesOf(row.cells)),
});

const written = (values: InvoiceValues, write: typeof toUbl): string => {
  const result = write(makeInvoice(values));
  if ('problems' in result) throw new Error(result.problems.join(' '));
  return result.xml;
};

describe.each([
  ['UBL', toUbl],
  ['CII', toCii],
] as const)('%s', (_name, write) => {
  test('what is written reads back the same', () => {
    expect(valuesIn(read(written(SAMPLE, write)))).toEqual(SAMPLE);
  });

  test('any invoice reads back the same', () => {
    fc.assert(
      fc.property(invoiceValues, (values) => {
        expect(valuesIn(read(written(values, write)))).toEqual(values);
      }),
      { numRuns: 200 },
    );
  });

  test('what is missing and cannot be known is named, field by field', () => {
    const result = write(makeInvoice({ header: { currency: 'EUR', netTotal: '1' }, lines: [{ quantity: '1' }] }));
    expect('problems' in result ? result.problems.join('\n') : '').toMatch(
      /BT-1\b[^]*BT-2\b[^]*BT-27[^]*BT-40[^]*BT-44[^]*BT-153[^]*BT-131[^]*BT-112/,
    );
  });

  test('a reminder is no invoice', () => {
    const result = write(makeInvoice({ ...SAMPLE, header: { ...SAMPLE.header, documentType: 'reminder' } }));
    expect(result).toMatchObject({ problems: [expect.stringContaining('reminder')] });
  });
});

const { typeCode: _code, ...untyped } = SAMPLE.header;
const MINIMAL: InvoiceValues = {
  header: {
    invoiceNumber: '1',
    issueDate: '2024-01-02',
    currency: 'EUR',
    vendorName: 'Seller',
    vendorTaxId: 'ATU12345675',
    buyerName: 'Buyer',
    netTotal: '100',
    grossTotal: '120',
  },
  lines: [{ description: 'Thing', lineTotal: '100', quantity: '3' }],
};

test('what follows exactly is derived: VAT, rate, price, country', () => {
  const { header, lines, taxRows } = valuesIn(read(written(MINIMAL, toUbl)));
  expect(header).toMatchObject({
    taxTotal: '20',
    lineTotalSum: '100',
    amountDue: '120',
    vendorAddress: 'AT',
    buyerAddress: 'AT',
    documentType: 'invoice',
  });
  expect(taxRows).toEqual([{ rate: '20', category: 'S', base: '100', amount: '20' }]);
  // 100 / 3 has no end: the price is written for three.
  expect(lines[0]).toMatchObject({ quantity: '3', unitPrice: '100', priceBase: '3', lineTotal: '100', taxRate: '20' });
});

test('a credit note with printed minus signs becomes a UBL credit note of positive amounts', () => {
  const xml = written(
    {
      header: {
        ...untyped,
        documentType: 'credit-note',
        lineTotalSum: '-30',
        netTotal: '-30',
        taxTotal: '-5.7',
        grossTotal: '-35.7',
        amountDue: '-35.7',
        allowanceTotal: '0',
        chargeTotal: '0',
        prepaid: '0',
        rounding: '0',
      },
      lines: [
        { description: 'Returned', quantity: '2', unitPrice: '20', lineTotal: '-40', taxRate: '19' },
        { description: 'Restocking', quantity: '1', unitPrice: '10', lineTotal: '10', taxRate: '19' },
      ],
      taxRows: [{ rate: '19', category: 'S', base: '-30', amount: '-5.7' }],
    },
    toUbl,
  );
  expect(xml).toContain('<cn:CreditNote');
  expect(xml).toContain('<cbc:CreditNoteTypeCode>381<');
  const { header, lines, taxRows } = valuesIn(read(xml));
  expect(header).toMatchObject({ documentType: 'credit-note', netTotal: '30', taxTotal: '5.7', grossTotal: '35.7' });
  expect(lines).toMatchObject([
    { quantity: '2', unitPrice: '20', lineTotal: '40' },
    { quantity: '-1', unitPrice: '10', lineTotal: '-10' },
  ]);
  expect(taxRows).toMatchObject([{ base: '30', amount: '5.7' }]);
});

test('allowances and charges are split so that each rate has its base', () => {
  const xml = written(SAMPLE, toUbl);
  const parts = [...xml.matchAll(/<cac:AllowanceCharge>([^]*?)<\/cac:AllowanceCharge>/g)].map((m) => m[1]!);
  const document = parts.filter((part) => part.includes('<cac:TaxCategory>'));
  const figures = document.map((part) =>
    ['ChargeIndicator', 'Amount', 'Percent'].map((n) => new RegExp(`<cbc:${n}[^>]*>([^<]*)`).exec(part)?.[1]),
  );
  // Lines at 7 % are 43.50, their base 40.00; the rest of both totals cancels out at 19 %.
  expect(figures).toEqual([
    ['false', '6.50', '19'],
    ['true', '6.50', '19'],
    ['false', '3.50', '7'],
  ]);
});

test('text is escaped, and an unknown unit is said in words', () => {
  const xml = written(
    {
      ...MINIMAL,
      lines: [{ description: 'a < b & "c"', quantity: '1', unit: 'Eimer', unitPrice: '100', lineTotal: '100' }],
    },
    toUbl,
  );
  expect(xml).toContain('<cbc:Name>a &lt; b &amp; "c"</cbc:Name>');
  expect(xml).toContain('unitCode="ZZ"');
  expect(xml).toContain('<cbc:Value>Eimer</cbc:Value>');
});

test('VAT in the accounting currency is written with it', () => {
  const header = { ...SAMPLE.header, accountingCurrency: 'SEK', accountingTaxTotal: '456.1', exchangeRate: '11.18' };
  expect(valuesIn(read(written({ ...SAMPLE, header }, toUbl))).header).toEqual(header);
});
