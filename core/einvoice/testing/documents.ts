/** Invented e-invoices in the forms that differ most from what this project writes itself. */

export const CII_EXTENDED = `<?xml version="1.0" encoding="UTF-8"?>
<r:CrossIndustryInvoice xmlns:r="urn:un:unece:uncefact:data:standard:CrossIndustryInvoice:100"
  xmlns:a="urn:un:unece:uncefact:data:standard:ReusableAggregateBusinessInformationEntity:100"
  xmlns:u="urn:un:unece:uncefact:data:standard:UnqualifiedDataType:100">
  <r:ExchangedDocumentContext><a:GuidelineSpecifiedDocumentContextParameter>
    <a:ID>urn:cen.eu:en16931:2017#conformant#urn:factur-x.eu:1p0:extended</a:ID>
  </a:GuidelineSpecifiedDocumentContextParameter></r:ExchangedDocumentContext>
  <r:ExchangedDocument>
    <a:ID> 2024 / 17 </a:ID><a:TypeCode>384</a:TypeCode>
    <a:IssueDateTime><u:DateTimeString format="102">20240229</u:DateTimeString></a:IssueDateTime>
    <a:LanguageID>de</a:LanguageID>
    <a:IncludedNote><a:Content>Korrektur der Rechnung 16</a:Content><a:SubjectCode>AAI</a:SubjectCode></a:IncludedNote>
  </r:ExchangedDocument>
  <r:SupplyChainTradeTransaction>
    <a:IncludedSupplyChainTradeLineItem>
      <a:AssociatedDocumentLineDocument><a:LineID>1</a:LineID><a:LineStatusReasonCode>GROUP</a:LineStatusReasonCode></a:AssociatedDocumentLineDocument>
      <a:SpecifiedTradeProduct><a:Name>Rooms</a:Name></a:SpecifiedTradeProduct>
      <a:SpecifiedLineTradeSettlement><a:SpecifiedTradeSettlementLineMonetarySummation><a:LineTotalAmount>300.00</a:LineTotalAmount></a:SpecifiedTradeSettlementLineMonetarySummation></a:SpecifiedLineTradeSettlement>
    </a:IncludedSupplyChainTradeLineItem>
    <a:IncludedSupplyChainTradeLineItem>
      <a:AssociatedDocumentLineDocument><a:LineID>1.1</a:LineID><a:ParentLineID>1</a:ParentLineID><a:LineStatusReasonCode>DETAIL</a:LineStatusReasonCode></a:AssociatedDocumentLineDocument>
      <a:SpecifiedTradeProduct><a:GlobalID schemeID="0160">4000001234561</a:GlobalID><a:Name>Night</a:Name><a:Description>Night</a:Description></a:SpecifiedTradeProduct>
      <a:SpecifiedLineTradeAgreement>
        <a:GrossPriceProductTradePrice><a:ChargeAmount>120.0000</a:ChargeAmount></a:GrossPriceProductTradePrice>
        <a:NetPriceProductTradePrice><a:ChargeAmount>100.0000</a:ChargeAmount><a:BasisQuantity unitCode="C62">1.0000</a:BasisQuantity></a:NetPriceProductTradePrice>
      </a:SpecifiedLineTradeAgreement>
      <a:SpecifiedLineTradeDelivery><a:BilledQuantity unitCode="C62">3.0000</a:BilledQuantity></a:SpecifiedLineTradeDelivery>
      <a:SpecifiedLineTradeSettlement>
        <a:ApplicableTradeTax><a:TypeCode>VAT</a:TypeCode><a:CategoryCode>S</a:CategoryCode><a:RateApplicablePercent>7.00</a:RateApplicablePercent></a:ApplicableTradeTax>
        <a:SpecifiedTradeAllowanceCharge><a:ChargeIndicator><u:Indicator>false</u:Indicator></a:ChargeIndicator><a:ActualAmount>10.00</a:ActualAmount></a:SpecifiedTradeAllowanceCharge>
        <a:SpecifiedTradeAllowanceCharge><a:ChargeIndicator><u:Indicator>true</u:Indicator></a:ChargeIndicator><a:ActualAmount>10.50</a:ActualAmount></a:SpecifiedTradeAllowanceCharge>
        <a:SpecifiedTradeSettlementLineMonetarySummation><a:LineTotalAmount>300.00</a:LineTotalAmount></a:SpecifiedTradeSettlementLineMonetarySummation>
      </a:SpecifiedLineTradeSettlement>
    </a:IncludedSupplyChainTradeLineItem>
    <a:ApplicableHeaderTradeAgreement>
      <a:SellerTradeParty>
        <a:Name>Gasthof
          Zur Linde</a:Name>
        <a:SpecifiedLegalOrganization><a:TradingBusinessName>Linde</a:TradingBusinessName></a:SpecifiedLegalOrganization>
        <a:PostalTradeAddress><a:PostcodeCode>99423</a:PostcodeCode><a:LineOne>Markt 1</a:LineOne><a:CityName>Weimar</a:CityName><a:CountryID>DE</a:CountryID></a:PostalTradeAddress>
        <a:SpecifiedTaxRegistration><a:ID schemeID="FC">162/123/45678</a:ID></a:SpecifiedTaxRegistration>
        <a:SpecifiedTaxRegistration><a:ID schemeID="VA">DE811128135</a:ID></a:SpecifiedTaxRegistration>
      </a:SellerTradeParty>
      <a:BuyerTradeParty><a:Name>Kontor AG</a:Name>
        <a:SpecifiedTaxRegistration><a:ID schemeID="FC">11/22</a:ID></a:SpecifiedTaxRegistration>
        <a:SpecifiedTaxRegistration><a:ID schemeID="VA">ATU12345675</a:ID></a:SpecifiedTaxRegistration>
      </a:BuyerTradeParty>
      <a:SellerTaxRepresentativeTradeParty><a:Name>Fiskal GmbH</a:Name></a:SellerTaxRepresentativeTradeParty>
      <a:AdditionalReferencedDocument><a:IssuerAssignedID>A-1</a:IssuerAssignedID><a:TypeCode>916</a:TypeCode><a:Name>List of guests</a:Name>
        <a:AttachmentBinaryObject mimeCode="text/csv" filename="guests.csv">QUJDRA==</a:AttachmentBinaryObject></a:AdditionalReferencedDocument>
      <a:AdditionalReferencedDocument><a:IssuerAssignedID>T-9</a:IssuerAssignedID><a:TypeCode>50</a:TypeCode></a:AdditionalReferencedDocument>
    </a:ApplicableHeaderTradeAgreement>
    <a:ApplicableHeaderTradeDelivery/>
    <a:ApplicableHeaderTradeSettlement>
      <a:PaymentReference>RF18539007547034</a:PaymentReference>
      <a:TaxCurrencyCode>CHF</a:TaxCurrencyCode>
      <a:InvoiceCurrencyCode>EUR</a:InvoiceCurrencyCode>
      <a:SpecifiedTradeSettlementPaymentMeans><a:TypeCode>30</a:TypeCode>
        <a:PayeePartyCreditorFinancialAccount><a:ProprietaryID>4711</a:ProprietaryID></a:PayeePartyCreditorFinancialAccount>
        <a:PayeeSpecifiedCreditorFinancialInstitution><a:BICID>WRONGBANK</a:BICID></a:PayeeSpecifiedCreditorFinancialInstitution></a:SpecifiedTradeSettlementPaymentMeans>
      <a:SpecifiedTradeSettlementPaymentMeans><a:TypeCode>58</a:TypeCode>
        <a:PayeePartyCreditorFinancialAccount><a:IBANID>de02 1203 0000 0000 2020 51</a:IBANID></a:PayeePartyCreditorFinancialAccount>
        <a:PayeeSpecifiedCreditorFinancialInstitution><a:BICID>BYLADEM1001</a:BICID></a:PayeeSpecifiedCreditorFinancialInstitution></a:SpecifiedTradeSettlementPaymentMeans>
      <a:ApplicableTradeTax><a:CalculatedAmount>21.00</a:CalculatedAmount><a:TypeCode>VAT</a:TypeCode><a:BasisAmount>300.00</a:BasisAmount><a:CategoryCode>S</a:CategoryCode><a:RateApplicablePercent>7.00</a:RateApplicablePercent></a:ApplicableTradeTax>
      <a:BillingSpecifiedPeriod><a:StartDateTime><u:DateTimeString format="102">20241301</u:DateTimeString></a:StartDateTime></a:BillingSpecifiedPeriod>
      <a:SpecifiedTradePaymentTerms><a:Description>30 days net</a:Description>
        <a:DueDateDateTime><u:DateTimeString format="102">20240330</u:DateTimeString></a:DueDateDateTime></a:SpecifiedTradePaymentTerms>
      <a:SpecifiedTradePaymentTerms>
        <a:DueDateDateTime><u:DateTimeString format="102">20240410</u:DateTimeString></a:DueDateDateTime>
        <a:ApplicableTradePaymentDiscountTerms><a:BasisPeriodMeasure unitCode="DAY">14</a:BasisPeriodMeasure><a:CalculationPercent>2.00</a:CalculationPercent></a:ApplicableTradePaymentDiscountTerms>
      </a:SpecifiedTradePaymentTerms>
      <a:SpecifiedTradeSettlementHeaderMonetarySummation>
        <a:LineTotalAmount>300.00</a:LineTotalAmount><a:TaxBasisTotalAmount>300.00</a:TaxBasisTotalAmount>
        <a:TaxTotalAmount currencyID="CHF">20.10</a:TaxTotalAmount><a:TaxTotalAmount currencyID="EUR">21.00</a:TaxTotalAmount>
        <a:GrandTotalAmount>321.00</a:GrandTotalAmount><a:DuePayableAmount>321.00</a:DuePayableAmount>
      </a:SpecifiedTradeSettlementHeaderMonetarySummation>
    </a:ApplicableHeaderTradeSettlement>
  </r:SupplyChainTradeTransaction>
</r:CrossIndustryInvoice>`;

