/** Slovenian "UPN QR" (Bank Association of Slovenia): 19 lines of fixed meaning and the sum of their lengths; ISO 8859-2. */
import { isoDate } from '../../invoice/date.ts';
import { canonicalDecimal } from '../../invoice/decimal.ts';
import { createChecker, linesOf, readIban, readText } from './elements.ts';
import { broken, type Parsed } from './payment.ts';

const AT = { debtor: 5, amount: 8, purpose: 12, dueDate: 13, iban: 14, reference: 15, payee: 16, sum: 19 } as const;
const NAME = 33;
const PURPOSE = 42;

export function parseUpn(text: string): Parsed {
  const lines = linesOf(text);
  if (lines.length <= AT.sum) return broken('upn', 'length');
  const at = (index: number): string => lines[index] ?? '';
  const { check, problems } = createChecker();
  // Each line counts with its line end.
  const sum = lines.slice(0, AT.sum).reduce((total, line) => total + line.length + 1, 0);
  if (Number(at(AT.sum)) !== sum) problems.push('checksum');
  return {
    kind: 'payment',
    payment: {
      scheme: 'upn',
      iban: check('iban', at(AT.iban), readIban),
      payee: check('creditor', at(AT.payee), readText(NAME)),
      debtor: check('debtor', at(AT.debtor), readText(NAME)),
      amount: check('amount', at(AT.amount), readCents),
      currency: 'EUR',
      reference: check('reference', at(AT.reference).replaceAll(' ', ''), (value) =>
        /^(SI|RF)\d\d[\dA-Z-]{0,22}$/.test(value) ? value : undefined,
      ),
      message: check('message', at(AT.purpose), readText(PURPOSE)),
      dueDate: check('dueDate', at(AT.dueDate), readDotted),
      problems,
    },
  };
}

/** Eleven digits, the last two are cents. */
const readCents = (text: string): string | undefined =>
  /^\d{11}$/.test(text) ? canonicalDecimal(`${text.slice(0, 9)}.${text.slice(9)}`) : undefined;

function readDotted(text: string): string | undefined {
  const match = /^(\d\d)\.(\d\d)\.(\d{4})$/.exec(text);
  return match === null ? undefined : isoDate(Number(match[3]), Number(match[2]), Number(match[1]));
}
