/**
 * Swiss QR-bill (SIX, Swiss Implementation Guidelines QR-bill, version 2): one element a line, in fixed order, trailer EPD.
 * Empty elements keep their line; billing information and alternative schemes may follow the trailer.
 */
import { isQrr, isRf } from '../candidates/bank.ts';
import { createChecker, linesOf, readAmount, readCurrency, readIban, readText, type Checker } from './elements.ts';
import { broken, type Parsed } from './payment.ts';
import { readSwico } from './swico.ts';

const AT = {
  version: 1,
  coding: 2,
  iban: 3,
  creditor: 4,
  amount: 18,
  currency: 19,
  debtor: 20,
  referenceType: 27,
  reference: 28,
  message: 29,
  trailer: 30,
  billing: 31,
} as const;
/** Two alternative schemes after the billing information. */
const MOST_LINES = 34;
const NAME = 70;
const MESSAGE = 140;

/** Institution numbers kept for accounts that only take payments with a QR reference. */
export const isQrIban = (iban: string): boolean => /^(CH|LI)\d\d3[01]\d{3}/.test(iban);

export function parseSwissQr(text: string): Parsed {
  const lines = linesOf(text);
  while (lines.length > AT.trailer + 1 && lines.at(-1) === '') lines.pop();
  const at = (index: number): string => lines[index] ?? '';
  if (!/^02\d\d$/.test(at(AT.version))) return broken('swiss-qr', 'version');
  if (at(AT.coding) !== '1') return broken('swiss-qr', 'coding');
  if (lines.length > MOST_LINES) return broken('swiss-qr', 'length');
  if (at(AT.trailer).trim() !== 'EPD') return broken('swiss-qr', 'trailer');
  const checker = createChecker();
  const { check, problems } = checker;
  const iban = check('iban', at(AT.iban), (value) => (/^(CH|LI)/.test(value) ? readIban(value) : undefined));
  if (at(AT.iban).trim() === '') problems.push('iban');
  const currency = check('currency', at(AT.currency), (value) =>
    value === 'CHF' || value === 'EUR' ? readCurrency(value) : undefined,
  );
  const billing = readSwico(at(AT.billing));
  return {
    kind: 'payment',
    payment: {
      ...billing.values,
      scheme: 'swiss-qr',
      iban,
      payee: readParty(checker, 'creditor', lines, AT.creditor),
      debtor: readParty(checker, 'debtor', lines, AT.debtor),
      amount: check('amount', at(AT.amount), readAmount),
      currency,
      reference: readReference(checker, at(AT.referenceType), at(AT.reference), iban),
      message: check('message', at(AT.message), readText(MESSAGE)),
      problems: [...problems, ...billing.problems],
    },
  };
}

/** The name; an address of a type that does not exist says that the lines are out of step. */
function readParty(
  { check, problems }: Checker,
  name: string,
  lines: readonly string[],
  from: number,
): string | undefined {
  const [type = '', party = '', , , , , country = ''] = lines.slice(from, from + 7);
  if (party.trim() === '' && type.trim() === '') return undefined;
  if (!/^[SK]$/.test(type.trim()) || !/^[A-Z]{2}$/.test(country.trim())) problems.push(`${name}:address`);
  return check(name, party, readText(NAME));
}

function readReference(
  { check, problems }: Checker,
  type: string,
  reference: string,
  iban: string | undefined,
): string | undefined {
  if (!['QRR', 'SCOR', 'NON'].includes(type)) problems.push('reference:type');
  if (type === 'NON') {
    if (reference.trim() !== '') problems.push('reference:type');
    return undefined;
  }
  if (iban !== undefined && isQrIban(iban) !== (type === 'QRR')) problems.push('reference:account');
  return check('reference', reference.replaceAll(' ', ''), (value) => {
    const holds =
      type === 'QRR' ? /^\d{27}$/.test(value) && isQrr(value) : /^RF\d\d[A-Z0-9]{1,21}$/.test(value) && isRf(value);
    return holds ? value : undefined;
  });
}
