/** Minor units derived from a decimal and its currency; an amount that does not fit is said so, never rounded. */
import { currencyDigits } from './currency.ts';
import { fractionDigits, isDecimal, withDigits } from './decimal.ts';

export type MinorUnits =
  | { readonly kind: 'minor'; readonly units: bigint }
  | { readonly kind: 'does-not-fit'; readonly digits: number }
  | { readonly kind: 'unknown-currency' }
  | { readonly kind: 'no-decimal' };

export function minorUnits(amount: string, currency: string): MinorUnits {
  const digits = currencyDigits(currency);
  if (digits === undefined) return { kind: 'unknown-currency' };
  if (!isDecimal(amount)) return { kind: 'no-decimal' };
  if (fractionDigits(amount) > digits) return { kind: 'does-not-fit', digits };
  return { kind: 'minor', units: BigInt(withDigits(amount, digits).replace('.', '')) };
}

/** UNTDID 1001 codes whose amounts are owed to the buyer, and the reader's document type for them. */
const CREDITS = new Set(['81', '83', '261', '262', '296', '308', '381', '396', '420', '458', '532', 'credit-note']);

/** The sign of an invoice in the ledger, whatever sign its amounts are printed with: -1 for a credit note. Takes BT-3 or, where there is none, the document type. */
export function direction(typeCode: string | null | undefined, documentType?: string | null): 1 | -1 {
  return CREDITS.has(typeCode ?? documentType ?? '') ? -1 : 1;
}
