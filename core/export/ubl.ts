/** A confirmed invoice as UBL 2.1 (EN 16931): Invoice, or CreditNote where the type code is one. Element order follows the UBL schemas. */
import type { Invoice } from '../contract/invoice.ts';
import type { TermNode } from '../contract/reading.ts';
import type { Address } from '../einvoice/address.ts';
import { group, leaf } from '../einvoice/build.ts';
import type { ExportLine } from '../einvoice/export-lines.ts';
import { exportModel } from '../einvoice/export-model.ts';
import type { ExportModel, ExportParty } from '../einvoice/export-model.ts';
import { taxOfLine } from '../einvoice/export-taxes.ts';
import type { ExportTax } from '../einvoice/export-taxes.ts';
import { writeXml } from '../einvoice/write-xml.ts';
import { currencyDigits } from '../invoice/currency.ts';
import { absolute, isNegative, withDigits } from '../invoice/decimal.ts';
import type { Decimal } from '../invoice/decimal.ts';

/** An amount with the currency's decimals, never fewer than it has. */
const money = (name: string, amount: Decimal | undefined, currency: string): TermNode | undefined =>
  leaf(name, amount === undefined ? undefined : withDigits(amount, currencyDigits(currency) ?? 2), {
    currencyID: currency,
  });

const addressOf = (name: string, address: Address): TermNode | undefined =>
  group(
    name,
    leaf('cbc:StreetName', address.street),
    leaf('cbc:AdditionalStreetName', address.additional),
    leaf('cbc:CityName', address.city),
    leaf('cbc:PostalZone', address.code),
    leaf('cbc:CountrySubentity', address.subdivision),
    address.more.map((line) => group('cac:AddressLine', leaf('cbc:Line', line))),
    group('cac:Country', leaf('cbc:IdentificationCode', address.country)),
  );

const scheme = (id: string): TermNode | undefined => group('cac:TaxScheme', leaf('cbc:ID', id));

const partyOf = (name: string, party: ExportParty): TermNode | undefined =>
  group(
    name,
    group(
      'cac:Party',
      addressOf('cac:PostalAddress', party.address),
      party.taxId !== undefined
        ? group('cac:PartyTaxScheme', leaf('cbc:CompanyID', party.taxId), scheme(party.taxIdIsVat ? 'VAT' : 'FC'))
        : undefined,
      group('cac:PartyLegalEntity', leaf('cbc:RegistrationName', party.name)),
      group('cac:Contact', leaf('cbc:ElectronicMail', party.email)),
    ),
  );

const categoryOf = (
  name: string,
  tax: Pick<ExportTax, 'category' | 'rate'> & Partial<Pick<ExportTax, 'reason' | 'reasonCode'>>,
): TermNode | undefined =>
  group(
    name,
    leaf('cbc:ID', tax.category),
    leaf('cbc:Percent', tax.rate),
    leaf('cbc:TaxExemptionReasonCode', tax.reasonCode),
    leaf('cbc:TaxExemptionReason', tax.reason),
    scheme('VAT'),
  );

function paymentMeans(model: ExportModel): TermNode | undefined {
  const { field } = model;
  const account = field('vendorIban') ?? field('vendorAccount');
  const dueDate = model.creditNote ? field('dueDate') : undefined;
  if (account === undefined && field('paymentReference') === undefined && dueDate === undefined) return undefined;
  // UNTDID 4461: 58 SEPA credit transfer, 30 credit transfer, 1 not defined.
  const sepa = field('vendorIban') !== undefined && model.currency === 'EUR';
  return group(
    'cac:PaymentMeans',
    leaf('cbc:PaymentMeansCode', account === undefined ? '1' : sepa ? '58' : '30'),
    leaf('cbc:PaymentDueDate', dueDate),
    leaf('cbc:PaymentID', field('paymentReference')),
    account === undefined
      ? undefined
      : group(
          'cac:PayeeFinancialAccount',
          leaf('cbc:ID', account),
          group('cac:FinancialInstitutionBranch', leaf('cbc:ID', field('vendorBic'))),
        ),
  );
}

