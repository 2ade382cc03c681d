/** A confirmed invoice as UN/CEFACT Cross Industry Invoice D16B (EN 16931 profile of Factur-X / ZUGFeRD 2). Element order follows its schema. */
import type { Invoice } from '../contract/invoice.ts';
import type { TermNode } from '../contract/reading.ts';
import { currencyDigits } from '../invoice/currency.ts';
import { absolute, isNegative, withDigits } from '../invoice/decimal.ts';
import type { Decimal } from '../invoice/decimal.ts';
import type { Address } from './address.ts';
import { group, leaf } from './build.ts';
import type { ExportLine } from './export-lines.ts';
import { exportModel } from './export-model.ts';
import type { ExportModel, ExportParty } from './export-model.ts';
import { taxOfLine } from './export-taxes.ts';
import type { ExportTax } from './export-taxes.ts';
import { writeXml } from './write-xml.ts';

/** Format 102: CCYYMMDD. */
const dateOf = (name: string, date: string | undefined): TermNode | undefined =>
  group(name, leaf('udt:DateTimeString', date?.replaceAll('-', ''), { format: '102' }));

function addressOf(address: Address): TermNode | undefined {
  const third = address.more.join(', ');
  return group(
    'ram:PostalTradeAddress',
    leaf('ram:PostcodeCode', address.code),
    leaf('ram:LineOne', address.street),
    leaf('ram:LineTwo', address.additional),
    leaf('ram:LineThree', third),
    leaf('ram:CityName', address.city),
    leaf('ram:CountryID', address.country),
    leaf('ram:CountrySubDivisionName', address.subdivision),
  );
}

const partyOf = (name: string, party: ExportParty): TermNode | undefined =>
  group(
    name,
    leaf('ram:Name', party.name),
    group('ram:DefinedTradeContact', group('ram:EmailURIUniversalCommunication', leaf('ram:URIID', party.email))),
    addressOf(party.address),
    group('ram:SpecifiedTaxRegistration', leaf('ram:ID', party.taxId, { schemeID: party.taxIdIsVat ? 'VA' : 'FC' })),
  );

const reference = (name: string, id: string | undefined): TermNode | undefined =>
  group(name, leaf('ram:IssuerAssignedID', id));

const tradeTax = (name: string, tax: Pick<ExportTax, 'category' | 'rate'>): TermNode | undefined =>
  group(
    name,
    leaf('ram:TypeCode', 'VAT'),
    leaf('ram:CategoryCode', tax.category),
    leaf('ram:RateApplicablePercent', tax.rate),
  );

interface Allowance {
  readonly charge: boolean;
  readonly amount: Decimal;
  readonly codes: readonly [allowance: string, charge: string];
  readonly reasons: readonly [allowance: string, charge: string];
}

const allowanceOf = (
  { charge, amount, codes, reasons }: Allowance,
  money: (name: string, amount: Decimal) => TermNode | undefined,
  tax?: TermNode,
): TermNode | undefined =>
  group(
    'ram:SpecifiedTradeAllowanceCharge',
    group('ram:ChargeIndicator', leaf('udt:Indicator', String(charge))),
    money('ram:ActualAmount', amount),
    leaf('ram:ReasonCode', codes[charge ? 1 : 0]),
    leaf('ram:Reason', reasons[charge ? 1 : 0]),
    tax,
  );

function lineOf(line: ExportLine, model: ExportModel, money: Money): TermNode | undefined {
  const tax = taxOfLine(line, model.taxes);
  const { discount } = line;
  return group(
    'ram:IncludedSupplyChainTradeLineItem',
    group('ram:AssociatedDocumentLineDocument', leaf('ram:LineID', line.id)),
    group(
      'ram:SpecifiedTradeProduct',
      leaf('ram:SellerAssignedID', line.articleNumber),
      leaf('ram:Name', line.name),
      leaf('ram:Description', line.description),
      line.unitName === undefined
        ? undefined
        : group(
            'ram:ApplicableProductCharacteristic',
            leaf('ram:Description', 'Unit'),
            leaf('ram:Value', line.unitName),
          ),
    ),
    group(
      'ram:SpecifiedLineTradeAgreement',
      group('ram:BuyerOrderReferencedDocument', leaf('ram:LineID', line.poLine)),
      group(
        'ram:NetPriceProductTradePrice',
        money('ram:ChargeAmount', line.price),
        leaf('ram:BasisQuantity', line.baseQuantity, { unitCode: line.unitCode }),
      ),
    ),
    group('ram:SpecifiedLineTradeDelivery', leaf('ram:BilledQuantity', line.quantity, { unitCode: line.unitCode })),
    group(
      'ram:SpecifiedLineTradeSettlement',
      tax ? tradeTax('ram:ApplicableTradeTax', tax) : undefined,
      discount === undefined
        ? undefined
        : allowanceOf(
            {
              charge: isNegative(discount),
              amount: absolute(discount),
              codes: ['95', 'ZZZ'],
              reasons: ['Discount', 'Surcharge'],
            },
            money,
          ),
      group('ram:SpecifiedTradeSettlementLineMonetarySummation', money('ram:LineTotalAmount', line.total)),
      group('ram:ReceivableSpecifiedTradeAccountingAccount', leaf('ram:ID', line.costCentre)),
    ),
  );
}

type Money = (name: string, amount: Decimal | undefined) => TermNode | undefined;

