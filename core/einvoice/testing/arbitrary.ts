/** Random invoices whose parts agree, in the form reading gives them: written and read again they must stay the same. For property tests only. */
import fc from 'fast-check';
import { dateOfDay } from '../../invoice/date.ts';
import { add, divide, isNegative, multiply, round, subtract } from '../../invoice/decimal.ts';
import { multilineText, plainText } from '../values.ts';
import type { InvoiceValues } from './invoice.ts';

// oxlint-disable-next-line no-control-regex
const FORBIDDEN = /[\0-\u001F\uFFFE\uFFFF]/g;

const text = fc
  .string({ unit: 'grapheme', minLength: 1, maxLength: 30 })
  .map((s) => plainText(s.replace(FORBIDDEN, '')))
  .filter((s) => s !== '' && !s.includes('#') && s.normalize('NFC') === s);
const paragraph = fc
  .array(text, { minLength: 1, maxLength: 3 })
  .map((rows) => multilineText([...new Set(rows)].join('\n')))
  .filter((s) => s !== '');
const decimal = (min: number, max: number, digits: number): fc.Arbitrary<string> =>
  fc.integer({ min, max }).map((units) => divide(String(units), `1${'0'.repeat(digits)}`, digits) ?? '0');
// 2000-01-01 to 2099-12-31
const date = fc.integer({ min: 10_957, max: 47_481 }).map(dateOfDay);
const code = fc.stringMatching(/^[A-Z0-9][A-Z0-9/-]{0,11}$/);

const line = fc.record(
  {
    articleNumber: code,
    description: paragraph,
    quantity: decimal(1, 1_000_000, 3),
    unit: fc.constantFrom('C62', 'HUR', 'KGM', 'XBX'),
    unitPrice: decimal(0, 10_000_000, 4),
    priceBase: fc.constantFrom('100', '12', '0.5'),
    discount: decimal(-5000, 5000, 2).filter((d) => d !== '0'),
    taxRate: fc.constantFrom('19', '7', '5.5', '0'),
    poLine: code,
    costCentre: code,
  },
  { requiredKeys: ['description', 'quantity', 'unit', 'unitPrice', 'taxRate'] },
);

const header = fc.record(
  {
    typeCode: fc.constantFrom('380', '384', '381'),
    invoiceNumber: text,
    issueDate: date,
    deliveryDate: date,
    dueDate: date,
    currency: fc.constantFrom('EUR', 'USD', 'JPY', 'KWD'),
    vendorName: text,
    vendorTaxId: fc.constantFrom('DE811128135', '201/113/40209'),
    vendorEmail: fc.emailAddress(),
    buyerName: text,
    buyerTaxId: fc.constant('FR40303265045'),
    poNumber: text,
    buyerReference: text,
    contractRef: text,
    precedingInvoice: text,
    vendorIban: fc.constant('DE02120300000000202051'),
    payeeName: text,
    paymentReference: code,
    paymentTerms: paragraph,
    discountTerms: fc.constantFrom('14 days: 2 %', '10 days: 3.25 % of 99.5\n20 days: 1 %'),
    servicePeriodStart: date,
    servicePeriodEnd: date,
  },
  { requiredKeys: ['typeCode', 'invoiceNumber', 'issueDate', 'currency', 'vendorName', 'buyerName'] },
);

const totals = fc.record(
  { prepaid: decimal(1, 9999, 2), rounding: decimal(-4, 4, 2).filter((d) => d !== '0') },
  { requiredKeys: [] },
);

const documentTypes: Record<string, string> = { '380': 'invoice', '381': 'credit-note', '384': 'correction' };

/** Minus signs of a credit note are turned on writing, so such a one does not stay the same. */
const keepsSigns = ({ header: { typeCode, grossTotal } }: InvoiceValues): boolean =>
  typeCode !== '381' || !isNegative(grossTotal ?? '0');

export const invoiceValues: fc.Arbitrary<InvoiceValues> = fc
  .tuple(header, fc.array(line, { minLength: 1, maxLength: 5 }), totals)
  .map(([head, rows, extra]) => {
    const lines = rows.map((row, index) => ({
      position: String(index + 1),
      ...row,
      lineTotal: round(subtract(multiply(row.quantity, row.unitPrice), row.discount ?? '0'), 2),
    }));
    const rates = [...new Set(lines.map((l) => l.taxRate))];
    const taxRows = rates.map((rate) => {
      const base = add('0', ...lines.filter((l) => l.taxRate === rate).map((l) => l.lineTotal));
      return {
        rate,
        category: rate === '0' ? 'Z' : 'S',
        base,
        amount: round(divide(multiply(base, rate), '100', 8)!, 2),
      };
    });
    const net = add('0', ...lines.map((l) => l.lineTotal));
    const tax = add('0', ...taxRows.map((row) => row.amount));
    const gross = add(net, tax);
    return {
      header: {
        ...head,
        ...extra,
        documentType: documentTypes[head.typeCode] ?? 'invoice',
        vendorAddress: 'Am Wehr 4\n99423 Weimar\nDE',
        buyerAddress: 'Quai 1\nBâtiment B\n69001 Lyon\nRhône\nFR',
        lineTotalSum: net,
        netTotal: net,
        taxTotal: tax,
        grossTotal: gross,
        amountDue: subtract(add(gross, extra.rounding ?? '0'), extra.prepaid ?? '0'),
      },
      lines,
      taxRows,
    };
  })
  .filter(keepsSigns);
