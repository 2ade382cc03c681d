/**
 * UN/CEFACT Cross Industry Invoice D16B (Factur-X, ZUGFeRD 2, XRechnung): path -> business term (EN 16931-3-3:2020), below the root element. Read by
 * terms.ts; `=name` marks an element without a term in EN 16931 that is mapped all the same.
 * ZUGFeRD 1.0 has the same structure under older names: `ZF1_NAMES` says which.
 */
const address = (indent: string, group: string, terms: readonly string[]): string => {
  const [line1, line2, line3, city, code, subdivision, country] = terms;
  return [
    `PostalTradeAddress ${group}`,
    `  LineOne ${line1}`,
    `  LineTwo ${line2}`,
    `  LineThree ${line3}`,
    `  CityName ${city}`,
    `  PostcodeCode ${code}`,
    `  CountrySubDivisionName ${subdivision}`,
    `  CountryID ${country}`,
  ]
    .map((row) => indent + row)
    .join('\n');
};

const contact = (indent: string, group: string, [person, phone, mail]: readonly string[]): string =>
  [
    `DefinedTradeContact ${group}`,
    `  PersonName ${person}`,
    `  DepartmentName ${person}`,
    `  TelephoneUniversalCommunication/CompleteNumber ${phone}`,
    `  EmailURIUniversalCommunication/URIID ${mail}`,
    `  EmailURIUniversalCommunication/CompleteNumber ${mail}`,
  ]
    .map((row) => indent + row)
    .join('\n');

/** A date element holds DateTimeString (with a format code) or, in older files, DateTime. */
const date = (indent: string, path: string, term: string): string =>
  `${indent}${path}/DateTimeString ${term}\n${indent}${path}/DateTime ${term}`;

const LINE = `
    AssociatedDocumentLineDocument
      LineID BT-126
      ParentLineID =parentLine
      LineStatusCode =lineStatus
      LineStatusReasonCode =lineStatusReason
      IncludedNote/Content BT-127
    SpecifiedTradeProduct BG-31
      GlobalID BT-157
      SellerAssignedID BT-155
      BuyerAssignedID BT-156
      Name BT-153
      Description BT-154
      ApplicableProductCharacteristic BG-32
        Description BT-160
        Value BT-161
      DesignatedProductClassification/ClassCode BT-158
      OriginTradeCountry/ID BT-159
    SpecifiedLineTradeAgreement
      BuyerOrderReferencedDocument/LineID BT-132
      GrossPriceProductTradePrice
        ChargeAmount BT-148
        AppliedTradeAllowanceCharge/ActualAmount BT-147
      NetPriceProductTradePrice BG-29
        ChargeAmount BT-146
        BasisQuantity BT-149
    SpecifiedLineTradeDelivery/BilledQuantity BT-129
    SpecifiedLineTradeSettlement
      ApplicableTradeTax BG-30
        CategoryCode BT-151
        RateApplicablePercent BT-152
      BillingSpecifiedPeriod BG-26
${date('        ', 'StartDateTime', 'BT-134')}
${date('        ', 'EndDateTime', 'BT-135')}
      SpecifiedTradeAllowanceCharge[ChargeIndicator/Indicator=true] BG-28
        ActualAmount BT-141
        BasisAmount BT-142
        CalculationPercent BT-143
        Reason BT-144
        ReasonCode BT-145
      SpecifiedTradeAllowanceCharge BG-27
        ActualAmount BT-136
        BasisAmount BT-137
        CalculationPercent BT-138
        Reason BT-139
        ReasonCode BT-140
      SpecifiedTradeSettlementLineMonetarySummation/LineTotalAmount BT-131
      AdditionalReferencedDocument[TypeCode=130]/IssuerAssignedID BT-128
      ReceivableSpecifiedTradeAccountingAccount/ID BT-133`;

