/** Invented vendors with identifiers that pass their checksums. */
import type { Random } from '../random.ts';

export interface Vendor {
  readonly name: string;
  readonly address: string;
  readonly taxId: string;
  readonly iban: string;
  readonly taxRate: string;
}

const HEADS =
  'Nord Sued Berg Wald Fluss Stern Linden Eichen Hafen Markt Feld Stein Ufer Garten Kupfer Silber Adler Falken Birken Rosen'.split(
    ' ',
  );
const TRADES =
  'Elektro Papier Logistik Werkzeug Druck Hosting Kabel Holzbau Reinigung Catering Pumpen Messtechnik Leuchten Folien Software'.split(
    ' ',
  );
const FORMS = ['GmbH', 'AG', 'GmbH & Co. KG', 'KG', 'OHG', 'e.K.'];
const TOWNS = [
  '10115 Berlin',
  '20095 Hamburg',
  '50667 Köln',
  '80331 München',
  '70173 Stuttgart',
  '01067 Dresden',
  '28195 Bremen',
];

const digits = (random: Random, count: number): string =>
  Array.from({ length: count }, () => random.integer(0, 9)).join('');

/** German VAT number: eight digits and an ISO 7064 MOD 11,10 check digit. */
function taxIdOf(random: Random): string {
  const body = `${random.integer(1, 9)}${digits(random, 7)}`;
  let product = 10;
  for (const digit of body) {
    const sum = (Number(digit) + product) % 10;
    product = ((sum === 0 ? 10 : sum) * 2) % 11;
  }
  return `DE${body}${(11 - product) % 10}`;
}

/** German IBAN: check digits over the account and the country in digits (ISO 13616). */
function ibanOf(random: Random): string {
  const account = `${random.integer(1, 9)}${digits(random, 17)}`;
  const check = 98n - (BigInt(`${account}131400`) % 97n);
  return `DE${String(check).padStart(2, '0')}${account}`;
}

export function makeVendors(random: Random, count: number): Vendor[] {
  return Array.from({ length: count }, (_, at) => {
    const head = HEADS[at % HEADS.length];
    const trade = TRADES[Math.floor(at / HEADS.length) % TRADES.length];
    return {
      name: `${head}${trade?.toLowerCase()} ${random.pick(FORMS)}`,
      address: `${head}straße ${random.integer(1, 120)}\n${random.pick(TOWNS)}`,
      taxId: taxIdOf(random),
      iban: ibanOf(random),
      taxRate: random.pick(['19', '19', '7']),
    };
  });
}
