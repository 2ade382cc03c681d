/** Numbers of invented companies with right check digits: VAT ids, tax numbers, accounts. The rules are those of the issuing countries. */
import type { Chance } from './random.ts';

const weigh = (digits: string, weights: readonly number[]): number =>
  weights.reduce((sum, weight, i) => sum + weight * Number(digits[i]), 0);
const mod = (text: string, by: number): number => Array.from(text).reduce((rest, c) => (rest * 10 + Number(c)) % by, 0);

/** Luhn: the digit that makes the sum of the number a multiple of ten. */
function luhn(digits: string): string {
  const sum = Array.from(digits)
    .toReversed()
    .reduce((total, c, i) => {
      const n = Number(c) * (i % 2 === 0 ? 2 : 1);
      return total + (n > 9 ? n - 9 : n);
    }, 0);
  return String((10 - (sum % 10)) % 10);
}

/** ISO 7064 MOD 11,10 */
function mod1110(digits: string): string {
  let product = 10;
  for (const c of digits) {
    const sum = (Number(c) + product) % 10 || 10;
    product = (sum * 2) % 11;
  }
  return String((11 - product) % 10);
}

/** Tries numbers until one has a check digit: some systems leave numbers out. */
function until(make: () => string | undefined): string {
  for (let i = 0; i < 60; i++) {
    const made = make();
    if (made !== undefined) return made;
  }
  throw new RangeError('no number with a check digit');
}

const TAX_IDS: Readonly<Record<string, (chance: Chance) => string>> = {
  DE: (c) => {
    const body = c.digits(8);
    return `DE${body}${mod1110(body)}`;
  },
  AT: (c) => {
    const body = c.digits(7);
    const sum = Array.from(body).reduce((total, d, i) => {
      const n = Number(d) * (i % 2 === 0 ? 1 : 2);
      return total + (n > 9 ? n - 9 : n);
    }, 0);
    return `ATU${body}${(10 - ((sum + 4) % 10)) % 10}`;
  },
  CH: (c) =>
    until(() => {
      const body = c.digits(8);
      const check = (11 - (weigh(body, [5, 4, 3, 2, 7, 6, 5, 4]) % 11)) % 11;
      return check === 10 ? undefined : `CHE-${body.slice(0, 3)}.${body.slice(3, 6)}.${body.slice(6)}${check}`;
    }),
  FR: (c) => {
    const siren = sirenOf(c);
    const key = (12 + 3 * mod(siren, 97)) % 97;
    return `FR${String(key).padStart(2, '0')}${siren}`;
  },
  BE: (c) => {
    const body = `0${c.digits(7)}`;
    return `BE${body}${String(97 - mod(body, 97)).padStart(2, '0')}`;
  },
  GB: (c) => {
    const body = c.digits(7);
    const rest = weigh(body, [8, 7, 6, 5, 4, 3, 2]) % 97;
    return `GB${body}${String(97 - rest).padStart(2, '0')}`;
  },
  IE: (c) => {
    const body = c.digits(7);
    return `IE${body}${'WABCDEFGHIJKLMNOPQRSTUV'[weigh(body, [8, 7, 6, 5, 4, 3, 2]) % 23]}`;
  },
  ES: (c) => {
    const body = c.digits(7);
    const sum = Array.from(body).reduce((total, d, i) => {
      const n = i % 2 === 0 ? Number(d) * 2 : Number(d);
      return total + (n > 9 ? n - 9 : n);
    }, 0);
    return `ES${c.pick(['A', 'B'])}${body}${(10 - (sum % 10)) % 10}`;
  },
  IT: (c) => {
    const body = `0${c.digits(6)}${c.pick(['001', '005', '012', '015', '036', '042', '063'])}`;
    return `IT${body}${luhn(body)}`;
  },
  NL: (c) =>
    until(() => {
      const body = c.digits(8);
      const check = weigh(body, [9, 8, 7, 6, 5, 4, 3, 2]) % 11;
      return check === 10 ? undefined : `NL${body}${check}B01`;
    }),
  PT: (c) => {
    const body = `5${c.digits(7)}`;
    const rest = weigh(body, [9, 8, 7, 6, 5, 4, 3, 2]) % 11;
    return `PT${body}${rest < 2 ? 0 : 11 - rest}`;
  },
  SE: (c) => {
    const body = `5${c.integer(5, 6)}${c.integer(2, 9)}${c.digits(6)}`;
    return `SE${body}${luhn(body)}01`;
  },
  PL: (c) =>
    until(() => {
      const body = c.digits(9);
      const check = weigh(body, [6, 5, 7, 2, 3, 4, 5, 6, 7]) % 11;
      return check === 10 ? undefined : `PL${body}${check}`;
    }),
  LU: (c) => {
    const body = c.digits(6);
    return `LU${body}${String(Number(body) % 89).padStart(2, '0')}`;
  },
  IN: (c) => gstin(c),
  US: (c) => `${c.pick(['12', '20', '27', '36', '45', '58', '81', '94'])}-${c.digits(7)}`,
  CA: (c) => {
    const body = `8${c.digits(7)}`;
    return `${body}${luhn(body)}RT0001`;
  },
  AU: (c) => {
    const body = c.digits(9);
    const weights = [3, 5, 7, 9, 11, 13, 15, 17, 19];
    const check = 99 - (weigh(body, weights) % 89);
    return `${check}${body}`;
  },
  MY: (c) => `00${c.digits(10)}`,
  JP: (c) => {
    const body = c.digits(12);
    const sum = Array.from(body)
      .toReversed()
      .reduce((total, d, i) => total + Number(d) * (i % 2 === 0 ? 1 : 2), 0);
    return `T${9 - (sum % 9)}${body}`;
  },
};

