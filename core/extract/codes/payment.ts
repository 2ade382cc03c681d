/** What a payment code says, whatever its scheme. */
import type { Decimal } from '../../invoice/decimal.ts';

export const SCHEMES = ['swiss-qr', 'epc', 'spd', 'upn'] as const;
export type Scheme = (typeof SCHEMES)[number];

/** A tax rate with the net it applies to, where the code gives one. */
export interface CodeRate {
  readonly rate: Decimal;
  readonly base?: Decimal | undefined;
}

export interface Payment {
  readonly scheme: Scheme;
  /** Canonical; absent where its check digits fail. */
  readonly iban?: string | undefined;
  readonly bic?: string | undefined;
  readonly payee?: string | undefined;
  readonly debtor?: string | undefined;
  readonly amount?: Decimal | undefined;
  readonly currency?: string | undefined;
  /** Structured, with check digits that hold. */
  readonly reference?: string | undefined;
  /** Free text to the payee. */
  readonly message?: string | undefined;
  readonly dueDate?: string | undefined;
  readonly invoiceNumber?: string | undefined;
  readonly issueDate?: string | undefined;
  readonly vendorTaxId?: string | undefined;
  readonly serviceStart?: string | undefined;
  readonly serviceEnd?: string | undefined;
  readonly rates?: readonly CodeRate[] | undefined;
  /** Days until the full amount is due, from the conditions. */
  readonly netDays?: number | undefined;
  /** What breaks the guideline: `iban:checksum`, `amount:form` ...; that value is left out, the others count. */
  readonly problems: readonly string[];
}

export type Parsed =
  | { readonly kind: 'payment'; readonly payment: Payment }
  /** It says it is a payment code and is not built as one. */
  | { readonly kind: 'broken'; readonly scheme: Scheme; readonly problem: string }
  /** A web address, a visiting card ... */
  | { readonly kind: 'other' };

export const broken = (scheme: Scheme, problem: string): Parsed => ({ kind: 'broken', scheme, problem });
