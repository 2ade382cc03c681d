/** IBANs on a line: printed in groups or in one piece; valid ones (mod 97) are certain, others need their label. */
import { isValidIBAN } from 'ibantools';
import type { Line, Token } from '../layout/model.ts';
import { lineText } from './line-text.ts';

export interface IbanMatch {
  readonly value: string;
  readonly text: string;
  readonly valid: boolean;
  readonly tokens: readonly Token[];
  readonly line: number;
  readonly page: number;
}

const LENGTHS: Readonly<Record<string, number>> = {
  AD: 24,
  AE: 23,
  AL: 28,
  AT: 20,
  AZ: 28,
  BA: 20,
  BE: 16,
  BG: 22,
  BH: 22,
  BR: 29,
  BY: 28,
  CH: 21,
  CR: 22,
  CY: 28,
  CZ: 24,
  DE: 22,
  DK: 18,
  DO: 28,
  EE: 20,
  EG: 29,
  ES: 24,
  FI: 18,
  FO: 18,
  FR: 27,
  GB: 22,
  GE: 22,
  GI: 23,
  GL: 18,
  GR: 27,
  GT: 28,
  HR: 21,
  HU: 28,
  IE: 22,
  IL: 23,
  IQ: 23,
  IS: 26,
  IT: 27,
  JO: 30,
  KW: 30,
  KZ: 20,
  LB: 28,
  LC: 32,
  LI: 21,
  LT: 20,
  LU: 20,
  LV: 21,
  MC: 27,
  MD: 24,
  ME: 22,
  MK: 19,
  MR: 27,
  MT: 31,
  MU: 30,
  NL: 18,
  NO: 15,
  PK: 24,
  PL: 28,
  PS: 29,
  PT: 25,
  QA: 29,
  RO: 24,
  RS: 22,
  SA: 24,
  SC: 31,
  SE: 24,
  SI: 19,
  SK: 24,
  SM: 27,
  ST: 25,
  SV: 28,
  TL: 23,
  TN: 24,
  TR: 26,
  UA: 29,
  VA: 22,
  VG: 24,
  XK: 20,
};

const START = /(?<![A-Za-z0-9])([A-Z]{2}) ?(\d{2})(?=[ \d A-Z])/g;

/** On a scan the two check digits may look like letters. */
const SCANNED_START = /(?<![A-Za-z0-9])([A-Z]{2}) ?([\dOSIlBZ]{2})(?=[ \d A-Z])/g;

const LOOKALIKES: Readonly<Record<string, string>> = { O: '0', I: '1', L: '1', S: '5', B: '8', Z: '2' };
const digits = (text: string, letters: RegExp): string => text.replace(letters, (c) => LOOKALIKES[c] ?? c);

/** In an IBAN's digits a scan reads O for 0, I for 1, S for 5: the mended reading counts only where the checksum then holds. */
function mend(value: string): string | undefined {
  const [country, check, body] = [value.slice(0, 2), value.slice(2, 4), value.slice(4)];
  const all = /[OILSBZ]/g;
  return [
    country + digits(check + body, /[OIL]/g),
    country + digits(check, all) + body,
    country + digits(check + body, all),
  ].find((mended) => isValidIBAN(mended));
}

export function findIbans(line: Line): IbanMatch[] {
  const { text, tokens } = lineText(line);
  const matches: IbanMatch[] = [];
  const scanned = line.tokens[0]?.source === 'ocr';
  for (const start of text.matchAll(scanned ? SCANNED_START : START)) {
    const length = LENGTHS[start[1] ?? ''];
    if (!length || matches.some((m) => m.text.includes(start[0]) && m.text.length > start.index - text.indexOf(m.text)))
      continue;
    let value = '';
    let end = start.index;
    while (end < text.length && value.length < length) {
      const c = text[end] as string;
      if (/[A-Za-z0-9]/.test(c)) value += c.toUpperCase();
      else if (!/[\s.-]/.test(c)) break;
      end++;
    }
    if (value.length !== length || /[A-Za-z0-9]/.test(text[end] ?? '')) continue;
    const mended = scanned && !isValidIBAN(value) ? (mend(value) ?? value) : value;
    // Without a checksum only digits-heavy runs are worth a look.
    if (!isValidIBAN(mended) && !/^\d{2}/.test(mended.slice(2))) continue;
    if (!isValidIBAN(mended) && mended.replace(/\D/g, '').length < length * 0.6) continue;
    matches.push({
      value: mended,
      text: text.slice(start.index, end),
      valid: isValidIBAN(mended),
      tokens: tokens(start.index, end),
      line: line.index,
      page: line.page,
    });
  }
  return matches;
}
