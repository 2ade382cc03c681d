import { isValidIBAN } from 'ibantools';
import { expect, test } from 'vitest';
import { checkTaxId } from '../../core/extract/values/tax-id.ts';
import { ibanFor, taxIdFor } from './ids.ts';
import { stream } from './random.ts';

test.each(['DE', 'AT', 'CH', 'FR', 'BE', 'GB', 'IE', 'ES', 'IT', 'NL', 'PT', 'SE', 'PL', 'LU'])(
  'tax ids and accounts of %s have right check digits',
  (country) => {
    for (let i = 0; i < 40; i++) {
      const taxId = taxIdFor(country, stream('tax', country, i));
      expect([taxId, checkTaxId(country, country === 'CH' ? `${taxId} MWST` : taxId)]).toEqual([taxId, true]);
      const iban = ibanFor(country, stream('iban', country, i));
      expect([iban, isValidIBAN(iban)]).toEqual([iban, true]);
    }
  },
);
