/** Two e-invoices written out by hand, so that the reader of the product is tested against something it has not written itself. */
import { currencyDigits } from '../../core/invoice/currency.ts';
import { withDigits } from '../../core/invoice/decimal.ts';
import type { Party, Sample, Totals } from './model.ts';

const escape = (text: string): string => text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
const tag = (name: string, content: string, attributes = ''): string => `<${name}${attributes}>${content}</${name}>`;
const leaf = (name: string, text: string | undefined, attributes = ''): string =>
  text === undefined || text === '' ? '' : tag(name, escape(text), attributes);

const UNITS: Readonly<Record<string, string>> = { 'Kart.': 'CT', Pack: 'PK', Stk: 'H87', st: 'H87', rol: 'RO' };
const unitOf = (unit: string): string => UNITS[unit] ?? 'C62';
const moneyOf = (sample: Sample) => (value: string) => withDigits(value, currencyDigits(sample.currency) ?? 2);
const split = (city: string): [string, string] => {
  const match = /^(\d{4,5}(?: [A-Z]{2})?) (.+)$/.exec(city);
  return [match?.[1] ?? '', match?.[2] ?? city];
};

/** UBL 2.1, EN 16931 as Peppol BIS Billing 3 wants it. */
export function toUbl(sample: Sample, totals: Totals): string {
  const money = moneyOf(sample);
  const currency = ` currencyID="${sample.currency}"`;
  const scheme = tag('cac:TaxScheme', leaf('cbc:ID', 'VAT'));
  const category = (name: string, rate: string) => tag(name, leaf('cbc:ID', 'S') + leaf('cbc:Percent', rate) + scheme);
  const party = (name: string, of: Party) => {
    const [code, city] = split(of.city);
    const address =
      leaf('cbc:StreetName', of.street) +
      leaf('cbc:CityName', city) +
      leaf('cbc:PostalZone', code) +
      tag('cac:Country', leaf('cbc:IdentificationCode', of.countryCode));
    return tag(
      name,
      tag(
        'cac:Party',
        leaf('cbc:EndpointID', of.taxId ?? '', ' schemeID="9944"') +
          tag('cac:PartyName', leaf('cbc:Name', of.name)) +
          tag('cac:PostalAddress', address) +
          tag('cac:PartyTaxScheme', leaf('cbc:CompanyID', of.taxId ?? '') + scheme) +
          tag('cac:PartyLegalEntity', leaf('cbc:RegistrationName', of.name)) +
          (of.email ? tag('cac:Contact', leaf('cbc:ElectronicMail', of.email)) : ''),
      ),
    );
  };
  const lines = totals.lines.map((line) => {
    const allowance = line.discount
      ? tag(
          'cac:AllowanceCharge',
          leaf('cbc:ChargeIndicator', 'false') +
            leaf('cbc:AllowanceChargeReason', 'Korting') +
            leaf('cbc:Amount', money(line.discount), currency),
        )
      : '';
    const item =
      leaf('cbc:Name', line.description) +
      tag('cac:SellersItemIdentification', leaf('cbc:ID', line.article ?? '')) +
      category('cac:ClassifiedTaxCategory', line.rate);
    return tag(
      'cac:InvoiceLine',
      leaf('cbc:ID', String(line.position)) +
        leaf('cbc:InvoicedQuantity', line.quantity, ` unitCode="${unitOf(line.unit)}"`) +
        leaf('cbc:LineExtensionAmount', money(line.total), currency) +
        allowance +
        tag('cac:Item', item) +
        tag('cac:Price', leaf('cbc:PriceAmount', line.unitPrice, currency)),
    );
  });
  const subtotals = totals.taxes.map(({ rate, base, amount }) =>
    tag(
      'cac:TaxSubtotal',
      leaf('cbc:TaxableAmount', money(base), currency) +
        leaf('cbc:TaxAmount', money(amount), currency) +
        category('cac:TaxCategory', rate),
    ),
  );
  const monetary =
    leaf('cbc:LineExtensionAmount', money(totals.lineSum), currency) +
    leaf('cbc:TaxExclusiveAmount', money(totals.net), currency) +
    leaf('cbc:TaxInclusiveAmount', money(totals.gross), currency) +
    leaf('cbc:PayableAmount', money(totals.due), currency);
  const content = [
    leaf('cbc:CustomizationID', 'urn:cen.eu:en16931:2017#compliant#urn:fdc:peppol.eu:2017:poacc:billing:3.0'),
    leaf('cbc:ProfileID', 'urn:fdc:peppol.eu:2017:poacc:billing:01:1.0'),
    leaf('cbc:ID', sample.number),
    leaf('cbc:IssueDate', sample.issueDate),
    leaf('cbc:DueDate', sample.dueDate),
    leaf('cbc:InvoiceTypeCode', '380'),
    leaf('cbc:DocumentCurrencyCode', sample.currency),
    tag('cac:OrderReference', leaf('cbc:ID', sample.poNumber)),
    party('cac:AccountingSupplierParty', sample.vendor),
    party('cac:AccountingCustomerParty', sample.buyer),
    tag('cac:Delivery', leaf('cbc:ActualDeliveryDate', sample.deliveryDate)),
    tag(
      'cac:PaymentMeans',
      leaf('cbc:PaymentMeansCode', '58') +
        leaf('cbc:PaymentID', sample.paymentReference) +
        tag(
          'cac:PayeeFinancialAccount',
          leaf('cbc:ID', sample.vendor.iban) + tag('cac:FinancialInstitutionBranch', leaf('cbc:ID', sample.vendor.bic)),
        ),
    ),
    tag('cac:PaymentTerms', leaf('cbc:Note', sample.terms)),
    tag('cac:TaxTotal', leaf('cbc:TaxAmount', money(totals.tax), currency) + subtotals.join('')),
    tag('cac:LegalMonetaryTotal', monetary),
    ...lines,
  ];
  return document(
    'Invoice',
    ' xmlns="urn:oasis:names:specification:ubl:schema:xsd:Invoice-2" xmlns:cac="urn:oasis:names:specification:ubl:schema:xsd:CommonAggregateComponents-2" xmlns:cbc="urn:oasis:names:specification:ubl:schema:xsd:CommonBasicComponents-2"',
    content,
  );
}

