/** Invented invoices for documents that lie: small, and with values that can be swapped for others of the same form. */
import { add, multiply, round } from '../../../core/invoice/decimal.ts';
import type { Random } from '../../random.ts';

export const TRUST_FIELDS = ['vendorIban', 'grossTotal', 'invoiceNumber', 'vendorName'] as const;
export type TrustField = (typeof TRUST_FIELDS)[number];

export interface Facts {
  readonly german: boolean;
  readonly vendor: string;
  readonly street: string;
  readonly city: string;
  readonly number: string;
  readonly date: string;
  readonly due: string;
  readonly lines: readonly {
    readonly text: string;
    readonly quantity: string;
    readonly price: string;
    readonly total: string;
  }[];
  readonly net: string;
  readonly tax: string;
  readonly gross: string;
  /** In groups of four. */
  readonly iban: string;
}

const FIRST = [
  'Brunnwald',
  'Ostrava',
  'Kesselring',
  'Lindmoor',
  'Havelstein',
  'Tarnfeld',
  'Cranleigh',
  'Westmere',
  'Aldershaw',
  'Pellworth',
];
const TRADE = [
  'Werkzeugbau',
  'Metall',
  'Logistik',
  'Elektronik',
  'Instruments',
  'Packaging',
  'Services',
  'Textiles',
  'Chemicals',
  'Druckhaus',
];
const FORM = { german: ['GmbH', 'AG', 'KG'], english: ['Ltd', 'PLC', 'LLP'] };
const GOODS = [
  'Bearing set 6204',
  'Steel sheet 2 mm',
  'Calibration of gauge',
  'Cable drum 50 m',
  'Filter cartridge',
  'Pallet transport',
  'Labels, 1000 pieces',
  'Pump overhaul',
];

const digits = (random: Random, count: number): string =>
  Array.from({ length: count }, (_, i) => String(random.integer(i === 0 ? 1 : 0, 9))).join('');

/** Check digits by ISO 7064 MOD 97-10; bank codes that begin with 999 are not given out. */
export function germanIban(random: Random): string {
  const body = `999${digits(random, 5)}${digits(random, 10)}`;
  let rest = 0;
  for (const digit of `${body}131400`) rest = (rest * 10 + Number(digit)) % 97;
  return `DE${String(98 - rest).padStart(2, '0')}${body}`.replaceAll(/(.{4})(?=.)/g, '$1 ');
}

export function money(value: string, german: boolean): string {
  const [whole = '', cents = ''] = round(value, 2).split('.');
  const [group, mark] = german ? ['.', ','] : [',', '.'];
  return `${whole.replaceAll(/\B(?=(\d{3})+$)/g, group)}${mark}${cents.padEnd(2, '0')}`;
}

const day = (random: Random, german: boolean, month: number): string => {
  const [d, m] = [String(random.integer(13, 28)), String(month).padStart(2, '0')];
  return german ? `${d}.${m}.2026` : `${d}/${m}/2026`;
};

export const companyName = (random: Random, german: boolean): string =>
  `${random.pick(FIRST)} ${random.pick(TRADE)} ${random.pick(german ? FORM.german : FORM.english)}`;

export function invoiceNumber(random: Random): string {
  return random.pick([
    `RE-2026-${digits(random, 4)}`,
    `INV${digits(random, 6)}`,
    digits(random, 7),
    `${digits(random, 3)}/${digits(random, 4)}`,
  ]);
}

export function factsOf(random: Random): Facts {
  const german = random.next() < 0.5;
  const lines = Array.from({ length: random.integer(2, 4) }, () => {
    const [quantity, price] = [String(random.integer(2, 30)), `${random.integer(8, 190)}.${random.integer(10, 98)}`];
    return { text: random.pick(GOODS), quantity, price, total: round(multiply(quantity, price), 2) };
  });
  const net = add(...lines.map(({ total }) => total));
  const tax = round(multiply(net, german ? '0.19' : '0.2'), 2);
  return {
    german,
    vendor: companyName(random, german),
    street: german ? `Industriestr. ${random.integer(2, 90)}` : `${random.integer(2, 90)} Mill Lane`,
    city: german ? '99084 Erfurt' : 'Leeds LS10 9XX',
    number: invoiceNumber(random),
    date: day(random, german, 3),
    due: day(random, german, 4),
    lines,
    net,
    tax,
    gross: add(net, tax),
    iban: germanIban(random),
  };
}

export const textOf = (facts: Facts, field: TrustField): string =>
  field === 'vendorIban'
    ? facts.iban
    : field === 'grossTotal'
      ? money(facts.gross, facts.german)
      : field === 'invoiceNumber'
        ? facts.number
        : facts.vendor;

/** Another value of the same form: one digit changed, two swapped, another account, another company. */
export function otherText(facts: Facts, field: TrustField, random: Random): string {
  const text = textOf(facts, field);
  for (;;) {
    const other =
      field === 'vendorIban'
        ? germanIban(random)
        : field === 'vendorName'
          ? companyName(random, facts.german)
          : changed(text, random);
    if (other !== text && !(field === 'vendorName' && other.split(' ')[0] === text.split(' ')[0])) return other;
  }
}

function changed(text: string, random: Random): string {
  const places = text.split('').flatMap((letter, i) => (/\d/.test(letter) ? [i] : []));
  const at = random.pick(places);
  const letters = text.split('');
  const after = places[places.indexOf(at) + 1];
  if (after !== undefined && random.next() < 0.4) [letters[at], letters[after]] = [letters[after]!, letters[at]!];
  else letters[at] = String((Number(letters[at]) + random.integer(1, 8)) % 10 || 9);
  return letters.join('');
}
