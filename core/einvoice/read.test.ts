import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { ReadCell } from '../contract/reading.ts';
import { drawPages } from './draw.ts';
import { readEinvoice } from './read.ts';
import type { Einvoice } from './read.ts';
import { CII_EXTENDED, UBL_CREDIT_NOTE, ZUGFERD_1 } from './testing/documents.ts';
import { writeXml } from './write-xml.ts';

const bytes = (text: string): Uint8Array => new TextEncoder().encode(text);

function read(input: Uint8Array): Einvoice {
  const result = readEinvoice(input);
  if (result.kind !== 'einvoice') throw new Error(`${result.reason}: ${result.detail}`);
  return result;
}
const valuesOf = (cells: Partial<Record<string, ReadCell>>): Record<string, string> =>
  Object.fromEntries(Object.entries(cells).map(([name, cell]) => [name, cell!.value]));

describe('CII, extended', () => {
  const { extraction, syntax, profile, tree } = read(bytes(CII_EXTENDED));
  const header = valuesOf(extraction.header);

  test('the header', () => {
    expect(syntax).toBe('CII');
    expect(profile).toContain('extended');
    expect(extraction.language).toBe('de');
    expect(header).toEqual({
      documentType: 'correction',
      typeCode: '384',
      invoiceNumber: '2024 / 17',
      issueDate: '2024-02-29',
      // The date of the terms without a discount, though the other is later.
      dueDate: '2024-03-30',
      currency: 'EUR',
      vendorName: 'Gasthof Zur Linde',
      vendorAddress: 'Markt 1\n99423 Weimar\nDE',
      vendorTaxId: 'DE811128135',
      buyerName: 'Kontor AG',
      buyerTaxId: 'ATU12345675',
      lineTotalSum: '300',
      netTotal: '300',
      taxTotal: '21',
      grossTotal: '321',
      amountDue: '321',
      accountingCurrency: 'CHF',
      accountingTaxTotal: '20.1',
      vendorIban: 'DE02120300000000202051',
      vendorBic: 'BYLADEM1001',
      paymentReference: 'RF18539007547034',
      paymentTerms: '30 days net',
      discountTerms: '14 days: 2 %',
    });
    expect(extraction.header.issueDate).toMatchObject({
      text: '20240229',
      source: 'xml',
      confidence: 1,
      reasons: ['xml:BT-2'],
    });
  });

  test('sub lines are all there; the sum says which of them count', () => {
    expect(extraction.lines.map((line) => valuesOf(line.cells))).toEqual([
      { position: '1', description: 'Rooms', lineTotal: '300' },
      {
        position: '1.1',
        articleNumber: '4000001234561',
        description: 'Night',
        quantity: '3',
        unit: 'C62',
        unitPrice: '100',
        // 10.00 off, 10.50 on.
        discount: '-0.5',
        taxRate: '7',
        lineTotal: '300',
      },
    ]);
    const outside = extraction.lines.map((line) => line.cells.lineTotal?.reasons.includes('not-in-sum'));
    expect(outside).toEqual([true, false]);
  });

  test('attachments are listed, impossible dates said', () => {
    expect(extraction.notes).toEqual([
      { code: 'XML_VALUE_INVALID', params: { field: 'servicePeriodStart', value: '20241301', term: 'BT-73' } },
      {
        code: 'XML_ATTACHMENT',
        params: { id: 'A-1', description: 'List of guests', name: 'guests.csv', mime: 'text/csv', bytes: '4' },
      },
    ]);
  });

  test('the tree keeps what has no field, under its term', () => {
    const found: string[] = [];
    const visit = (node: typeof tree): void => {
      if (node.term !== undefined && node.text !== undefined) found.push(`${node.term} ${node.text.trim()}`);
      node.children?.forEach(visit);
    };
    visit(tree);
    expect(found).toEqual(
      expect.arrayContaining([
        'BT-62 Fiskal GmbH',
        'BT-28 Linde',
        'BT-32 162/123/45678',
        'BT-17 T-9',
        'BT-148 120.0000',
      ]),
    );
  });
});

test('ZUGFeRD 1.0: older names, remarks as lines, a price per hundred', () => {
  const latin1 = Uint8Array.from(ZUGFERD_1, (char) => char.charCodeAt(0));
  const { extraction, syntax } = read(latin1);
  expect(syntax).toBe('ZUGFeRD 1.0');
  expect(valuesOf(extraction.header)).toMatchObject({
    invoiceNumber: 'Z-1',
    vendorName: 'Müller',
    poNumber: 'PO-5',
    netTotal: '5',
    grossTotal: '5.95',
  });
  expect(extraction.lines.map((line) => valuesOf(line.cells))).toEqual([
    {
      description: 'Screws',
      quantity: '40',
      unit: 'C62',
      unitPrice: '12.5',
      priceBase: '100',
      taxRate: '19',
      lineTotal: '5',
    },
  ]);
  expect(extraction.taxRows.map((row) => valuesOf(row.cells))).toEqual([
    { rate: '19', category: 'S', base: '5', amount: '0.95' },
  ]);
});

