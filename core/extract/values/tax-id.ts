/** Tax ids: VAT ids with a country's prefix anywhere, other numbers only beside their label. */
import { validate as at } from 'stdnum/lib/cjs/at/uid.js';
import { validate as be } from 'stdnum/lib/cjs/be/vat.js';
import { validate as ch } from 'stdnum/lib/cjs/ch/vat.js';
import { validate as de } from 'stdnum/lib/cjs/de/vat.js';
import { validate as dk } from 'stdnum/lib/cjs/dk/cvr.js';
import { validate as es } from 'stdnum/lib/cjs/es/nif.js';
import { validate as fi } from 'stdnum/lib/cjs/fi/alv.js';
import { validate as fr } from 'stdnum/lib/cjs/fr/tva.js';
import { validate as gb } from 'stdnum/lib/cjs/gb/vat.js';
import { validate as gr } from 'stdnum/lib/cjs/gr/vat.js';
import { validate as ie } from 'stdnum/lib/cjs/ie/vat.js';
import { validate as it } from 'stdnum/lib/cjs/it/iva.js';
import { validate as lu } from 'stdnum/lib/cjs/lu/tva.js';
import { validate as nl } from 'stdnum/lib/cjs/nl/btw.js';
import { validate as no } from 'stdnum/lib/cjs/no/mva.js';
import { validate as pl } from 'stdnum/lib/cjs/pl/nip.js';
import { validate as pt } from 'stdnum/lib/cjs/pt/nif.js';
import { validate as se } from 'stdnum/lib/cjs/se/vat.js';
import type { Line, Token } from '../layout/model.ts';
import { lineText } from './line-text.ts';

export interface TaxIdMatch {
  readonly value: string;
  readonly text: string;
  readonly country: string;
  /** The country's checksum holds; undefined where it cannot be checked. */
  readonly valid: boolean | undefined;
  readonly tokens: readonly Token[];
  readonly line: number;
  readonly page: number;
}

/** Form of each VAT id after its prefix, without separators. */
const VAT_FORMS: Readonly<Record<string, RegExp>> = {
  AT: /^U\d{8}$/,
  BE: /^[01]\d{9}$/,
  BG: /^\d{9,10}$/,
  CY: /^\d{8}[A-Z]$/,
  CZ: /^\d{8,10}$/,
  DE: /^\d{9}$/,
  DK: /^\d{8}$/,
  EE: /^\d{9}$/,
  EL: /^\d{9}$/,
  ES: /^[A-Z0-9]\d{7}[A-Z0-9]$/,
  FI: /^\d{8}$/,
  FR: /^[A-Z0-9]{2}\d{9}$/,
  GB: /^(\d{9}|\d{12})$/,
  HR: /^\d{11}$/,
  HU: /^\d{8}$/,
  IE: /^\d[A-Z0-9]\d{5}[A-Z]{1,2}$/,
  IT: /^\d{11}$/,
  LT: /^(\d{9}|\d{12})$/,
  LU: /^\d{8}$/,
  LV: /^\d{11}$/,
  MT: /^\d{8}$/,
  NL: /^\d{9}B\d{2}$/,
  PL: /^\d{10}$/,
  PT: /^\d{9}$/,
  RO: /^\d{6,10}$/,
  SE: /^\d{12}$/,
  SI: /^\d{8}$/,
  SK: /^\d{10}$/,
  XI: /^(\d{9}|\d{12})$/,
  CHE: /^\d{9}(MWST|TVA|IVA|VAT)?$/,
  NO: /^\d{9}MVA$/,
};

const START =
  /(?<![A-Za-z0-9])(CHE|A(?=T ?U)T|BE|BG|CY|CZ|DE|DK|EE|EL|ES|FI|FR|GB|HR|HU|IE|IT|LT|LU|LV|MT|NL|PL|PT|RO|SE|SI|SK|XI|NO)(?=[ .-]?[A-Z0-9])/g;

type Check = (value: string) => { isValid: boolean };

/** By the prefix of the id. Imported one by one: the package's index brings every number of the world, and every thread waits for it. */
const CHECKS: Readonly<Record<string, Check>> = {
  AT: at,
  BE: be,
  CH: ch,
  DE: de,
  DK: dk,
  EL: gr,
  ES: es,
  FI: fi,
  FR: fr,
  GB: gb,
  IE: ie,
  IT: it,
  LU: lu,
  NL: nl,
  NO: no,
  PL: pl,
  PT: pt,
  SE: se,
};

export const checkTaxId = (country: string, value: string): boolean | undefined => CHECKS[country]?.(value).isValid;

export function findVatIds(line: Line): TaxIdMatch[] {
  const { text, tokens } = lineText(line);
  const matches: TaxIdMatch[] = [];
  for (const start of text.matchAll(START)) {
    const prefix = start[1] as string;
    const match = longest(text, start.index, prefix);
    if (!match) continue;
    const country = prefix === 'CHE' ? 'CH' : prefix;
    matches.push({
      value: match.value,
      text: text.slice(start.index, match.end),
      country,
      valid: checkTaxId(country, match.value),
      tokens: tokens(start.index, match.end),
      line: line.index,
      page: line.page,
    });
  }
  return matches;
}

function longest(text: string, start: number, prefix: string): { value: string; end: number } | undefined {
  const form = VAT_FORMS[prefix];
  let body = '';
  let best: { value: string; end: number } | undefined;
  for (let i = start + prefix.length; i < text.length && body.length < 16; i++) {
    const c = text[i] as string;
    if (/[A-Za-z0-9]/.test(c)) body += c.toUpperCase();
    else if (!/[ .-]/.test(c)) break;
    else continue;
    if (form?.test(body) && !/[A-Za-z0-9]/.test(text[i + 1] ?? '')) best = { value: prefix + body, end: i + 1 };
  }
  return best;
}
