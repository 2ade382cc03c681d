/**
 * UBL 2.1 Invoice and CreditNote: path -> business term (EN 16931-3-2:2020, table of the syntax binding), below the root element. Read by terms.ts;
 * `=name` marks an element that has no term in EN 16931 and is mapped all the same. First match wins, so a condition stands before its exception.
 */
const address = (indent: string, group: string, terms: readonly string[]): string => {
  const [street, additional, line, city, zone, subdivision, country] = terms;
  return [
    group,
    `  StreetName ${street}`,
    `  AdditionalStreetName ${additional}`,
    `  AddressLine/Line ${line}`,
    `  CityName ${city}`,
    `  PostalZone ${zone}`,
    `  CountrySubentity ${subdivision}`,
    `  Country/IdentificationCode ${country}`,
  ]
    .map((row) => indent + row)
    .join('\n');
};

const LINE = `
  ID BT-126
  Note BT-127
  InvoicedQuantity BT-129
  CreditedQuantity BT-129
  LineExtensionAmount BT-131
  AccountingCost BT-133
  InvoicePeriod BG-26
    StartDate BT-134
    EndDate BT-135
  OrderLineReference/LineID BT-132
  DocumentReference[DocumentTypeCode=130]/ID BT-128
  AllowanceCharge[ChargeIndicator=true] BG-28
    Amount BT-141
    BaseAmount BT-142
    MultiplierFactorNumeric BT-143
    AllowanceChargeReason BT-144
    AllowanceChargeReasonCode BT-145
  AllowanceCharge BG-27
    Amount BT-136
    BaseAmount BT-137
    MultiplierFactorNumeric BT-138
    AllowanceChargeReason BT-139
    AllowanceChargeReasonCode BT-140
  Item BG-31
    Name BT-153
    Description BT-154
    SellersItemIdentification/ID BT-155
    BuyersItemIdentification/ID BT-156
    StandardItemIdentification/ID BT-157
    CommodityClassification/ItemClassificationCode BT-158
    OriginCountry/IdentificationCode BT-159
    AdditionalItemProperty BG-32
      Name BT-160
      Value BT-161
    ClassifiedTaxCategory BG-30
      ID BT-151
      Percent BT-152
  Price BG-29
    PriceAmount BT-146
    BaseQuantity BT-149
    AllowanceCharge/Amount BT-147
    AllowanceCharge/BaseAmount BT-148
  SubInvoiceLine BG-25 @line
  SubCreditNoteLine BG-25 @line`;

