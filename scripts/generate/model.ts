/** A document before anyone has drawn it: what it says (content), how it says it (words, formats) and how it looks (style). */
import type { Party } from '../samples/model.ts';
import type { Colour, Family as Typeface } from '../samples/pen.ts';
import type { Noise } from './noise.ts';
import type { LabelKey } from './words/words.ts';

export type Language = 'en' | 'de' | 'fr' | 'es' | 'it' | 'nl' | 'pt';
export const KINDS = ['digital', 'scan', 'scan-pdf', 'fax', 'receipt-picture', 'photo'] as const;
export type Kind = (typeof KINDS)[number];
export type Family = 'letter' | 'boxed' | 'statement' | 'receipt' | 'utility' | 'hotel' | 'freight' | 'telecom';
export type DocumentType = 'invoice' | 'receipt' | 'credit-note';
export type SetName = 'train' | 'test';

export interface Company extends Party {
  readonly fax?: string;
  readonly taxNumber?: string;
  /** A second account in the small print. */
  readonly otherIban?: string;
  readonly otherBank?: string;
  readonly director?: string;
  readonly person?: string;
  readonly zipCity: string;
}

export interface Line {
  readonly article: string;
  readonly description: string;
  /** Small print under the description, no part of the truth. */
  readonly sublines: readonly string[];
  readonly section?: string;
  readonly date?: string;
  readonly quantity: string;
  readonly unit: string;
  readonly unitPrice: string;
  readonly discountPercent?: string;
  readonly rate: string;
  readonly total: string;
}

export interface TaxRow {
  readonly rate: string;
  readonly base: string;
  readonly amount: string;
}

export interface Totals {
  readonly lineSum: string;
  readonly discount?: string;
  readonly discountPercent?: string;
  readonly freight?: string;
  readonly surcharge?: string;
  readonly net: string;
  readonly taxes: readonly TaxRow[];
  readonly tax: string;
  readonly rounding?: string;
  readonly gross: string;
  readonly withheld?: string;
  readonly withheldPercent?: string;
  readonly prepaid?: string;
  readonly previous?: string;
  readonly due: string;
}

export type TaxCase = 'normal' | 'reverse' | 'small' | 'exempt' | 'us' | 'included';

export type Column =
  | 'position'
  | 'article'
  | 'description'
  | 'quantity'
  | 'unit'
  | 'price'
  | 'discount'
  | 'rate'
  | 'total'
  | 'taxAmount'
  | 'gross'
  | 'date';

export interface NumberStyle {
  readonly group: string;
  readonly decimal: string;
  readonly indian?: boolean;
}

export interface Format {
  readonly number: NumberStyle;
  /** d, dd, m, mm, MMM, MMMM, yy, yyyy and what stands between. */
  readonly date: string;
  readonly money: 'before' | 'before-space' | 'after' | 'code-before' | 'code-after' | 'none';
  readonly percent: '%' | ' %' | '';
  /** How an amount below zero is written. */
  readonly negative: 'minus' | 'trailing' | 'brackets';
  readonly quantityDigits: number;
}

export interface Style {
  readonly paper: 'A4' | 'letter';
  readonly typeface: Typeface;
  readonly size: number;
  /** Width of the letters: 1 as the font has them. */
  readonly stretch: number;
  readonly margin: number;
  readonly colour: Colour;
  readonly head: 'left' | 'right' | 'center' | 'band' | 'sidebar' | 'split' | 'boxed' | 'plain';
  readonly logo: 'none' | 'shape' | 'monogram' | 'drawn';
  readonly vendorDetails: 'head' | 'foot' | 'both' | 'party';
  readonly parties: 'window' | 'window-right' | 'columns' | 'boxes' | 'side-by-side';
  readonly meta: 'list' | 'list-right' | 'stack' | 'strip' | 'grid' | 'inline' | 'two-lists';
  readonly metaOrder: 'first' | 'after-parties';
  readonly title: 'left' | 'right' | 'center' | 'big' | 'with-number' | 'none';
  readonly rules: 'none' | 'rows' | 'grid' | 'columns' | 'double' | 'dotted';
  readonly zebra: boolean;
  readonly tableHead: 'fill' | 'tint' | 'line' | 'boxed';
  readonly totals: 'right' | 'box' | 'strip' | 'left' | 'full' | 'in-table';
  readonly payment: 'foot' | 'block' | 'box';
  readonly foot: 'columns' | 'center' | 'line' | 'none';
  readonly upper: boolean;
  readonly colon: boolean;
  readonly columns: readonly Column[];
  readonly carry: boolean;
  /** The table's frame goes down to the totals at the page's foot, as on printed forms. */
  readonly tall: boolean;
}

