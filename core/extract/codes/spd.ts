/** Czech "Short Payment Descriptor" (Czech Banking Association, standard 26): `SPD*1.0*ACC:CZ..*AM:480.50*CC:CZK*...`, values percent-encoded. */
import { isRf } from '../candidates/bank.ts';
import { createChecker, readAmount, readBic, readCurrency, readDate, readIban, readText } from './elements.ts';
import { broken, type Parsed } from './payment.ts';

const NAME = 35;
const MESSAGE = 60;
const MOST_ATTRIBUTES = 60;

export function parseSpd(text: string): Parsed {
  const [, version = '', ...attributes] = text.trim().split('*');
  if (!/^[1-2]\.\d$/.test(version)) return broken('spd', 'version');
  if (attributes.length > MOST_ATTRIBUTES) return broken('spd', 'length');
  const values = new Map(
    attributes.flatMap((attribute): [string, string][] => {
      const colon = attribute.indexOf(':');
      const value = decoded(attribute.slice(colon + 1));
      return colon < 1 || value === undefined ? [] : [[attribute.slice(0, colon), value]];
    }),
  );
  const at = (key: string): string => values.get(key) ?? '';
  const { check, problems } = createChecker();
  const [account = '', bic = ''] = at('ACC').split('+');
  if (account === '') problems.push('iban');
  const reference = check('reference', at('RF'), (value) =>
    value.startsWith('RF') && !isRf(value) ? undefined : value,
  );
  return {
    kind: 'payment',
    payment: {
      scheme: 'spd',
      iban: check('iban', account, readIban),
      bic: check('bic', bic, readBic),
      payee: check('creditor', at('RN'), readText(NAME)),
      amount: check('amount', at('AM'), readAmount),
      currency: check('currency', at('CC'), readCurrency) ?? 'CZK',
      reference: check('reference', at('X-VS'), (value) => (/^\d{1,10}$/.test(value) ? value : undefined)) ?? reference,
      message: check('message', at('MSG'), readText(MESSAGE)),
      dueDate: check('dueDate', at('DT').replace(/^(\d{4})(\d\d)(\d\d)$/, '$1-$2-$3'), readDate),
      problems,
    },
  };
}

function decoded(text: string): string | undefined {
  try {
    return decodeURIComponent(text);
  } catch {
    return undefined;
  }
}