function references(model: ExportModel): (TermNode | undefined)[] {
  const { field } = model;
  return [
    group(
      'cac:InvoicePeriod',
      leaf('cbc:StartDate', field('servicePeriodStart')),
      leaf('cbc:EndDate', field('servicePeriodEnd')),
    ),
    group('cac:OrderReference', leaf('cbc:ID', field('poNumber'))),
    group('cac:BillingReference', group('cac:InvoiceDocumentReference', leaf('cbc:ID', field('precedingInvoice')))),
    group('cac:ContractDocumentReference', leaf('cbc:ID', field('contractRef'))),
  ];
}

const delivery = (model: ExportModel): TermNode | undefined =>
  group(
    'cac:Delivery',
    leaf('cbc:ActualDeliveryDate', model.field('deliveryDate')),
    group('cac:DeliveryLocation', model.deliveryAddress ? addressOf('cac:Address', model.deliveryAddress) : undefined),
  );

const allowanceCharges = (model: ExportModel): (TermNode | undefined)[] =>
  model.allowances.map(({ charge, amount, category, rate }) =>
    group(
      'cac:AllowanceCharge',
      leaf('cbc:ChargeIndicator', String(charge)),
      // UNTDID 7161 FC freight service, UNTDID 5189 95 discount.
      leaf('cbc:AllowanceChargeReasonCode', charge ? 'FC' : '95'),
      leaf('cbc:AllowanceChargeReason', charge ? 'Freight and other charges' : 'Discount'),
      money('cbc:Amount', amount, model.currency),
      categoryOf('cac:TaxCategory', { category, ...(rate !== undefined && { rate }) }),
    ),
  );

function taxTotals(model: ExportModel): (TermNode | undefined)[] {
  const { field, currency, accounting } = model;
  return [
    group(
      'cac:TaxTotal',
      money('cbc:TaxAmount', model.totals.tax, currency),
      model.taxes.map((tax) =>
        group(
          'cac:TaxSubtotal',
          money('cbc:TaxableAmount', tax.base, currency),
          money('cbc:TaxAmount', tax.amount, currency),
          categoryOf('cac:TaxCategory', tax),
        ),
      ),
    ),
    accounting && group('cac:TaxTotal', money('cbc:TaxAmount', accounting.tax, accounting.currency)),
    // The credit note's schema has no withholding tax.
    model.creditNote
      ? undefined
      : group('cac:WithholdingTaxTotal', money('cbc:TaxAmount', field('withheldTax'), currency)),
  ];
}

const exchangeRate = (model: ExportModel): TermNode | undefined =>
  model.field('exchangeRate') === undefined
    ? undefined
    : group(
        'cac:TaxExchangeRate',
        leaf('cbc:SourceCurrencyCode', model.currency),
        leaf('cbc:TargetCurrencyCode', model.field('accountingCurrency') ?? model.currency),
        leaf('cbc:CalculationRate', model.field('exchangeRate')),
      );

function monetaryTotal({ totals, currency }: ExportModel): TermNode | undefined {
  const amount = (name: string, value: Decimal | undefined): TermNode | undefined => money(name, value, currency);
  return group(
    'cac:LegalMonetaryTotal',
    amount('cbc:LineExtensionAmount', totals.lines),
    amount('cbc:TaxExclusiveAmount', totals.net),
    amount('cbc:TaxInclusiveAmount', totals.gross),
    amount('cbc:AllowanceTotalAmount', totals.allowances),
    amount('cbc:ChargeTotalAmount', totals.charges),
    amount('cbc:PrepaidAmount', totals.prepaid),
    amount('cbc:PayableRoundingAmount', totals.rounding),
    amount('cbc:PayableAmount', totals.due),
  );
}

const property = (name: string, value: string | undefined): TermNode | undefined =>
  value === undefined
    ? undefined
    : group('cac:AdditionalItemProperty', leaf('cbc:Name', name), leaf('cbc:Value', value));