export const UBL_TERMS = `
UBLVersionID =syntaxVersion
CustomizationID BT-24
ProfileID BT-23
ID BT-1
IssueDate BT-2
DueDate BT-9
InvoiceTypeCode BT-3
CreditNoteTypeCode BT-3
Note BT-22
TaxPointDate BT-7
DocumentCurrencyCode BT-5
TaxCurrencyCode BT-6
AccountingCost BT-19
BuyerReference BT-10
InvoicePeriod BG-14
  StartDate BT-73
  EndDate BT-74
  DescriptionCode BT-8
OrderReference
  ID BT-13
  SalesOrderID BT-14
BillingReference/InvoiceDocumentReference BG-3
  ID BT-25
  IssueDate BT-26
BillingReference/CreditNoteDocumentReference BG-3
  ID BT-25
  IssueDate BT-26
DespatchDocumentReference/ID BT-16
ReceiptDocumentReference/ID BT-15
OriginatorDocumentReference/ID BT-17
ContractDocumentReference/ID BT-12
AdditionalDocumentReference[DocumentTypeCode=130]/ID BT-18
AdditionalDocumentReference[DocumentTypeCode=50]/ID BT-11
AdditionalDocumentReference BG-24
  ID BT-122
  DocumentDescription BT-123
  Attachment/ExternalReference/URI BT-124
  Attachment/EmbeddedDocumentBinaryObject BT-125
ProjectReference/ID BT-11
AccountingSupplierParty/Party BG-4
  EndpointID BT-34
  PartyIdentification/ID[@schemeID=SEPA] BT-90
  PartyIdentification/ID BT-29
  PartyName/Name BT-28
${address('  ', 'PostalAddress BG-5', ['BT-35', 'BT-36', 'BT-162', 'BT-37', 'BT-38', 'BT-39', 'BT-40'])}
  PartyTaxScheme[TaxScheme/ID=VAT]/CompanyID BT-31
  PartyTaxScheme/CompanyID BT-32
  PartyLegalEntity
    RegistrationName BT-27
    CompanyID BT-30
    CompanyLegalForm BT-33
  Contact BG-6
    Name BT-41
    Telephone BT-42
    ElectronicMail BT-43
AccountingCustomerParty/Party BG-7
  EndpointID BT-49
  PartyIdentification/ID BT-46
  PartyName/Name BT-45
${address('  ', 'PostalAddress BG-8', ['BT-50', 'BT-51', 'BT-163', 'BT-52', 'BT-53', 'BT-54', 'BT-55'])}
  PartyTaxScheme[TaxScheme/ID=VAT]/CompanyID BT-48
  PartyTaxScheme/CompanyID =buyerTaxNumber
  PartyLegalEntity
    RegistrationName BT-44
    CompanyID BT-47
  Contact BG-9
    Name BT-56
    Telephone BT-57
    ElectronicMail BT-58
PayeeParty BG-10
  PartyIdentification/ID[@schemeID=SEPA] BT-90
  PartyIdentification/ID BT-60
  PartyName/Name BT-59
  PartyLegalEntity/CompanyID BT-61
TaxRepresentativeParty BG-11
  PartyName/Name BT-62
${address('  ', 'PostalAddress BG-12', ['BT-64', 'BT-65', 'BT-164', 'BT-66', 'BT-67', 'BT-68', 'BT-69'])}
  PartyTaxScheme/CompanyID BT-63
Delivery BG-13
  ActualDeliveryDate BT-72
  DeliveryParty/PartyName/Name BT-70
  DeliveryLocation/ID BT-71
${address('  ', 'DeliveryLocation/Address BG-15', ['BT-75', 'BT-76', 'BT-165', 'BT-77', 'BT-78', 'BT-79', 'BT-80'])}
PaymentMeans BG-16
  PaymentMeansCode BT-81
  PaymentDueDate BT-9
  PaymentID BT-83
  CardAccount BG-18
    PrimaryAccountNumberID BT-87
    HolderName BT-88
  PayeeFinancialAccount BG-17
    ID BT-84
    Name BT-85
    FinancialInstitutionBranch/ID BT-86
    FinancialInstitutionBranch/FinancialInstitution/ID BT-86
  PaymentMandate BG-19
    ID BT-89
    PayerFinancialAccount/ID BT-91
PaymentTerms
  Note BT-20
  PaymentDueDate BT-9
AllowanceCharge[ChargeIndicator=true] BG-21
  Amount BT-99
  BaseAmount BT-100
  MultiplierFactorNumeric BT-101
  TaxCategory/ID BT-102
  TaxCategory/Percent BT-103
  AllowanceChargeReason BT-104
  AllowanceChargeReasonCode BT-105
AllowanceCharge BG-20
  Amount BT-92
  BaseAmount BT-93
  MultiplierFactorNumeric BT-94
  TaxCategory/ID BT-95
  TaxCategory/Percent BT-96
  AllowanceChargeReason BT-97
  AllowanceChargeReasonCode BT-98
TaxExchangeRate/CalculationRate =exchangeRate
TaxTotal
  TaxAmount BT-110
  TaxSubtotal BG-23
    TaxableAmount BT-116
    TaxAmount BT-117
    TaxCategory/ID BT-118
    TaxCategory/Percent BT-119
    TaxCategory/TaxExemptionReason BT-120
    TaxCategory/TaxExemptionReasonCode BT-121
WithholdingTaxTotal/TaxAmount =withheldTax
LegalMonetaryTotal BG-22
  LineExtensionAmount BT-106
  AllowanceTotalAmount BT-107
  ChargeTotalAmount BT-108
  TaxExclusiveAmount BT-109
  TaxInclusiveAmount BT-112
  PrepaidAmount BT-113
  PayableRoundingAmount BT-114
  PayableAmount BT-115
InvoiceLine BG-25 #line${LINE}
CreditNoteLine BG-25 @line
`;
