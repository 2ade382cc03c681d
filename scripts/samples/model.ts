/** What a sample invoice says, before anyone has drawn it. All vendors, buyers, people and numbers are invented; their check digits are right. */

export interface Party {
  readonly name: string;
  readonly street: string;
  readonly city: string;
  /** As printed under the address; empty for the vendor's own country. */
  readonly country?: string;
  readonly countryCode: string;
  readonly taxId?: string;
  readonly iban?: string;
  readonly bic?: string;
  readonly bank?: string;
  readonly email?: string;
  readonly phone?: string;
  readonly web?: string;
  /** Register entry or other small print of the footer. */
  readonly register?: string;
  /** The number in `register`, where it is the one for taxes. */
  readonly registeredTaxId?: string;
}

export interface SampleLine {
  readonly article?: string;
  readonly description: string;
  readonly quantity: string;
  readonly unit: string;
  readonly unitPrice: string;
  /** Amount off the line. */
  readonly discount?: string;
  readonly rate: string;
}

export type Language = 'de' | 'en' | 'fr' | 'es' | 'it' | 'nl';
export type Region = 'DE' | 'CH' | 'GB' | 'US' | 'IE' | 'JP' | 'FR' | 'ES' | 'IT' | 'NL';

export interface Sample {
  readonly language: Language;
  readonly region: Region;
  readonly currency: string;
  readonly documentType: 'invoice' | 'credit-note' | 'receipt';
  readonly vendor: Party;
  readonly buyer: Party;
  readonly number: string;
  readonly issueDate: string;
  readonly dueDate?: string;
  readonly deliveryDate?: string;
  readonly poNumber?: string;
  readonly customerNumber?: string;
  readonly precedingInvoice?: string;
  readonly paymentReference?: string;
  readonly terms?: string;
  readonly notes?: readonly string[];
  readonly lines: readonly SampleLine[];
  /** Freight, printed after the lines. */
  readonly charge?: { readonly label: string; readonly amount: string };
  readonly prepaid?: string;
  /** Printed instead of the right total: what a reviewer has to find. */
  readonly printedGross?: string;
  /** Prices and line totals contain the tax (receipts). */
  readonly pricesIncludeTax?: true;
  /** Across the page, e.g. a second copy. */
  readonly stamp?: string;
  /** 0..1 each. */
  readonly colour: readonly [number, number, number];
}

export interface TotalLine extends SampleLine {
  readonly position: number;
  readonly total: string;
}

export interface Totals {
  readonly lines: readonly TotalLine[];
  readonly lineSum: string;
  readonly net: string;
  readonly taxes: readonly { readonly rate: string; readonly base: string; readonly amount: string }[];
  readonly tax: string;
  readonly gross: string;
  readonly due: string;
}
