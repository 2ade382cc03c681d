/**
 * A confirmed invoice in the form every e-invoice syntax needs: mandatory parts present, amounts consistent in sign, VAT breakdown complete. What is not
 * on the invoice is derived only where it follows exactly; where EN 16931 demands what nobody knows, a problem says which field to fill.
 */
import type { Invoice } from '../contract/invoice.ts';
import { parseAddress } from './address.ts';
import type { Address } from './address.ts';
import { CREDIT_NOTE_CODES } from './document-type.ts';
import { parseDiscountTerm, skontoLine } from './discount-terms.ts';
import { exportLines } from './export-lines.ts';
import type { ExportLine } from './export-lines.ts';
import { exportTaxes, taxOfLine } from './export-taxes.ts';
import type { ExportAllowance, ExportTax } from './export-taxes.ts';
import { exportTotals } from './export-totals.ts';
import type { ExportTotals } from './export-totals.ts';
import type { HeaderField } from '../invoice/fields.ts';
import { isNegative, negate } from '../invoice/decimal.ts';
import type { Decimal } from '../invoice/decimal.ts';

export interface ExportParty {
  readonly name: string;
  readonly address: Address;
  readonly taxId?: string;
  /** BT-31/BT-48 against BT-32: a VAT identifier starts with its country. */
  readonly taxIdIsVat: boolean;
  readonly email?: string;
}

export interface ExportModel {
  readonly creditNote: boolean;
  readonly typeCode: string;
  readonly currency: string;
  readonly seller: ExportParty;
  readonly buyer: ExportParty;
  readonly lines: readonly ExportLine[];
  readonly taxes: readonly ExportTax[];
  readonly allowances: readonly ExportAllowance[];
  readonly totals: ExportTotals;
  /** BT-6 and BT-111, which only go together (BR-53). */
  readonly accounting?: { readonly currency: string; readonly tax: Decimal };
  /** BT-20 with its structured discount lines. */
  readonly terms?: string;
  readonly deliveryAddress?: Address;
  /** Any other field, as confirmed. */
  readonly field: (name: HeaderField) => string | undefined;
}

/** Amounts of the header in the direction of the document written. */
const SIGNED: ReadonlySet<HeaderField> = new Set([
  'lineTotalSum',
  'allowanceTotal',
  'chargeTotal',
  'netTotal',
  'taxTotal',
  'grossTotal',
  'prepaid',
  'rounding',
  'amountDue',
  'withheldTax',
  'accountingTaxTotal',
] as const satisfies HeaderField[]);

const BILLS: ReadonlySet<string> = new Set(['invoice', 'credit-note', 'correction', 'receipt']);

/** Countries whose currency is theirs alone: the last resort for the country of a seller who prints none. */
const COUNTRY_OF_CURRENCY: Readonly<Record<string, string>> = {
  CHF: 'CH',
  CZK: 'CZ',
  DKK: 'DK',
  GBP: 'GB',
  HUF: 'HU',
  NOK: 'NO',
  PLN: 'PL',
  RON: 'RO',
  SEK: 'SE',
  USD: 'US',
};

const vatCountry = (taxId: string | undefined): string | undefined => {
  const prefix = /^([A-Z]{2})[\s.-]?[A-Z0-9]{2}/.exec(taxId ?? '')?.[1];
  return prefix === 'EL' ? 'GR' : prefix === 'XI' ? 'GB' : prefix;
};

function partyOf(
  prefix: 'vendor' | 'buyer',
  field: ExportModel['field'],
  fallbackCountry: string | undefined,
  problems: string[],
): ExportParty {
  const label = prefix === 'vendor' ? 'vendor' : 'buyer';
  const name = field(`${prefix}Name`);
  if (name === undefined) problems.push(`The ${label}'s name (${prefix === 'vendor' ? 'BT-27' : 'BT-44'}) is missing.`);
  const taxId = field(`${prefix}TaxId`);
  const parsed = parseAddress(field(`${prefix}Address`) ?? '');
  const country = parsed.country ?? vatCountry(taxId) ?? fallbackCountry;
  if (country === undefined) {
    const term = prefix === 'vendor' ? 'BT-40' : 'BT-55';
    problems.push(
      `The ${label}'s country (${term}) is missing: add its two-letter code as the last line of the address.`,
    );
  }
  const email = prefix === 'vendor' ? field('vendorEmail') : undefined;
  return {
    name: name ?? '',
    address: { ...parsed, ...(country !== undefined && { country }) },
    taxIdIsVat: vatCountry(taxId) !== undefined,
    ...(taxId !== undefined && { taxId }),
    ...(email !== undefined && { email }),
  };
}

