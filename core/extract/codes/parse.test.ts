import { describe, expect, it } from 'vitest';
import { parseCode } from './parse.ts';
import type { Payment } from './payment.ts';

/** The guidelines' layout, one element a line; tests change single elements. */
const SWISS = [
  'SPC|0200|1|CH4431999123000889012',
  'S|Max Muster & Söhne|Musterstrasse|123|8000|Seldwyla|CH',
  '||||||',
  '1949.75|CHF',
  'S|Simon Muster|Musterstrasse|1|8000|Seldwyla|CH',
  'QRR|210000000003139471430009017|Order of 15 June 2020|EPD',
  '//S1/10/10201409/11/200701/20/140.000-53/30/102673831/31/200615/32/7.7/33/7.7:139.40/40/2:10;0:30',
]
  .join('|')
  .split('|');

const EPC =
  'BCD|002|1|SCT|GENODEF1M04|Hängegleiter Oberland eG|DE89370400440532013000|EUR1234.5||RF18539007547034||'.split('|');

const changed = (lines: readonly string[], at: Record<number, string>): string =>
  lines.map((line, index) => at[index] ?? line).join('\n');

function payment(text: string): Payment {
  const parsed = parseCode(text);
  if (parsed.kind !== 'payment') throw new Error(JSON.stringify(parsed));
  return parsed.payment;
}
const problems = (text: string): readonly string[] => payment(text).problems;

describe('a Swiss QR-bill', () => {
  it('gives account, amount, parties, reference and what Swico bills say', () => {
    expect(payment(SWISS.join('\r\n'))).toEqual({
      scheme: 'swiss-qr',
      iban: 'CH4431999123000889012',
      payee: 'Max Muster & Söhne',
      debtor: 'Simon Muster',
      amount: '1949.75',
      currency: 'CHF',
      reference: '210000000003139471430009017',
      message: 'Order of 15 June 2020',
      invoiceNumber: '10201409',
      issueDate: '2020-07-01',
      vendorTaxId: 'CHE102673831',
      serviceStart: '2020-06-15',
      serviceEnd: '2020-06-15',
      rates: [{ rate: '7.7', base: undefined }],
      netDays: 30,
      problems: [],
    });
  });

  it('takes combined addresses, no amount, no debtor and a creditor reference', () => {
    const text = changed(SWISS.slice(0, 31), {
      3: 'CH5800791123000889012',
      4: 'K',
      6: 'Musterstrasse 123',
      7: '8000 Seldwyla',
      8: '',
      9: '',
      18: '',
      ...Object.fromEntries([20, 21, 22, 23, 24, 25, 26].map((line) => [line, ''])),
      27: 'SCOR',
      28: 'RF18539007547034',
    });
    expect(payment(text)).toMatchObject({
      amount: undefined,
      debtor: undefined,
      reference: 'RF18539007547034',
      problems: [],
    });
  });

  it('reads slashes within billing information, rates with their amounts, and periods', () => {
    const billing = String.raw`//S1/10/X.66711\/8824/11/200712/31/200101200131/32/8:1000;2.5:51.8`;
    expect(payment(changed(SWISS, { 31: billing }))).toMatchObject({
      invoiceNumber: 'X.66711/8824',
      serviceStart: '2020-01-01',
      serviceEnd: '2020-01-31',
      rates: [
        { rate: '8', base: '1000' },
        { rate: '2.5', base: '51.8' },
      ],
    });
  });

  it.each([
    ['iban', { 3: 'CH4431999123000889013' }],
    ['iban', { 3: 'DE89370400440532013000' }],
    ['amount', { 18: '1,949.75' }],
    ['amount', { 18: '99999999999' }],
    ['currency', { 19: 'USD' }],
    ['reference', { 28: '210000000003139471430009018' }],
    ['reference:type', { 27: 'XXX' }],
    ['reference:account', { 3: 'CH5800791123000889012' }],
    ['creditor:address', { 4: 'X' }],
    ['creditor', { 5: 'x'.repeat(71) }],
    ['billing:11', { 31: '//S1/10/1/11/209999' }],
  ])('says what is wrong: %s', (problem, at) => {
    expect(problems(changed(SWISS, at))).toContain(problem);
  });

  it.each([
    ['version', { 1: '0100' }],
    ['coding', { 2: '2' }],
    ['trailer', { 30: 'XXX' }],
  ])('is no payment with a wrong %s', (problem, at) => {
    expect(parseCode(changed(SWISS, at))).toEqual({ kind: 'broken', scheme: 'swiss-qr', problem });
  });
});

