/** EPC069-12, "Quick Response Code: Guidelines to Enable Data Capture for the Initiation of a SEPA Credit Transfer"; also known as Girocode. */
import { isRf } from '../candidates/bank.ts';
import { createChecker, linesOf, readAmount, readBic, readIban, readText } from './elements.ts';
import { broken, type Parsed } from './payment.ts';

const MOST_LINES = 12;
const NAME = 70;
const REMITTANCE = 140;

export function parseEpc(text: string): Parsed {
  const lines = linesOf(text);
  while (lines.at(-1) === '') lines.pop();
  const [, version = '', charset = '', identification = '', bic = '', name = '', iban = '', amount = ''] = lines;
  const [, reference = '', remittance = ''] = lines.slice(8);
  if (!/^00[12]$/.test(version)) return broken('epc', 'version');
  if (!/^[1-8]$/.test(charset)) return broken('epc', 'charset');
  if (!/^(SCT|INST)$/.test(identification)) return broken('epc', 'identification');
  if (lines.length > MOST_LINES) return broken('epc', 'length');
  const { check, problems } = createChecker();
  // Version 001 names the bank always, 002 only outside of the EEA.
  if (version === '001' && bic.trim() === '') problems.push('bic');
  if (iban.trim() === '') problems.push('iban');
  if (name.trim() === '') problems.push('creditor');
  if (reference.trim() !== '' && remittance.trim() !== '') problems.push('remittance:both');
  const euros = check('amount', amount, (value) =>
    value.startsWith('EUR') ? readAmount(value.slice(3).trim()) : undefined,
  );
  return {
    kind: 'payment',
    payment: {
      scheme: 'epc',
      iban: check('iban', iban, readIban),
      bic: check('bic', bic, readBic),
      payee: check('creditor', name, readText(NAME)),
      // Zero is written by programs that leave the amount to the payer.
      amount: euros === '0' ? undefined : euros,
      currency: 'EUR',
      reference: check('reference', reference.replaceAll(' ', ''), readReference),
      message: check('message', remittance, readText(REMITTANCE)),
      problems,
    },
  };
}

/** An RF reference has check digits; other structured references are national and taken as they are. */
function readReference(text: string): string | undefined {
  if (!/^[A-Z0-9/+*-]{1,35}$/i.test(text)) return undefined;
  return /^RF\d\d/.test(text) && !isRf(text) ? undefined : text;
}