export const CII_TERMS = `
ExchangedDocumentContext BG-2
  BusinessProcessSpecifiedDocumentContextParameter/ID BT-23
  GuidelineSpecifiedDocumentContextParameter/ID BT-24
ExchangedDocument
  ID BT-1
  TypeCode BT-3
${date('  ', 'IssueDateTime', 'BT-2')}
  LanguageID =language
  IncludedNote BG-1
    Content BT-22
    SubjectCode BT-21
SupplyChainTradeTransaction
  IncludedSupplyChainTradeLineItem BG-25${LINE}
  ApplicableHeaderTradeAgreement
    BuyerReference BT-10
    SellerTradeParty BG-4
      ID BT-29
      GlobalID BT-29
      Name BT-27
      Description BT-33
      SpecifiedLegalOrganization/ID BT-30
      SpecifiedLegalOrganization/TradingBusinessName BT-28
${contact('      ', 'BG-6', ['BT-41', 'BT-42', 'BT-43'])}
${address('      ', 'BG-5', ['BT-35', 'BT-36', 'BT-162', 'BT-37', 'BT-38', 'BT-39', 'BT-40'])}
      URIUniversalCommunication/URIID BT-34
      SpecifiedTaxRegistration/ID[@schemeID=VA] BT-31
      SpecifiedTaxRegistration/ID BT-32
    BuyerTradeParty BG-7
      ID BT-46
      GlobalID BT-46
      Name BT-44
      SpecifiedLegalOrganization/ID BT-47
      SpecifiedLegalOrganization/TradingBusinessName BT-45
${contact('      ', 'BG-9', ['BT-56', 'BT-57', 'BT-58'])}
${address('      ', 'BG-8', ['BT-50', 'BT-51', 'BT-163', 'BT-52', 'BT-53', 'BT-54', 'BT-55'])}
      URIUniversalCommunication/URIID BT-49
      SpecifiedTaxRegistration/ID[@schemeID=FC] =buyerTaxNumber
      SpecifiedTaxRegistration/ID BT-48
    SellerTaxRepresentativeTradeParty BG-11
      Name BT-62
${address('      ', 'BG-12', ['BT-64', 'BT-65', 'BT-164', 'BT-66', 'BT-67', 'BT-68', 'BT-69'])}
      SpecifiedTaxRegistration/ID BT-63
    SellerOrderReferencedDocument/IssuerAssignedID BT-14
    BuyerOrderReferencedDocument/IssuerAssignedID BT-13
    ContractReferencedDocument/IssuerAssignedID BT-12
    AdditionalReferencedDocument[TypeCode=50]/IssuerAssignedID BT-17
    AdditionalReferencedDocument[TypeCode=130]/IssuerAssignedID BT-18
    AdditionalReferencedDocument BG-24
      IssuerAssignedID BT-122
      Name BT-123
      URIID BT-124
      AttachmentBinaryObject BT-125
    SpecifiedProcuringProject/ID BT-11
  ApplicableHeaderTradeDelivery BG-13
    ShipToTradeParty
      ID BT-71
      GlobalID BT-71
      Name BT-70
${address('      ', 'BG-15', ['BT-75', 'BT-76', 'BT-165', 'BT-77', 'BT-78', 'BT-79', 'BT-80'])}
${date('    ', 'ActualDeliverySupplyChainEvent/OccurrenceDateTime', 'BT-72')}
    DespatchAdviceReferencedDocument/IssuerAssignedID BT-16
    ReceivingAdviceReferencedDocument/IssuerAssignedID BT-15
  ApplicableHeaderTradeSettlement
    CreditorReferenceID BT-90
    PaymentReference BT-83
    TaxCurrencyCode BT-6
    InvoiceCurrencyCode BT-5
    TaxApplicableTradeCurrencyExchange/ConversionRate =exchangeRate
    PayeeTradeParty BG-10
      ID BT-60
      GlobalID BT-60
      Name BT-59
      SpecifiedLegalOrganization/ID BT-61
    SpecifiedTradeSettlementPaymentMeans BG-16
      TypeCode BT-81
      Information BT-82
      ApplicableTradeSettlementFinancialCard BG-18
        ID BT-87
        CardholderName BT-88
      PayerPartyDebtorFinancialAccount/IBANID BT-91
      PayeePartyCreditorFinancialAccount BG-17
        IBANID BT-84
        ProprietaryID BT-84
        AccountName BT-85
      PayeeSpecifiedCreditorFinancialInstitution/BICID BT-86
    ApplicableTradeTax BG-23
      CalculatedAmount BT-117
      ExemptionReason BT-120
      BasisAmount BT-116
      CategoryCode BT-118
      ExemptionReasonCode BT-121
      TaxPointDate/DateString BT-7
      DueDateTypeCode BT-8
      RateApplicablePercent BT-119
    BillingSpecifiedPeriod BG-14
${date('      ', 'StartDateTime', 'BT-73')}
${date('      ', 'EndDateTime', 'BT-74')}
    SpecifiedTradeAllowanceCharge[ChargeIndicator/Indicator=true] BG-21
      ActualAmount BT-99
      BasisAmount BT-100
      CalculationPercent BT-101
      CategoryTradeTax/CategoryCode BT-102
      CategoryTradeTax/RateApplicablePercent BT-103
      Reason BT-104
      ReasonCode BT-105
    SpecifiedTradeAllowanceCharge BG-20
      ActualAmount BT-92
      BasisAmount BT-93
      CalculationPercent BT-94
      CategoryTradeTax/CategoryCode BT-95
      CategoryTradeTax/RateApplicablePercent BT-96
      Reason BT-97
      ReasonCode BT-98
    SpecifiedTradePaymentTerms =paymentTerms
      Description BT-20
${date('      ', 'DueDateDateTime', 'BT-9')}
      DirectDebitMandateID BT-89
      ApplicableTradePaymentDiscountTerms =discountTerms
        BasisPeriodMeasure =discountPeriod
        BasisAmount =discountBase
        CalculationPercent =discountPercent
    SpecifiedTradeSettlementHeaderMonetarySummation BG-22
      LineTotalAmount BT-106
      ChargeTotalAmount BT-108
      AllowanceTotalAmount BT-107
      TaxBasisTotalAmount BT-109
      TaxTotalAmount BT-110
      RoundingAmount BT-114
      GrandTotalAmount BT-112
      TotalPrepaidAmount BT-113
      DuePayableAmount BT-115
    InvoiceReferencedDocument BG-3
      IssuerAssignedID BT-25
${date('      ', 'FormattedIssueDateTime', 'BT-26')}
    ReceivableSpecifiedTradeAccountingAccount/ID BT-19
`;