test('UBL credit note in an envelope: names, accounts, discount terms, sub lines', () => {
  const { extraction, tree } = read(bytes(UBL_CREDIT_NOTE));
  expect(tree.name).toBe('sbdh:StandardBusinessDocument');
  expect(valuesOf(extraction.header)).toMatchObject({
    documentType: 'credit-note',
    invoiceNumber: 'CN-1',
    issueDate: '2024-05-06',
    dueDate: '2024-06-06',
    currency: 'EUR',
    vendorName: 'Seller Trading',
    vendorEmail: 'post@seller.example',
    vendorTaxId: '123/456',
    buyerName: 'Buyer Ltd',
    precedingInvoice: 'INV-7',
    grossTotal: '-119',
    vendorIban: 'DE02120300000000202051',
    paymentTerms: 'Thereafter net',
    discountTerms: '14 days: 2.25 %\n28 days: 1 % of 50',
  });
  expect(extraction.header.vendorIban?.candidates.map((c) => c.value)).toEqual([
    'DE02120300000000202051',
    'DE89370400440532013000',
  ]);
  // An exponent is no decimal: not guessed.
  expect(extraction.header.amountDue).toBeUndefined();
  expect(extraction.notes).toMatchObject([{ params: { field: 'amountDue', value: '1e2' } }]);
  expect(
    extraction.lines.map((l) => [l.cells.position?.value, l.cells.lineTotal?.reasons.includes('not-in-sum')]),
  ).toEqual([
    ['1', false],
    ['1.1', true],
    ['1.2', true],
  ]);
});

describe('what is no e-invoice, or one that is not read yet, is said by name', () => {
  test.each([
    ['<FatturaElettronica xmlns="http://ivaservizi.agenziaentrate.gov.it/docs/xsd/fatture/v1.2"/>', 'FatturaPA'],
    ['<p:Facturae xmlns:p="http://www.facturae.gob.es/formato/Versiones/Facturaev3_2_2.xml"/>', 'Facturae'],
    ['<Invoice xmlns="http://www.ebinterface.at/schema/6p1/"/>', 'ebInterface'],
    ['<Faktura xmlns="http://crd.gov.pl/wzor/2023/06/29/12648/"/>', 'KSeF'],
    ['<Finvoice Version="3.0"/>', 'Finvoice'],
    ["UNA:+.? 'UNB+UNOC:3+1234567890123:14+9876543210987:14+240101:1200+1'", 'EDIFACT'],
  ])('%s', (text, format) => {
    expect(readEinvoice(bytes(text))).toMatchObject({
      kind: 'unreadable',
      reason: 'unsupported-einvoice',
      detail: expect.stringContaining(format),
    });
  });

  test('other XML', () => {
    expect(readEinvoice(bytes('<Order xmlns="urn:oasis:names:specification:ubl:schema:xsd:Order-2"/>'))).toMatchObject({
      reason: 'not-an-invoice-xml',
      detail: expect.stringContaining('Order'),
    });
    expect(readEinvoice(bytes('<html><body/></html>'))).toMatchObject({ reason: 'not-an-invoice-xml' });
  });

  test('an Italian invoice in its signature', () => {
    const signed = Uint8Array.from([0x30, 0x82, 0x01, ...bytes('\u0001<p:FatturaElettronica>')]);
    expect(readEinvoice(signed)).toMatchObject({ reason: 'unsupported-einvoice' });
  });
});

test('an invoice with nothing in it is read, and holds nothing', () => {
  const { extraction, tree } = read(
    bytes('<CrossIndustryInvoice xmlns="urn:un:unece:uncefact:data:standard:CrossIndustryInvoice:100"/>'),
  );
  expect(extraction).toMatchObject({ header: {}, lines: [], taxRows: [], notes: [] });
  expect(drawPages(tree, extraction).pages).toHaveLength(1);
});

test.each([CII_EXTENDED, UBL_CREDIT_NOTE])('the named tree written and read again is the same', (text) => {
  const { tree, extraction } = read(bytes(text));
  const again = read(bytes(writeXml(tree)));
  expect(again.tree).toEqual(tree);
  expect(again.extraction).toEqual(extraction);
});

test('damaged invoices never throw, and what can be read can be drawn', () => {
  const originals = [CII_EXTENDED, UBL_CREDIT_NOTE, ZUGFERD_1].map(bytes);
  const damage = fc.record({
    original: fc.constantFrom(...originals),
    at: fc.nat(),
    drop: fc.integer({ min: 0, max: 40 }),
    insert: fc.oneof(
      fc.uint8Array({ maxLength: 6 }),
      fc.constantFrom('', '<a/>', '&#0;', '>', 'x', '-1', '\u0301').map(bytes),
    ),
  });
  fc.assert(
    fc.property(damage, ({ original, at, drop, insert }) => {
      const cut = at % original.length;
      const damaged = Uint8Array.from([...original.slice(0, cut), ...insert, ...original.slice(cut + drop)]);
      const result = readEinvoice(damaged);
      return result.kind === 'einvoice'
        ? drawPages(result.tree, result.extraction).pages.length > 0
        : result.detail.length > 0;
    }),
    { numRuns: 300 },
  );
});
