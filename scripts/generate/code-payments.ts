/** Seeded payments for generated codes: every reference type, address type, version, charset and optional element of the guidelines, with valid check digits. */
import type { Random } from '../random.ts';
import { epcPayload, swissQrPayload, type Epc, type Party, type SwissQr } from './codes.ts';

const mod97 = (digits: string): number => Array.from(digits).reduce((rest, d) => (rest * 10 + Number(d)) % 97, 0);
const asDigits = (text: string): string => Array.from(text, (c) => String(Number.parseInt(c, 36))).join('');

const digits = (random: Random, count: number): string =>
  Array.from({ length: count }, () => String(random.integer(0, 9))).join('');

export function iban(country: string, account: string): string {
  const check = 98 - mod97(asDigits(`${account}${country}00`));
  return `${country}${String(check).padStart(2, '0')}${account}`;
}

/** ISO 11649. */
export function creditorReference(text: string): string {
  const check = 98 - mod97(asDigits(`${text}RF00`));
  return `RF${String(check).padStart(2, '0')}${text}`;
}

const CARRY = [0, 9, 4, 6, 8, 2, 7, 1, 3, 5];

/** 26 digits and their check digit, modulo 10 recursive. */
export function qrReference(text: string): string {
  const carry = Array.from(text).reduce((rest, d) => CARRY[(rest + Number(d)) % 10] ?? 0, 0);
  return `${text}${(10 - carry) % 10}`;
}

const NAMES = ['Hängegleiter Oberland AG', 'Café Müller & Söhne', 'Atelier Zellweger', "L'Étoile du Léman Sàrl"];
const MORE = ['Brändli Holzbau GmbH', 'Fiduciaria Lepori SA', 'Grüner Markt eG', 'Øresund Handel ApS', 'Werkstatt 12'];
const STREETS = ['Rue du Lac', 'Grosse Marktgasse', 'Via Nassa', 'Seestrasse', 'Im Gässli'];
const TOWNS = ['Biel', 'Genève', 'Lugano', 'Zürich', 'Rapperswil'];

const party = (random: Random): Party => ({
  name: random.pick([...NAMES, ...MORE]),
  street: random.pick(STREETS),
  house: String(random.integer(1, 399)),
  postcode: String(random.integer(1000, 9699)),
  town: random.pick(TOWNS),
  country: random.pick(['CH', 'CH', 'LI', 'DE']),
});

const amount = (random: Random): string =>
  `${random.integer(1, 99_999)}.${String(random.integer(0, 99)).padStart(2, '0')}`;

/** What a reader has to give back, in canonical form. */
export interface Expected {
  readonly iban: string;
  readonly payee: string;
  readonly amount: string | undefined;
  readonly currency: string;
  readonly reference: string | undefined;
  readonly debtor: string | undefined;
  readonly message: string | undefined;
  readonly invoiceNumber: string | undefined;
  readonly issueDate: string | undefined;
}

export interface Payment {
  readonly kind: 'swiss_qr' | 'epc';
  readonly payload: string | Uint8Array;
  readonly expected: Expected;
}

const maybe = <T>(random: Random, share: number, make: () => T): T | undefined =>
  random.next() < share ? make() : undefined;

function swico(random: Random): { billing: string; invoiceNumber: string; issueDate: string } {
  const [year, month, day] = [random.integer(20, 29), random.integer(1, 12), random.integer(1, 28)].map((n) =>
    String(n).padStart(2, '0'),
  );
  const number = `${random.pick(['', 'RE-', 'X.', 'A\\/'])}${digits(random, 6)}`;
  const vat = `1060170${random.integer(10, 99)}`;
  return {
    billing: `//S1/10/${number}/11/${year}${month}${day}/30/${vat}/32/7.7/40/2:10;0:30`,
    invoiceNumber: number.replaceAll('\\/', '/'),
    issueDate: `20${year}-${month}-${day}`,
  };
}