/** Name in the table -> name in ZUGFeRD 1.0, where it has another. */
export const ZF1_NAMES: Readonly<Record<string, string>> = {
  ExchangedDocumentContext: 'SpecifiedExchangedDocumentContext',
  ExchangedDocument: 'HeaderExchangedDocument',
  SupplyChainTradeTransaction: 'SpecifiedSupplyChainTradeTransaction',
  ApplicableHeaderTradeAgreement: 'ApplicableSupplyChainTradeAgreement',
  ApplicableHeaderTradeDelivery: 'ApplicableSupplyChainTradeDelivery',
  ApplicableHeaderTradeSettlement: 'ApplicableSupplyChainTradeSettlement',
  SpecifiedLineTradeAgreement: 'SpecifiedSupplyChainTradeAgreement',
  SpecifiedLineTradeDelivery: 'SpecifiedSupplyChainTradeDelivery',
  SpecifiedLineTradeSettlement: 'SpecifiedSupplyChainTradeSettlement',
  SpecifiedTradeSettlementHeaderMonetarySummation: 'SpecifiedTradeSettlementMonetarySummation',
  SpecifiedTradeSettlementLineMonetarySummation: 'SpecifiedTradeSettlementMonetarySummation',
  RateApplicablePercent: 'ApplicablePercent',
  IssuerAssignedID: 'ID',
  FormattedIssueDateTime: 'IssueDateTime',
};
