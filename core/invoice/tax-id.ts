/**
 * VAT ids by the check digits of their country. Only ids that say their country by a prefix are judged: a national tax number without one
 * (German Steuernummer, SIRET, UTR ...) has no common form, and a wrong alarm is worse than none.
 */
import { stdnum } from 'stdnum';
import { taxIdKey } from './ids.ts';

/** Prefix -> country and kind of number in stdnum. */
const CHECKS: Readonly<Record<string, readonly [country: string, kind: string]>> = {
  AT: ['AT', 'uid'],
  BE: ['BE', 'vat'],
  BG: ['BG', 'vat'],
  CHE: ['CH', 'uid'],
  CY: ['CY', 'vat'],
  CZ: ['CZ', 'dic'],
  DE: ['DE', 'vat'],
  DK: ['DK', 'cvr'],
  EE: ['EE', 'kmkr'],
  EL: ['GR', 'vat'],
  ES: ['ES', 'nif'],
  FI: ['FI', 'alv'],
  FR: ['FR', 'tva'],
  GB: ['GB', 'vat'],
  HR: ['HR', 'oib'],
  HU: ['HU', 'anum'],
  IE: ['IE', 'vat'],
  IT: ['IT', 'iva'],
  LT: ['LT', 'pvm'],
  LU: ['LU', 'tva'],
  LV: ['LV', 'pvn'],
  MT: ['MT', 'vat'],
  NL: ['NL', 'btw'],
  NO: ['NO', 'mva'],
  PL: ['PL', 'nip'],
  PT: ['PT', 'nif'],
  RO: ['RO', 'cif'],
  SE: ['SE', 'vat'],
  SI: ['SI', 'ddv'],
  SK: ['SK', 'dph'],
  XI: ['GB', 'vat'],
};

export interface TaxIdProblem {
  readonly kind: 'checksum' | 'form';
  readonly country: string;
}

/** What is wrong with a VAT id; undefined where nothing is, or where it names no country with a known check. */
export function taxIdProblem(taxId: string): TaxIdProblem | undefined {
  const key = taxIdKey(taxId) ?? '';
  const prefix = [key.slice(0, 3), key.slice(0, 2)].find((start) => Object.hasOwn(CHECKS, start)) ?? '';
  const [country = '', kind = ''] = CHECKS[prefix] ?? [];
  // Five digits at least: "DEPARTMENT 12" is no VAT id of Germany.
  if ((key.match(/\d/g) ?? []).length < 5) return undefined;
  // The Swiss UID carries the check digit; MWST, TVA or IVA behind it only says what it is used for.
  const id = country === 'CH' ? key.replace(/(MWST|TVA|IVA|TPV)$/, '') : key;
  const verdict = stdnum[country]?.[kind]?.validate(id);
  if (verdict === undefined || verdict.isValid) return undefined;
  return { kind: verdict.error.name === 'InvalidChecksum' ? 'checksum' : 'form', country: prefix.slice(0, 2) };
}