describe('an EPC code', () => {
  it('gives bank, name, account, amount and reference', () => {
    expect(payment(EPC.join('\n'))).toEqual({
      scheme: 'epc',
      iban: 'DE89370400440532013000',
      bic: 'GENODEF1M04',
      payee: 'Hängegleiter Oberland eG',
      amount: '1234.5',
      currency: 'EUR',
      reference: 'RF18539007547034',
      message: undefined,
      problems: [],
    });
  });

  it('takes version 2 without a bank, grouped accounts, trailing line ends and free text', () => {
    const text = `BCD\r\n002\r\n2\r\nSCT\r\n\r\nWerkstatt 12\r\nDE89 3704 0044 0532 0130 00\r\nEUR9\r\n\r\n\r\nInvoice 4711\r\n`;
    expect(payment(text)).toMatchObject({
      iban: 'DE89370400440532013000',
      amount: '9',
      message: 'Invoice 4711',
      problems: [],
    });
  });

  it.each([
    ['iban', { 6: 'DE89370400440532013001' }],
    ['bic', { 4: '99-99-888' }],
    ['bic', { 1: '001', 4: '' }],
    ['amount', { 7: 'USD12' }],
    ['amount', { 7: 'EUR12.345' }],
    ['reference', { 9: 'RF19539007547034' }],
    ['remittance:both', { 10: 'Invoice 1' }],
    ['creditor', { 5: 'x'.repeat(71) }],
  ])('says what is wrong: %s', (problem, at) => {
    expect(problems(changed(EPC, at))).toContain(problem);
  });

  it.each([
    ['version', { 1: '003' }],
    ['charset', { 2: '9' }],
    ['identification', { 3: 'XXX' }],
  ])('is no payment with a wrong %s', (problem, at) => {
    expect(parseCode(changed(EPC, at))).toEqual({ kind: 'broken', scheme: 'epc', problem });
  });
});

it('reads a Czech payment descriptor', () => {
  const text =
    'SPD*1.0*ACC:CZ5855000000001265098001+RZBCCZPP*AM:480.50*CC:CZK*DT:20260105*RN:D%C3%ADlna*X-VS:2026010*MSG:DEKUJEME';
  expect(payment(text)).toMatchObject({
    scheme: 'spd',
    iban: 'CZ5855000000001265098001',
    bic: 'RZBCCZPP',
    amount: '480.5',
    currency: 'CZK',
    dueDate: '2026-01-05',
    payee: 'Dílna',
    reference: '2026010',
    problems: [],
  });
});

it('reads a Slovenian payment order and checks its sum', () => {
  const lines = [
    'UPNQR|||||Janez Novak|Lepa cesta 1|1000 Ljubljana|00000012345|||COST|Račun 17|15.02.2026',
    'SI56020360253863406|SI00225268-32526-222|Podjetje d.o.o.|Nova 5|1000 Ljubljana',
  ]
    .join('|')
    .split('|');
  const sum = lines.reduce((total, line) => total + line.length + 1, 0);
  expect(payment([...lines, String(sum).padStart(3, '0')].join('\n'))).toMatchObject({
    scheme: 'upn',
    amount: '123.45',
    iban: 'SI56020360253863406',
    dueDate: '2026-02-15',
    debtor: 'Janez Novak',
    payee: 'Podjetje d.o.o.',
    problems: [],
  });
  expect(problems([...lines, '001'].join('\n'))).toContain('checksum');
});

it.each([
  'https://example.org/pay?iban=DE89370400440532013000',
  '',
  'BCDE',
  `SPC\n${'x'.repeat(5_000)}`,
  'WIFI:S:guest;;',
])('leaves other codes alone: %.20s', (text) => {
  expect(parseCode(text)).toEqual({ kind: 'other' });
});