const document = (root: string, namespaces: string, content: readonly string[]): string =>
  `<?xml version="1.0" encoding="UTF-8"?>\n<${root}${namespaces}>\n${content.filter(Boolean).join('\n')}\n</${root}>\n`;

/** Cross Industry Invoice D16B, the EN 16931 profile that ZUGFeRD and Factur-X embed in a PDF. */
export function toCii(sample: Sample, totals: Totals): string {
  const money = moneyOf(sample);
  const day = (name: string, iso: string | undefined) =>
    iso ? tag(name, leaf('udt:DateTimeString', iso.replaceAll('-', ''), ' format="102"')) : '';
  const tax = (rate: string, amounts = '') =>
    tag(
      'ram:ApplicableTradeTax',
      `${amounts.split('|')[0] ?? ''}${leaf('ram:TypeCode', 'VAT')}${amounts.split('|')[1] ?? ''}${leaf('ram:CategoryCode', 'S')}${leaf('ram:RateApplicablePercent', rate)}`,
    );
  const party = (name: string, of: Party) => {
    const [code, city] = split(of.city);
    return tag(
      name,
      leaf('ram:Name', of.name) +
        tag(
          'ram:PostalTradeAddress',
          leaf('ram:PostcodeCode', code) +
            leaf('ram:LineOne', of.street) +
            leaf('ram:CityName', city) +
            leaf('ram:CountryID', of.countryCode),
        ) +
        (of.email ? tag('ram:URIUniversalCommunication', leaf('ram:URIID', of.email, ' schemeID="EM"')) : '') +
        tag('ram:SpecifiedTaxRegistration', leaf('ram:ID', of.taxId, ' schemeID="VA"')),
    );
  };
  const lines = totals.lines.map((line) =>
    tag(
      'ram:IncludedSupplyChainTradeLineItem',
      tag('ram:AssociatedDocumentLineDocument', leaf('ram:LineID', String(line.position))) +
        tag(
          'ram:SpecifiedTradeProduct',
          leaf('ram:SellerAssignedID', line.article) + leaf('ram:Name', line.description),
        ) +
        tag(
          'ram:SpecifiedLineTradeAgreement',
          tag('ram:NetPriceProductTradePrice', leaf('ram:ChargeAmount', line.unitPrice)),
        ) +
        tag(
          'ram:SpecifiedLineTradeDelivery',
          leaf('ram:BilledQuantity', line.quantity, ` unitCode="${unitOf(line.unit)}"`),
        ) +
        tag(
          'ram:SpecifiedLineTradeSettlement',
          tax(line.rate) +
            tag('ram:SpecifiedTradeSettlementLineMonetarySummation', leaf('ram:LineTotalAmount', money(line.total))),
        ),
    ),
  );
  const means =
    leaf('ram:TypeCode', '58') +
    tag('ram:PayeePartyCreditorFinancialAccount', leaf('ram:IBANID', sample.vendor.iban)) +
    tag('ram:PayeeSpecifiedCreditorFinancialInstitution', leaf('ram:BICID', sample.vendor.bic));
  const sums =
    leaf('ram:LineTotalAmount', money(totals.lineSum)) +
    leaf('ram:ChargeTotalAmount', money('0')) +
    leaf('ram:AllowanceTotalAmount', money('0')) +
    leaf('ram:TaxBasisTotalAmount', money(totals.net)) +
    leaf('ram:TaxTotalAmount', money(totals.tax), ` currencyID="${sample.currency}"`) +
    leaf('ram:GrandTotalAmount', money(totals.gross)) +
    leaf('ram:DuePayableAmount', money(totals.due));
  const settlement =
    leaf('ram:PaymentReference', sample.paymentReference) +
    leaf('ram:InvoiceCurrencyCode', sample.currency) +
    tag('ram:SpecifiedTradeSettlementPaymentMeans', means) +
    totals.taxes
      .map(({ rate, base, amount }) =>
        tax(rate, `${leaf('ram:CalculatedAmount', money(amount))}|${leaf('ram:BasisAmount', money(base))}`),
      )
      .join('') +
    tag(
      'ram:SpecifiedTradePaymentTerms',
      leaf('ram:Description', sample.terms) + day('ram:DueDateDateTime', sample.dueDate),
    ) +
    tag('ram:SpecifiedTradeSettlementHeaderMonetarySummation', sums);
  const agreement =
    party('ram:SellerTradeParty', sample.vendor) +
    party('ram:BuyerTradeParty', sample.buyer) +
    tag('ram:BuyerOrderReferencedDocument', leaf('ram:IssuerAssignedID', sample.poNumber));
  const delivery = tag('ram:ActualDeliverySupplyChainEvent', day('ram:OccurrenceDateTime', sample.deliveryDate));
  return document(
    'rsm:CrossIndustryInvoice',
    ' xmlns:rsm="urn:un:unece:uncefact:data:standard:CrossIndustryInvoice:100" xmlns:ram="urn:un:unece:uncefact:data:standard:ReusableAggregateBusinessInformationEntity:100" xmlns:udt="urn:un:unece:uncefact:data:standard:UnqualifiedDataType:100"',
    [
      tag(
        'rsm:ExchangedDocumentContext',
        tag('ram:GuidelineSpecifiedDocumentContextParameter', leaf('ram:ID', 'urn:cen.eu:en16931:2017')),
      ),
      tag(
        'rsm:ExchangedDocument',
        leaf('ram:ID', sample.number) + leaf('ram:TypeCode', '380') + day('ram:IssueDateTime', sample.issueDate),
      ),
      tag(
        'rsm:SupplyChainTradeTransaction',
        lines.join('\n') +
          tag('ram:ApplicableHeaderTradeAgreement', agreement) +
          tag('ram:ApplicableHeaderTradeDelivery', delivery) +
          tag('ram:ApplicableHeaderTradeSettlement', settlement),
      ),
    ],
  );
}