export const ZUGFERD_1 = `<?xml version="1.0" encoding="ISO-8859-1"?>
<rsm:CrossIndustryDocument xmlns:rsm="urn:ferd:CrossIndustryDocument:invoice:1p0"
  xmlns:ram="urn:un:unece:uncefact:data:standard:ReusableAggregateBusinessInformationEntity:12"
  xmlns:udt="urn:un:unece:uncefact:data:standard:UnqualifiedDataType:15">
  <rsm:SpecifiedExchangedDocumentContext><ram:GuidelineSpecifiedDocumentContextParameter><ram:ID>urn:ferd:CrossIndustryDocument:invoice:1p0:comfort</ram:ID></ram:GuidelineSpecifiedDocumentContextParameter></rsm:SpecifiedExchangedDocumentContext>
  <rsm:HeaderExchangedDocument><ram:ID>Z-1</ram:ID><ram:TypeCode>380</ram:TypeCode>
    <ram:IssueDateTime><udt:DateTimeString format="102">20150401</udt:DateTimeString></ram:IssueDateTime></rsm:HeaderExchangedDocument>
  <rsm:SpecifiedSupplyChainTradeTransaction>
    <ram:ApplicableSupplyChainTradeAgreement>
      <ram:SellerTradeParty><ram:Name>M\u00fcller</ram:Name></ram:SellerTradeParty>
      <ram:BuyerTradeParty><ram:Name>Kontor</ram:Name></ram:BuyerTradeParty>
      <ram:BuyerOrderReferencedDocument><ram:ID>PO-5</ram:ID></ram:BuyerOrderReferencedDocument>
    </ram:ApplicableSupplyChainTradeAgreement>
    <ram:ApplicableSupplyChainTradeSettlement><ram:InvoiceCurrencyCode>EUR</ram:InvoiceCurrencyCode>
      <ram:ApplicableTradeTax><ram:CalculatedAmount currencyID="EUR">.95</ram:CalculatedAmount><ram:BasisAmount currencyID="EUR">5.</ram:BasisAmount><ram:CategoryCode>S</ram:CategoryCode><ram:ApplicablePercent>19</ram:ApplicablePercent></ram:ApplicableTradeTax>
      <ram:SpecifiedTradeSettlementMonetarySummation><ram:LineTotalAmount>5.00</ram:LineTotalAmount><ram:TaxBasisTotalAmount>+5.00</ram:TaxBasisTotalAmount><ram:TaxTotalAmount>0.95</ram:TaxTotalAmount><ram:GrandTotalAmount>5.95</ram:GrandTotalAmount></ram:SpecifiedTradeSettlementMonetarySummation>
    </ram:ApplicableSupplyChainTradeSettlement>
    <ram:IncludedSupplyChainTradeLineItem><ram:AssociatedDocumentLineDocument><ram:IncludedNote><ram:Content>Thank you for your order</ram:Content></ram:IncludedNote></ram:AssociatedDocumentLineDocument></ram:IncludedSupplyChainTradeLineItem>
    <ram:IncludedSupplyChainTradeLineItem>
      <ram:SpecifiedSupplyChainTradeAgreement><ram:NetPriceProductTradePrice><ram:ChargeAmount>12.50</ram:ChargeAmount><ram:BasisQuantity unitCode="C62">100</ram:BasisQuantity></ram:NetPriceProductTradePrice></ram:SpecifiedSupplyChainTradeAgreement>
      <ram:SpecifiedSupplyChainTradeDelivery><ram:BilledQuantity unitCode="C62">40</ram:BilledQuantity></ram:SpecifiedSupplyChainTradeDelivery>
      <ram:SpecifiedSupplyChainTradeSettlement><ram:ApplicableTradeTax><ram:ApplicablePercent>19</ram:ApplicablePercent></ram:ApplicableTradeTax><ram:SpecifiedTradeSettlementMonetarySummation><ram:LineTotalAmount>5.00</ram:LineTotalAmount></ram:SpecifiedTradeSettlementMonetarySummation></ram:SpecifiedSupplyChainTradeSettlement>
      <ram:SpecifiedTradeProduct><ram:Name>Screws</ram:Name></ram:SpecifiedTradeProduct>
    </ram:IncludedSupplyChainTradeLineItem>
  </rsm:SpecifiedSupplyChainTradeTransaction>
</rsm:CrossIndustryDocument>`;