function lineDiscount({ discount }: ExportLine, currency: string): TermNode | undefined {
  if (discount === undefined) return undefined;
  const charge = isNegative(discount);
  return group(
    'cac:AllowanceCharge',
    leaf('cbc:ChargeIndicator', String(charge)),
    leaf('cbc:AllowanceChargeReasonCode', charge ? 'ZZZ' : '95'),
    leaf('cbc:AllowanceChargeReason', charge ? 'Surcharge' : 'Discount'),
    money('cbc:Amount', absolute(discount), currency),
  );
}

function lineOf(line: ExportLine, model: ExportModel): TermNode | undefined {
  const tax = taxOfLine(line, model.taxes);
  return group(
    model.creditNote ? 'cac:CreditNoteLine' : 'cac:InvoiceLine',
    leaf('cbc:ID', line.id),
    leaf(model.creditNote ? 'cbc:CreditedQuantity' : 'cbc:InvoicedQuantity', line.quantity, {
      unitCode: line.unitCode,
    }),
    money('cbc:LineExtensionAmount', line.total, model.currency),
    leaf('cbc:AccountingCost', line.costCentre),
    group('cac:OrderLineReference', leaf('cbc:LineID', line.poLine)),
    lineDiscount(line, model.currency),
    group(
      'cac:Item',
      leaf('cbc:Description', line.description),
      leaf('cbc:Name', line.name),
      group('cac:SellersItemIdentification', leaf('cbc:ID', line.articleNumber)),
      tax ? categoryOf('cac:ClassifiedTaxCategory', { category: tax.category, ...rateOf(tax) }) : undefined,
      property('Unit', line.unitName),
      property('Account', line.account),
    ),
    group(
      'cac:Price',
      money('cbc:PriceAmount', line.price, model.currency),
      leaf('cbc:BaseQuantity', line.baseQuantity, { unitCode: line.unitCode }),
    ),
  );
}
const rateOf = (tax: Pick<ExportTax, 'rate'>): Pick<ExportTax, 'rate'> =>
  tax.rate === undefined ? {} : { rate: tax.rate };

/** Heads of the two schemas: the credit note has its type code after the dates and no due date of its own. */
function head(model: ExportModel): (TermNode | undefined)[] {
  const { field, creditNote } = model;
  return [
    leaf('cbc:CustomizationID', 'urn:cen.eu:en16931:2017'),
    leaf('cbc:ID', field('invoiceNumber')),
    leaf('cbc:IssueDate', field('issueDate')),
    creditNote ? undefined : leaf('cbc:DueDate', field('dueDate')),
    leaf(creditNote ? 'cbc:CreditNoteTypeCode' : 'cbc:InvoiceTypeCode', model.typeCode),
    leaf('cbc:DocumentCurrencyCode', model.currency),
    leaf('cbc:TaxCurrencyCode', model.accounting?.currency),
    leaf('cbc:BuyerReference', field('buyerReference')),
  ];
}

export function toUbl(invoice: Invoice): { xml: string } | { problems: string[] } {
  const model = exportModel(invoice);
  if ('problems' in model) return model;
  const rate = exchangeRate(model);
  const allowances = allowanceCharges(model);
  const tree = group(
    model.creditNote ? 'cn:CreditNote' : 'ubl:Invoice',
    head(model),
    references(model),
    partyOf('cac:AccountingSupplierParty', model.seller),
    partyOf('cac:AccountingCustomerParty', model.buyer),
    group('cac:PayeeParty', group('cac:PartyName', leaf('cbc:Name', model.field('payeeName')))),
    delivery(model),
    paymentMeans(model),
    group('cac:PaymentTerms', leaf('cbc:Note', model.terms)),
    ...(model.creditNote ? [rate, allowances] : [allowances, rate]),
    taxTotals(model),
    monetaryTotal(model),
    model.lines.map((line) => lineOf(line, model)),
  );
  return tree === undefined ? { problems: ['There is nothing to write.'] } : { xml: writeXml(tree) };
}
