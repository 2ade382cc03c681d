/** What a printed label can announce. One label may announce several kinds; its place on the page decides ("Total" heads a column or names a sum). */
export const LABEL_KINDS = [
  // references
  'invoiceNumber',
  'number',
  'poNumber',
  'buyerReference',
  'contractRef',
  'precedingInvoice',
  'paymentReference',
  'otherNumber',
  // dates
  'issueDate',
  'date',
  'dueDate',
  'deliveryDate',
  'otherDate',
  'period',
  // parties and bank
  'vendor',
  'buyer',
  'deliverTo',
  'partyName',
  'partyDetail',
  'vatId',
  'buyerVatId',
  'taxNumber',
  'iban',
  'bic',
  'account',
  'accountHolder',
  'contact',
  // amounts
  'netTotal',
  'taxTotal',
  'grossTotal',
  'total',
  'amountDue',
  'subtotal',
  'lineTotalSum',
  'prepaid',
  'discount',
  'charge',
  'rounding',
  'withheldTax',
  'taxBase',
  'tendered',
  'change',
  'otherAmount',
  'carryOver',
  'currency',
  'paymentTerms',
  // column heads of the lines table
  'colPosition',
  'colArticle',
  'colDescription',
  'colQuantity',
  'colUnit',
  'colUnitPrice',
  'colDiscount',
  'colTaxRate',
  'colTaxAmount',
  'colLineTotal',
  'colOther',
  // titles of documents
  'titleInvoice',
  'titleCreditNote',
  'titleCorrection',
  'titleReceipt',
  'titleReminder',
  'titleStatement',
  'titleOrderConfirmation',
  'titleDeliveryNote',
  'titleProForma',
] as const;
export type LabelKind = (typeof LABEL_KINDS)[number];

export const LANGUAGES = ['en', 'de', 'fr', 'es', 'it', 'nl', 'pt'] as const;
export type Language = (typeof LANGUAGES)[number];

/** One language's words. In a label `{no}` stands for each of `number` ("Rechnungs{no}" -> "Rechnungsnr", "Rechnungsnummer" ...). */
export interface LabelTable {
  readonly language: Language;
  readonly number: readonly string[];
  /** Frequent small words that tell the language. */
  readonly stopwords: readonly string[];
  /** Twelve lists: names and short forms of the months, folded (no accents, lower case). */
  readonly months: readonly (readonly string[])[];
  readonly labels: Partial<Record<LabelKind, readonly string[]>>;
}