/** A credit note in a Standard Business Document, with sub lines, discount terms and two accounts. */
export const UBL_CREDIT_NOTE = `<StandardBusinessDocument xmlns="http://www.unece.org/cefact/namespaces/StandardBusinessDocumentHeader">
  <StandardBusinessDocumentHeader><HeaderVersion>1.0</HeaderVersion></StandardBusinessDocumentHeader>
  <CreditNote xmlns="urn:oasis:names:specification:ubl:schema:xsd:CreditNote-2"
    xmlns:c="urn:oasis:names:specification:ubl:schema:xsd:CommonAggregateComponents-2"
    xmlns:b="urn:oasis:names:specification:ubl:schema:xsd:CommonBasicComponents-2">
    <b:CustomizationID>urn:cen.eu:en16931:2017#compliant#urn:xeinkauf.de:kosit:xrechnung_3.0</b:CustomizationID>
    <b:ID>CN-1</b:ID><b:IssueDate>2024-05-06+02:00</b:IssueDate><b:CreditNoteTypeCode>381</b:CreditNoteTypeCode>
    <b:DocumentCurrencyCode>eur</b:DocumentCurrencyCode>
    <c:BillingReference><c:InvoiceDocumentReference><b:ID>INV-7</b:ID></c:InvoiceDocumentReference></c:BillingReference>
    <c:AccountingSupplierParty><c:Party>
      <b:EndpointID schemeID="EM">post@seller.example</b:EndpointID>
      <c:PartyName><b:Name>Seller Trading</b:Name></c:PartyName>
      <c:PartyTaxScheme><b:CompanyID>123/456</b:CompanyID><c:TaxScheme><b:ID>FC</b:ID></c:TaxScheme></c:PartyTaxScheme>
    </c:Party></c:AccountingSupplierParty>
    <c:AccountingCustomerParty><c:Party><c:PartyLegalEntity><b:RegistrationName>Buyer Ltd</b:RegistrationName></c:PartyLegalEntity></c:Party></c:AccountingCustomerParty>
    <c:PaymentMeans><b:PaymentMeansCode>58</b:PaymentMeansCode><b:PaymentDueDate>2024-06-06</b:PaymentDueDate>
      <c:PayeeFinancialAccount><b:ID>DE02120300000000202051</b:ID></c:PayeeFinancialAccount></c:PaymentMeans>
    <c:PaymentMeans><b:PaymentMeansCode>58</b:PaymentMeansCode>
      <c:PayeeFinancialAccount><b:ID>DE89370400440532013000</b:ID></c:PayeeFinancialAccount></c:PaymentMeans>
    <c:PaymentTerms><b:Note>#SKONTO#TAGE=14#PROZENT=2.25#
#SKONTO#TAGE=28#PROZENT=1.00#BASISBETRAG=50.00#
Thereafter net</b:Note></c:PaymentTerms>
    <c:TaxTotal><b:TaxAmount currencyID="EUR">-19.00</b:TaxAmount>
      <c:TaxSubtotal><b:TaxableAmount currencyID="EUR">-100.00</b:TaxableAmount><b:TaxAmount currencyID="EUR">-19.00</b:TaxAmount>
        <c:TaxCategory><b:ID>S</b:ID><b:Percent>19</b:Percent></c:TaxCategory></c:TaxSubtotal></c:TaxTotal>
    <c:LegalMonetaryTotal><b:LineExtensionAmount currencyID="EUR">-100.00</b:LineExtensionAmount>
      <b:TaxExclusiveAmount currencyID="EUR">-100.00</b:TaxExclusiveAmount><b:TaxInclusiveAmount currencyID="EUR">-119.00</b:TaxInclusiveAmount>
      <b:PayableAmount currencyID="EUR">1e2</b:PayableAmount></c:LegalMonetaryTotal>
    <c:CreditNoteLine><b:ID>1</b:ID><b:CreditedQuantity unitCode="H87">-1</b:CreditedQuantity><b:LineExtensionAmount currencyID="EUR">-100.00</b:LineExtensionAmount>
      <c:Item><b:Name>Set</b:Name></c:Item>
      <c:SubCreditNoteLine><b:ID>1.1</b:ID><b:LineExtensionAmount currencyID="EUR">-60.00</b:LineExtensionAmount><c:Item><b:Name>Part A</b:Name></c:Item></c:SubCreditNoteLine>
      <c:SubCreditNoteLine><b:ID>1.2</b:ID><b:LineExtensionAmount currencyID="EUR">-40.00</b:LineExtensionAmount><c:Item><b:Name>Part B</b:Name></c:Item></c:SubCreditNoteLine>
    </c:CreditNoteLine>
  </CreditNote>
</StandardBusinessDocument>`;
