/** IBAN and BIC, by the registry's lengths, forms and check digits. */
import { getCountrySpecifications, isValidBIC, validateIBAN, ValidationErrorsIBAN } from 'ibantools';

/** Canonical: upper case, letters and digits only. */
export const canonicalIban = (text: string): string =>
  text
    .normalize('NFKC')
    .toUpperCase()
    .replace(/^IBAN[:.\s]*/, '')
    .replaceAll(/[^A-Z0-9]/g, '');

export type IbanProblem =
  | { readonly kind: 'country'; readonly country: string }
  | { readonly kind: 'length'; readonly country: string; readonly expected: number }
  | { readonly kind: 'form'; readonly country: string }
  | { readonly kind: 'checksum'; readonly country: string };

/** What is wrong with a canonical IBAN; undefined where nothing is. Swiss QR-IBANs are IBANs. */
export function ibanProblem(iban: string): IbanProblem | undefined {
  const { valid, errorCodes } = validateIBAN(iban);
  if (valid) return undefined;
  const country = iban.slice(0, 2);
  const specification = getCountrySpecifications()[country];
  if (specification?.IBANRegistry !== true || !specification.chars) return { kind: 'country', country };
  if (errorCodes.includes(ValidationErrorsIBAN.WrongBBANLength))
    return { kind: 'length', country, expected: specification.chars };
  if (
    errorCodes.includes(ValidationErrorsIBAN.WrongBBANFormat) ||
    errorCodes.includes(ValidationErrorsIBAN.ChecksumNotNumber)
  )
    return { kind: 'form', country };
  return { kind: 'checksum', country };
}

/** ISO 9362, 8 or 11 characters. */
export const isBic = (text: string): boolean => isValidBIC(text);
