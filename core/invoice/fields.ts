/**
 * The fields of an invoice, once: their canonical form, EN 16931 business term and how a person sees them.
 *
 * Canonical forms (every value is a string): `amount` and `decimal` exact decimals `-?\d+(\.\d+)?` without leading or trailing zeros; `date` ISO 8601
 * calendar date; `currency` ISO 4217; `iban` upper case without spaces; `taxId` and `id` trimmed NFC text; `text` NFC text, lines joined by `\n`;
 * `percent` a decimal; `code` one of a short list.
 */
export type FieldType =
  | 'text'
  | 'multiline'
  | 'id'
  | 'taxId'
  | 'iban'
  | 'date'
  | 'amount'
  | 'decimal'
  | 'percent'
  | 'currency'
  | 'code';

export interface FieldInfo {
  readonly type: FieldType;
  /** Business term of EN 16931, where there is one. */
  readonly bt?: string;
  /** Group on the review form. */
  readonly group: 'document' | 'vendor' | 'buyer' | 'references' | 'amounts' | 'payment' | 'other';
  /** Shown on the form even when empty. */
  readonly core?: true;
}

export const HEADER_FIELDS = {
  documentType: { type: 'code', group: 'document', core: true },
  typeCode: { type: 'code', bt: 'BT-3', group: 'document' },
  invoiceNumber: { type: 'id', bt: 'BT-1', group: 'document', core: true },
  issueDate: { type: 'date', bt: 'BT-2', group: 'document', core: true },
  deliveryDate: { type: 'date', bt: 'BT-72', group: 'document' },
  dueDate: { type: 'date', bt: 'BT-9', group: 'document', core: true },
  currency: { type: 'currency', bt: 'BT-5', group: 'document', core: true },
  vendorName: { type: 'text', bt: 'BT-27', group: 'vendor', core: true },
  vendorAddress: { type: 'multiline', bt: 'BG-5', group: 'vendor' },
  vendorTaxId: { type: 'taxId', bt: 'BT-31', group: 'vendor', core: true },
  vendorEmail: { type: 'text', bt: 'BT-43', group: 'vendor' },
  buyerName: { type: 'text', bt: 'BT-44', group: 'buyer', core: true },
  buyerTaxId: { type: 'taxId', bt: 'BT-48', group: 'buyer' },
  buyerAddress: { type: 'multiline', bt: 'BG-8', group: 'buyer' },
  deliveryAddress: { type: 'multiline', bt: 'BG-15', group: 'buyer' },
  poNumber: { type: 'id', bt: 'BT-13', group: 'references', core: true },
  buyerReference: { type: 'id', bt: 'BT-10', group: 'references' },
  contractRef: { type: 'id', bt: 'BT-12', group: 'references' },
  precedingInvoice: { type: 'id', bt: 'BT-25', group: 'references' },
  lineTotalSum: { type: 'amount', bt: 'BT-106', group: 'amounts' },
  allowanceTotal: { type: 'amount', bt: 'BT-107', group: 'amounts' },
  chargeTotal: { type: 'amount', bt: 'BT-108', group: 'amounts' },
  netTotal: { type: 'amount', bt: 'BT-109', group: 'amounts', core: true },
  taxTotal: { type: 'amount', bt: 'BT-110', group: 'amounts', core: true },
  grossTotal: { type: 'amount', bt: 'BT-112', group: 'amounts', core: true },
  prepaid: { type: 'amount', bt: 'BT-113', group: 'amounts' },
  rounding: { type: 'amount', bt: 'BT-114', group: 'amounts' },
  amountDue: { type: 'amount', bt: 'BT-115', group: 'amounts', core: true },
  withheldTax: { type: 'amount', group: 'amounts' },
  vendorIban: { type: 'iban', bt: 'BT-84', group: 'payment', core: true },
  vendorBic: { type: 'id', bt: 'BT-86', group: 'payment' },
  vendorAccount: { type: 'id', bt: 'BT-84', group: 'payment' },
  payeeName: { type: 'text', bt: 'BT-59', group: 'payment' },
  paymentReference: { type: 'id', bt: 'BT-83', group: 'payment' },
  paymentTerms: { type: 'multiline', bt: 'BT-20', group: 'payment' },
  discountTerms: { type: 'multiline', bt: 'BT-20', group: 'payment' },
  servicePeriodStart: { type: 'date', bt: 'BT-73', group: 'other' },
  servicePeriodEnd: { type: 'date', bt: 'BT-74', group: 'other' },
  accountingCurrency: { type: 'currency', bt: 'BT-6', group: 'other' },
  accountingTaxTotal: { type: 'amount', bt: 'BT-111', group: 'other' },
  exchangeRate: { type: 'decimal', group: 'other' },
  exemptionReason: { type: 'text', bt: 'BT-120', group: 'other' },
} as const satisfies Record<string, FieldInfo>;