function known<T>(table: Readonly<Record<string, T>>, country: string): T {
  const found = table[country];
  if (found === undefined) throw new RangeError(`no numbers for ${country}`);
  return found;
}

export const taxIdFor = (country: string, chance: Chance): string => known(TAX_IDS, country)(chance);

export function sirenOf(chance: Chance): string {
  const body = chance.digits(8);
  return body + luhn(body);
}

/** India: state, a permanent account number, entity, Z, a check character over base 36. */
function gstin(c: Chance): string {
  const signs = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ';
  const body = `${c.pick(['07', '19', '24', '27', '29', '33'])}AA${c.letters(3)}${c.digits(4)}${c.letters(1)}1Z`;
  const sum = Array.from(body).reduce((total, sign, i) => {
    const product = signs.indexOf(sign) * (i % 2 === 0 ? 1 : 2);
    return total + Math.floor(product / 36) + (product % 36);
  }, 0);
  return body + signs[(36 - (sum % 36)) % 36];
}

/** Account part per country: d digits, a letters; national check digits where validators look at them. */
const ACCOUNTS: Readonly<Record<string, (c: Chance) => string>> = {
  DE: (c) => `${c.digits(8)}${c.digits(10)}`,
  AT: (c) => `${c.digits(5)}${c.digits(11)}`,
  CH: (c) => `0${c.digits(4)}${c.digits(12)}`,
  FR: (c) => {
    const body = `${c.digits(5)}${c.digits(5)}${c.digits(11)}`;
    return body + String(97 - mod(`${body}00`, 97)).padStart(2, '0');
  },
  BE: (c) => {
    const body = c.digits(10);
    return body + String(mod(body, 97) || 97).padStart(2, '0');
  },
  GB: (c) => `${c.letters(4)}${c.digits(6)}${c.digits(8)}`,
  IE: (c) => `${c.letters(4)}${c.digits(6)}${c.digits(8)}`,
  ES: (c) => {
    const [bank, account] = [c.digits(8), c.digits(10)];
    const weights = [1, 2, 4, 8, 5, 10, 9, 7, 3, 6];
    const check = (text: string) => foldEleven(11 - (weigh(text, weights) % 11));
    return `${bank}${check(`00${bank}`)}${check(account)}${account}`;
  },
  IT: (c) => {
    const body = c.digits(5) + c.digits(5) + c.digits(12).padStart(12, '0');
    return cin(body) + body;
  },
  NL: (c) => c.letters(4) + elevenProof(c),
  PT: (c) => {
    const body = c.digits(19);
    return body + String(98 - mod(`${body}00`, 97)).padStart(2, '0');
  },
  SE: (c) => c.digits(20),
  PL: (c) => {
    const bank = c.digits(7);
    return `${bank}${(10 - (weigh(bank, [3, 9, 7, 1, 3, 9, 7]) % 10)) % 10}${c.digits(16)}`;
  },
  LU: (c) => c.digits(16),
};

const foldEleven = (n: number): number => (n === 11 ? 0 : n === 10 ? 1 : n);

/** The control letter of Italian accounts: odd places count by a table. */
function cin(body: string): string {
  const odd = [1, 0, 5, 7, 9, 13, 15, 17, 19, 21];
  const sum = Array.from(body).reduce((total, c, i) => total + (i % 2 === 0 ? (odd[Number(c)] ?? 0) : Number(c)), 0);
  return 'ABCDEFGHIJKLMNOPQRSTUVWXYZ'[sum % 26] as string;
}

function elevenProof(c: Chance): string {
  return until(() => {
    const body = `0${c.digits(8)}`;
    const check = (11 - (weigh(body, [10, 9, 8, 7, 6, 5, 4, 3, 2]) % 11)) % 11;
    return check === 10 ? undefined : body + String(check);
  });
}

export const hasIban = (country: string): boolean => country in ACCOUNTS;

/** ISO 13616 with the check digits of ISO 7064 MOD 97-10. */
export function ibanFor(country: string, chance: Chance): string {
  const account = known(ACCOUNTS, country)(chance);
  const numeric = Array.from(`${account}${country}00`)
    .map((c) => (/\d/.test(c) ? c : String(c.charCodeAt(0) - 55)))
    .join('');
  return `${country}${String(98 - mod(numeric, 97)).padStart(2, '0')}${account}`;
}

export const bicFor = (country: string, chance: Chance): string =>
  `${chance.letters(4)}${country}${chance.pick(['2A', '2L', 'FF', 'PP', 'M1', '22'])}${chance.chance(0.6) ? 'XXX' : ''}`;
