/**
 * VAT ids by the check digits of their country. Only ids that say their country by a prefix are judged: a national tax number without one
 * (German Steuernummer, SIRET, UTR ...) has no common form, and a wrong alarm is worse than none.
 */
import { validate as at } from 'stdnum/lib/cjs/at/uid.js';
import { validate as be } from 'stdnum/lib/cjs/be/vat.js';
import { validate as bg } from 'stdnum/lib/cjs/bg/vat.js';
import { validate as ch } from 'stdnum/lib/cjs/ch/uid.js';
import { validate as cy } from 'stdnum/lib/cjs/cy/vat.js';
import { validate as cz } from 'stdnum/lib/cjs/cz/dic.js';
import { validate as de } from 'stdnum/lib/cjs/de/vat.js';
import { validate as dk } from 'stdnum/lib/cjs/dk/cvr.js';
import { validate as ee } from 'stdnum/lib/cjs/ee/kmkr.js';
import { validate as es } from 'stdnum/lib/cjs/es/nif.js';
import { validate as fi } from 'stdnum/lib/cjs/fi/alv.js';
import { validate as fr } from 'stdnum/lib/cjs/fr/tva.js';
import { validate as gb } from 'stdnum/lib/cjs/gb/vat.js';
import { validate as gr } from 'stdnum/lib/cjs/gr/vat.js';
import { validate as hr } from 'stdnum/lib/cjs/hr/oib.js';
import { validate as hu } from 'stdnum/lib/cjs/hu/anum.js';
import { validate as ie } from 'stdnum/lib/cjs/ie/vat.js';
import { validate as it } from 'stdnum/lib/cjs/it/iva.js';
import { validate as lt } from 'stdnum/lib/cjs/lt/pvm.js';
import { validate as lu } from 'stdnum/lib/cjs/lu/tva.js';
import { validate as lv } from 'stdnum/lib/cjs/lv/pvn.js';
import { validate as mt } from 'stdnum/lib/cjs/mt/vat.js';
import { validate as nl } from 'stdnum/lib/cjs/nl/btw.js';
import { validate as no } from 'stdnum/lib/cjs/no/mva.js';
import { validate as pl } from 'stdnum/lib/cjs/pl/nip.js';
import { validate as pt } from 'stdnum/lib/cjs/pt/nif.js';
import { validate as ro } from 'stdnum/lib/cjs/ro/cif.js';
import { validate as se } from 'stdnum/lib/cjs/se/vat.js';
import { validate as si } from 'stdnum/lib/cjs/si/ddv.js';
import { validate as sk } from 'stdnum/lib/cjs/sk/dph.js';
import { taxIdKey } from './ids.ts';

type Check = (value: string) => { isValid: boolean; error?: { name: string } | undefined };

/** By the prefix of the id. Imported one by one: the package's index brings every number of the world, ten times as much. */
const CHECKS: Readonly<Record<string, Check>> = {
  AT: at,
  BE: be,
  BG: bg,
  CHE: ch,
  CY: cy,
  CZ: cz,
  DE: de,
  DK: dk,
  EE: ee,
  EL: gr,
  ES: es,
  FI: fi,
  FR: fr,
  GB: gb,
  HR: hr,
  HU: hu,
  IE: ie,
  IT: it,
  LT: lt,
  LU: lu,
  LV: lv,
  MT: mt,
  NL: nl,
  NO: no,
  PL: pl,
  PT: pt,
  RO: ro,
  SE: se,
  SI: si,
  SK: sk,
  XI: gb,
};

export interface TaxIdProblem {
  readonly kind: 'checksum' | 'form';
  readonly country: string;
}

/** What is wrong with a VAT id; undefined where nothing is, or where it names no country with a known check. */
export function taxIdProblem(taxId: string): TaxIdProblem | undefined {
  const key = taxIdKey(taxId) ?? '';
  const prefix = [key.slice(0, 3), key.slice(0, 2)].find((start) => Object.hasOwn(CHECKS, start)) ?? '';
  // Five digits at least: "DEPARTMENT 12" is no VAT id of Germany.
  if ((key.match(/\d/g) ?? []).length < 5) return undefined;
  // The Swiss UID carries the check digit; MWST, TVA or IVA behind it only says what it is used for.
  const id = prefix === 'CHE' ? key.replace(/(MWST|TVA|IVA|TPV)$/, '') : key;
  const verdict = CHECKS[prefix]?.(id);
  if (verdict === undefined || verdict.isValid) return undefined;
  return { kind: verdict.error?.name === 'InvalidChecksum' ? 'checksum' : 'form', country: prefix.slice(0, 2) };
}