export const LINE_FIELDS = {
  position: { type: 'id', bt: 'BT-126', group: 'other' },
  articleNumber: { type: 'id', bt: 'BT-155', group: 'other' },
  description: { type: 'multiline', bt: 'BT-153', group: 'other', core: true },
  quantity: { type: 'decimal', bt: 'BT-129', group: 'other', core: true },
  unit: { type: 'text', bt: 'BT-130', group: 'other', core: true },
  unitPrice: { type: 'decimal', bt: 'BT-146', group: 'other', core: true },
  /** What the unit price is for, where it is not one piece: 100, 1000. */
  priceBase: { type: 'decimal', bt: 'BT-149', group: 'other' },
  discount: { type: 'amount', bt: 'BT-136', group: 'other' },
  taxRate: { type: 'percent', bt: 'BT-152', group: 'other', core: true },
  lineTotal: { type: 'amount', bt: 'BT-131', group: 'other', core: true },
  poLine: { type: 'id', bt: 'BT-132', group: 'other' },
  account: { type: 'id', group: 'other' },
  costCentre: { type: 'id', bt: 'BT-133', group: 'other' },
} as const satisfies Record<string, FieldInfo>;

/** One row of the VAT breakdown (BG-23). */
export const TAX_ROW_FIELDS = {
  rate: { type: 'percent', bt: 'BT-119', group: 'amounts' },
  category: { type: 'code', bt: 'BT-118', group: 'amounts' },
  base: { type: 'amount', bt: 'BT-116', group: 'amounts' },
  amount: { type: 'amount', bt: 'BT-117', group: 'amounts' },
} as const satisfies Record<string, FieldInfo>;

export type HeaderField = keyof typeof HEADER_FIELDS;
export type LineField = keyof typeof LINE_FIELDS;
export type TaxRowField = keyof typeof TAX_ROW_FIELDS;

export const HEADER_FIELD_NAMES = Object.keys(HEADER_FIELDS) as readonly HeaderField[];
export const LINE_FIELD_NAMES = Object.keys(LINE_FIELDS) as readonly LineField[];
export const TAX_ROW_FIELD_NAMES = Object.keys(TAX_ROW_FIELDS) as readonly TaxRowField[];

/** What an invoice entity can be: the invoice itself, one of its lines, one row of its VAT breakdown. */
export const ENTITY_TYPES = ['invoice', 'line', 'taxRow'] as const;
export type EntityType = (typeof ENTITY_TYPES)[number];

/** The kind and form of a field, or undefined where the entity has no such field. */
export function fieldInfo(entity: EntityType, field: string): FieldInfo | undefined {
  const table: Record<string, FieldInfo> =
    entity === 'invoice' ? HEADER_FIELDS : entity === 'line' ? LINE_FIELDS : TAX_ROW_FIELDS;
  return Object.hasOwn(table, field) ? table[field] : undefined;
}

/** DOMAIN: document kinds the reader tells apart; only the first four become bills. */
export const DOCUMENT_TYPES = [
  'invoice',
  'credit-note',
  'correction',
  'receipt',
  'reminder',
  'statement',
  'order-confirmation',
  'delivery-note',
  'pro-forma',
] as const;
export type DocumentType = (typeof DOCUMENT_TYPES)[number];