const agreement = ({ field, seller, buyer }: ExportModel): TermNode | undefined =>
  group(
    'ram:ApplicableHeaderTradeAgreement',
    leaf('ram:BuyerReference', field('buyerReference')),
    partyOf('ram:SellerTradeParty', seller),
    partyOf('ram:BuyerTradeParty', buyer),
    reference('ram:BuyerOrderReferencedDocument', field('poNumber')),
    reference('ram:ContractReferencedDocument', field('contractRef')),
  );

/** Mandatory even where it has nothing to say. */
const delivery = ({ field, deliveryAddress }: ExportModel): TermNode =>
  group(
    'ram:ApplicableHeaderTradeDelivery',
    deliveryAddress ? group('ram:ShipToTradeParty', addressOf(deliveryAddress)) : undefined,
    group('ram:ActualDeliverySupplyChainEvent', dateOf('ram:OccurrenceDateTime', field('deliveryDate'))),
  ) ?? { name: 'ram:ApplicableHeaderTradeDelivery' };

function paymentMeans({ field, currency }: ExportModel): TermNode | undefined {
  const iban = field('vendorIban');
  const account = iban === undefined ? field('vendorAccount') : undefined;
  if (iban === undefined && account === undefined) return undefined;
  return group(
    'ram:SpecifiedTradeSettlementPaymentMeans',
    // UNTDID 4461: 58 SEPA credit transfer, 30 credit transfer.
    leaf('ram:TypeCode', iban !== undefined && currency === 'EUR' ? '58' : '30'),
    group('ram:PayeePartyCreditorFinancialAccount', leaf('ram:IBANID', iban), leaf('ram:ProprietaryID', account)),
    group('ram:PayeeSpecifiedCreditorFinancialInstitution', leaf('ram:BICID', field('vendorBic'))),
  );
}

const taxOf = (tax: ExportTax, money: Money): TermNode | undefined =>
  group(
    'ram:ApplicableTradeTax',
    money('ram:CalculatedAmount', tax.amount),
    leaf('ram:TypeCode', 'VAT'),
    leaf('ram:ExemptionReason', tax.reason),
    money('ram:BasisAmount', tax.base),
    leaf('ram:CategoryCode', tax.category),
    leaf('ram:ExemptionReasonCode', tax.reasonCode),
    leaf('ram:RateApplicablePercent', tax.rate),
  );

function summation({ totals, currency, accounting }: ExportModel, money: Money): TermNode | undefined {
  const digits = currencyDigits(currency) ?? 2;
  return group(
    'ram:SpecifiedTradeSettlementHeaderMonetarySummation',
    money('ram:LineTotalAmount', totals.lines),
    money('ram:ChargeTotalAmount', totals.charges),
    money('ram:AllowanceTotalAmount', totals.allowances),
    money('ram:TaxBasisTotalAmount', totals.net),
    // The only amount of CII that names its currency.
    leaf('ram:TaxTotalAmount', withDigits(totals.tax, digits), { currencyID: currency }),
    accounting && leaf('ram:TaxTotalAmount', withDigits(accounting.tax, 2), { currencyID: accounting.currency }),
    money('ram:RoundingAmount', totals.rounding),
    money('ram:GrandTotalAmount', totals.gross),
    money('ram:TotalPrepaidAmount', totals.prepaid),
    money('ram:DuePayableAmount', totals.due),
  );
}

function settlement(model: ExportModel, money: Money): TermNode | undefined {
  const { field } = model;
  return group(
    'ram:ApplicableHeaderTradeSettlement',
    leaf('ram:PaymentReference', field('paymentReference')),
    leaf('ram:TaxCurrencyCode', model.accounting?.currency),
    leaf('ram:InvoiceCurrencyCode', model.currency),
    group('ram:PayeeTradeParty', leaf('ram:Name', field('payeeName'))),
    paymentMeans(model),
    model.taxes.map((tax) => taxOf(tax, money)),
    group(
      'ram:BillingSpecifiedPeriod',
      dateOf('ram:StartDateTime', field('servicePeriodStart')),
      dateOf('ram:EndDateTime', field('servicePeriodEnd')),
    ),
    model.allowances.map((allowance) =>
      allowanceOf(
        { ...allowance, codes: ['95', 'FC'], reasons: ['Discount', 'Freight and other charges'] },
        money,
        tradeTax('ram:CategoryTradeTax', allowance),
      ),
    ),
    group(
      'ram:SpecifiedTradePaymentTerms',
      leaf('ram:Description', model.terms),
      dateOf('ram:DueDateDateTime', field('dueDate')),
    ),
    summation(model, money),
    reference('ram:InvoiceReferencedDocument', field('precedingInvoice')),
  );
}

export function toCii(invoice: Invoice): { xml: string } | { problems: string[] } {
  const model = exportModel(invoice);
  if ('problems' in model) return model;
  const digits = currencyDigits(model.currency) ?? 2;
  const money: Money = (name, amount) => leaf(name, amount === undefined ? undefined : withDigits(amount, digits));
  const tree = group(
    'rsm:CrossIndustryInvoice',
    group(
      'rsm:ExchangedDocumentContext',
      group('ram:GuidelineSpecifiedDocumentContextParameter', leaf('ram:ID', 'urn:cen.eu:en16931:2017')),
    ),
    group(
      'rsm:ExchangedDocument',
      leaf('ram:ID', model.field('invoiceNumber')),
      leaf('ram:TypeCode', model.typeCode),
      dateOf('ram:IssueDateTime', model.field('issueDate')),
    ),
    group(
      'rsm:SupplyChainTradeTransaction',
      model.lines.map((line) => lineOf(line, model, money)),
      agreement(model),
      delivery(model),
      settlement(model, money),
    ),
  );
  return tree === undefined ? { problems: ['There is nothing to write.'] } : { xml: writeXml(tree) };
}