function typeOf(field: ExportModel['field'], problems: string[]): { creditNote: boolean; typeCode: string } {
  const kind = field('documentType') ?? 'invoice';
  if (!BILLS.has(kind)) problems.push(`A document of type "${kind}" is no invoice and cannot be written as one.`);
  const code = field('typeCode');
  if (code !== undefined && /^\d{1,3}$/.test(code)) return { creditNote: CREDIT_NOTE_CODES.has(code), typeCode: code };
  const creditNote = kind === 'credit-note';
  return { creditNote, typeCode: creditNote ? '381' : kind === 'correction' ? '384' : '380' };
}

/** Credit notes print their amounts either way; a UBL credit note of -100 would be a debit. Amounts that came from an XML are meant as they stand. */
function turnsSigns(invoice: Invoice, creditNote: boolean): boolean {
  const gross = invoice.header.grossTotal ?? invoice.header.netTotal;
  return creditNote && gross?.value != null && isNegative(gross.value) && gross.source !== 'xml';
}

function termsText(field: ExportModel['field']): string | undefined {
  const discounts = (field('discountTerms') ?? '').split('\n').filter((line) => line.trim() !== '');
  const lines = discounts.map((line) => {
    const term = parseDiscountTerm(line);
    return term ? skontoLine(term) : line;
  });
  const text = [field('paymentTerms'), ...lines].filter((part) => part !== undefined).join('\n');
  return text === '' ? undefined : text;
}

const country = (iban: string | undefined): string | undefined => /^[A-Z]{2}/.exec(iban ?? '')?.[0];

export function exportModel(invoice: Invoice): ExportModel | { problems: string[] } {
  const problems: string[] = [];
  const plain = (name: HeaderField): string | undefined => invoice.header[name]?.value?.trim() || undefined;
  const { creditNote, typeCode } = typeOf(plain, problems);
  const turned = turnsSigns(invoice, creditNote);
  const field = (name: HeaderField): string | undefined => {
    const value = plain(name);
    return turned && value !== undefined && SIGNED.has(name) ? negate(value) : value;
  };
  for (const [name, label] of [
    ['invoiceNumber', 'The invoice number (BT-1)'],
    ['issueDate', 'The issue date (BT-2)'],
    ['currency', 'The currency (BT-5)'],
  ] as const) {
    if (field(name) === undefined) problems.push(`${label} is missing.`);
  }
  const currency = field('currency') ?? '';
  const buyerCountry = parseAddress(field('buyerAddress') ?? '').country;
  const seller = partyOf(
    'vendor',
    field,
    country(field('vendorIban')) ?? COUNTRY_OF_CURRENCY[currency] ?? buyerCountry,
    problems,
  );
  // A letter that names no country is posted at home.
  const buyer = partyOf('buyer', field, seller.address.country, problems);
  const lines = exportLines(invoice.lines, turned, problems);
  const totals = exportTotals(field, lines, problems);
  const { taxes, allowances } = exportTaxes({ rows: invoice.taxRows, turned, field, lines, totals, problems });
  for (const line of lines) {
    if (taxes.length > 0 && taxOfLine(line, taxes) === undefined) {
      problems.push(`Line ${line.id} needs its VAT rate (BT-152): the invoice has several.`);
    }
  }
  if (problems.length > 0) return { problems };
  const terms = termsText(field);
  const [accountingCurrency, accountingTax] = [field('accountingCurrency'), field('accountingTaxTotal')];
  const delivery = field('deliveryAddress');
  const deliveryAddress = delivery === undefined ? undefined : parseAddress(delivery);
  return {
    creditNote,
    typeCode,
    currency,
    seller,
    buyer,
    lines,
    taxes,
    allowances,
    totals,
    field,
    ...(accountingCurrency !== undefined &&
      accountingTax !== undefined &&
      accountingCurrency !== currency && { accounting: { currency: accountingCurrency, tax: accountingTax } }),
    ...(terms !== undefined && { terms }),
    ...(deliveryAddress && {
      // BR-57: a delivery address has a country; one without is at the buyer's.
      deliveryAddress: { ...deliveryAddress, country: deliveryAddress.country ?? buyer.address.country ?? '' },
    }),
  };
}