export function swissPayment(random: Random): Payment {
  const referenceType = random.pick(['QRR', 'SCOR', 'NON'] as const);
  const bank = referenceType === 'QRR' ? String(random.integer(30_000, 31_999)) : String(random.integer(100, 29_999));
  const account = iban(random.pick(['CH', 'CH', 'LI']), `${bank.padStart(5, '0')}${digits(random, 12)}`);
  const billed = maybe(random, 0.5, () => swico(random));
  const bill: SwissQr = {
    iban: account,
    creditor: party(random),
    combined: random.next() < 0.3,
    currency: random.pick(['CHF', 'CHF', 'EUR'] as const),
    referenceType,
    ...optional(
      'amount',
      maybe(random, 0.85, () => amount(random)),
    ),
    ...optional(
      'debtor',
      maybe(random, 0.7, () => party(random)),
    ),
    ...optional('reference', reference(random, referenceType)),
    ...optional(
      'message',
      maybe(random, 0.5, () => `Auftrag vom ${random.integer(1, 28)}. Juni, Nr. ${digits(random, 5)}`),
    ),
    ...optional('billing', billed?.billing),
    ...optional(
      'alternatives',
      maybe(random, 0.1, () => ['eBill/B/peter@sample.example']),
    ),
    lineEnd: random.pick(['\n', '\r\n'] as const),
  };
  const expected: Expected = {
    iban: account,
    payee: bill.creditor.name,
    amount: canonical(bill.amount),
    currency: bill.currency,
    reference: bill.reference,
    debtor: bill.debtor?.name,
    message: bill.message,
    invoiceNumber: billed?.invoiceNumber,
    issueDate: billed?.issueDate,
  };
  return { kind: 'swiss_qr', payload: swissQrPayload(bill), expected };
}

function reference(random: Random, type: SwissQr['referenceType']): string | undefined {
  if (type === 'QRR') return qrReference(`${random.integer(1, 9)}${digits(random, 25)}`);
  return type === 'SCOR' ? creditorReference(`${random.pick(['A', 'INV', ''])}${digits(random, 9)}`) : undefined;
}

/** The national check digits that the IBAN registry knows of. */
const belgianAccount = (text: string): string => `${text}${String(mod97(text) || 97).padStart(2, '0')}`;

export function epcPayment(random: Random): Payment {
  const charset = random.pick([1, 1, 2] as const);
  const version = random.pick(['001', '002'] as const);
  const account = random.pick([
    () => iban('DE', digits(random, 18)),
    () => iban('AT', digits(random, 16)),
    () => iban('BE', belgianAccount(digits(random, 10))),
    () => iban('NL', `ABNA${digits(random, 10)}`),
    () => iban('FI', digits(random, 14)),
  ])();
  const structured = random.next() < 0.3;
  const transfer: Epc = {
    version,
    charset,
    // Within Latin 1, the smaller of the two charsets.
    name: random.pick([...NAMES, ...MORE]),
    iban: account,
    ...optional('bic', version === '001' ? 'BHBLDEHHXXX' : maybe(random, 0.4, () => 'GENODEF1M04')),
    ...optional(
      'amount',
      maybe(random, 0.9, () => amount(random)),
    ),
    ...optional(
      'purpose',
      maybe(random, 0.2, () => 'CHAR'),
    ),
    ...optional('reference', structured ? creditorReference(digits(random, 10)) : undefined),
    ...optional('remittance', structured ? undefined : `Rechnung ${digits(random, 6)} für März`),
    ...optional(
      'information',
      maybe(random, 0.1, () => 'Vielen Dank'),
    ),
    lineEnd: random.pick(['\n', '\n', '\r\n'] as const),
  };
  const expected: Expected = {
    iban: account,
    payee: transfer.name,
    amount: canonical(transfer.amount),
    currency: 'EUR',
    reference: transfer.reference,
    debtor: undefined,
    message: transfer.remittance,
    invoiceNumber: undefined,
    issueDate: undefined,
  };
  return { kind: 'epc', payload: epcPayload(transfer), expected };
}

const canonical = (text: string | undefined): string | undefined => text?.replace(/\.?0+$/, '');

const optional = <K extends string, V>(key: K, value: V | undefined): { [P in K]?: V } =>
  value === undefined ? {} : ({ [key]: value } as { [P in K]?: V });