/** Labels that stand elsewhere than usual: what a reader has to learn from corrections. */
export interface Quirks {
  /** No label before the number, which stands alone under the title or at the edge. */
  readonly bareNumber?: boolean;
  readonly bareDate?: boolean;
  /** A second date beside the first, neither labelled. */
  readonly twoDates?: boolean;
  readonly bareTotal?: boolean;
  /** The vendor's name is drawn, not written; the small print alone has it as text. */
  readonly drawnName?: boolean;
  /** Labelled, but with words that mean something else elsewhere. */
  readonly oddNumber?: boolean;
  readonly oddDate?: boolean;
  readonly oddTotal?: boolean;
  readonly oddColumns?: boolean;
}

export interface Spec {
  readonly seed: number;
  readonly index: number;
  readonly set: SetName;
  readonly kind: Kind;
  readonly family: Family;
  readonly language: Language;
  readonly country: string;
  readonly currency: string;
  readonly docType: DocumentType;
  readonly taxCase: TaxCase;
  readonly vendor: Company;
  readonly buyer: Company;
  readonly shipTo?: Company;
  readonly number: string;
  readonly issueDate: string;
  readonly dueDate?: string;
  readonly deliveryDate?: string;
  readonly orderDate?: string;
  readonly period?: readonly [string, string];
  readonly poNumber?: string;
  readonly customerNumber?: string;
  readonly deliveryNote?: string;
  readonly project?: string;
  readonly preceding?: string;
  readonly reference?: string;
  /** Signs of a credit note. */
  readonly negative: boolean;
  readonly lines: readonly Line[];
  readonly totals: Totals;
  readonly terms: string;
  readonly notes: readonly string[];
  readonly greeting: string;
  readonly words: Readonly<Record<LabelKey, string>>;
  readonly months: readonly string[];
  readonly monthsShort: readonly string[];
  readonly format: Format;
  readonly style: Style;
  readonly quirks: Quirks;
  readonly noise?: Noise;
  readonly paid?: { readonly how: 'cash' | 'card'; readonly tendered: string; readonly change: string };
  /** Space for a payment code on the last page. */
  readonly payment?: 'swiss-qr' | 'epc';
}

export type Field =
  | 'invoiceNumber'
  | 'issueDate'
  | 'dueDate'
  | 'vendorName'
  | 'vendorTaxId'
  | 'vendorIban'
  | 'buyerName'
  | 'currency'
  | 'netTotal'
  | 'taxTotal'
  | 'grossTotal'
  | 'amountDue'
  | 'poNumber';
export type LineField = 'description' | 'quantity' | 'unitPrice' | 'lineTotal';
export type Mark = Field | `lineItems[${number}].${LineField}`;

/** [x0, y0, x1, y1] in 1/10,000 of the page as displayed. */
export type Box = readonly [number, number, number, number];

export interface FieldBox {
  readonly field: Mark;
  readonly page: number;
  readonly box: Box;
  readonly text: string;
}

export interface TruthLine {
  readonly description?: string;
  readonly quantity?: number;
  readonly unitPrice?: number;
  readonly lineTotal?: number;
}

export type Truth = Readonly<Partial<Record<Field, string | number | readonly (string | number)[]>>> & {
  readonly file: string;
  readonly source: string;
  readonly kind: 'digital-pdf' | 'scan' | 'photo';
  readonly language: Language;
  readonly docType: DocumentType;
  readonly truthFrom: string;
  readonly lineItems?: readonly TruthLine[];
} & Readonly<Record<string, unknown>>;

export interface Drawn {
  readonly file: string;
  readonly bytes: Uint8Array;
  readonly truth: Truth;
  readonly boxes: readonly FieldBox[];
}
