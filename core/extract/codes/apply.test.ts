import { describe, expect, it } from 'vitest';
import type { Box, Extraction, PageReading } from '../../contract/reading.ts';
import { extract } from '../extract.ts';
import { sheet } from '../testing.ts';
import { codeNotes } from './apply.ts';

const LETTER = `
Alpenblick Holzbau AG                                        CHE-102.673.831 MWST
Seestrasse 4
8000 Seldwyla

Simon Muster AG
Musterstrasse 1
8000 Seldwyla

Rechnung                                      Rechnungsnummer:  10201409
                                              Rechnungsdatum:   01.07.2020

Pos   Bezeichnung                       Menge   Einzelpreis      Gesamt
1     Dachstuhl                         1,00         1810,35    1810,35

                                     Nettobetrag               1810,35
                                     7,7 % MwSt.                139,40
                                     Gesamtbetrag CHF          1949,75

Konto CH44 3199 9123 0008 8901 2
Referenz 21 00000 00003 13947 14300 09017
`;
const EURO = LETTER.replace('CHF', 'EUR').replace('CH44 3199 9123 0008 8901 2', 'DE89 3704 0044 0532 0130 00');

interface Bill {
  readonly iban?: string;
  readonly creditor?: string;
  readonly amount?: string;
  readonly reference?: readonly [string, string];
  readonly billing?: string;
}

const swiss = ({ iban = 'CH4431999123000889012', creditor = 'Alpenblick Holzbau AG', ...bill }: Bill = {}): string =>
  [
    `SPC|0200|1|${iban}|S|${creditor}|Seestrasse|4|8000|Seldwyla|CH||||||||${bill.amount ?? '1949.75'}|CHF`,
    'S|Simon Muster AG|Musterstrasse|1|8000|Seldwyla|CH',
    `${(bill.reference ?? ['QRR', '210000000003139471430009017']).join('|')}||EPD|${bill.billing ?? ''}`,
  ]
    .join('|')
    .replaceAll('|', '\n');

const BOX: Box = [3_000, 7_000, 5_000, 9_000];
const withCode = (text: string, ...codes: readonly string[]): PageReading => ({
  ...sheet(text),
  codes: codes.map((code) => ({ format: 'QRCode', text: code, box: BOX })),
});
const read = (text: string, ...codes: readonly string[]): Extraction => extract([withCode(text, ...codes)]);
const epc = (lines: string): string => `BCD|002|1|SCT||Alpenblick Holzbau AG|${lines}`.replaceAll('|', '\n');
const differences = ({ notes }: Extraction) =>
  notes.filter(({ code }) => code === 'CODE_DIFFERS').map(({ params }) => params);

describe('a code that says what the page says', () => {
  const { header, notes } = read(LETTER, swiss({ billing: '//S1/10/10201409/11/200701/30/102673831/32/7.7/40/0:30' }));

  it('confirms account, reference, amounts, parties, number and date, and keeps their places in print', () => {
    for (const field of [
      'vendorIban',
      'paymentReference',
      'grossTotal',
      'amountDue',
      'currency',
      'vendorName',
      'buyerName',
      'invoiceNumber',
      'issueDate',
      'vendorTaxId',
    ] as const) {
      const cell = header[field];
      expect(cell?.reasons, field).toContain('code:swiss-qr');
      expect(cell?.confidence, field).toBeGreaterThanOrEqual(0.97);
      expect(cell?.box, field).not.toEqual(BOX);
    }
    expect(header.grossTotal?.value).toBe('1949.75');
    expect(notes).toEqual([]);
  });

  it('fills what the page does not say, with the place of the code', () => {
    expect(header.dueDate).toMatchObject({ value: '2020-07-31', source: 'code', page: 1, box: BOX });
    expect(header.payeeName).toBeUndefined();
  });
});

describe('account and reference', () => {
  it('are those of the code; another account in print is a contradiction', () => {
    const extraction = read(EURO, epc('DE02120300000000202051|EUR1949.75'));
    expect(extraction.header.vendorIban).toMatchObject({ value: 'DE02120300000000202051', source: 'code' });
    expect(extraction.header.vendorIban?.confidence).toBeLessThan(0.8);
    expect(extraction.header.vendorIban?.candidates.map((c) => c.value)).toContain('DE89370400440532013000');
    expect(differences(extraction)).toEqual([
      { field: 'vendorIban', code: 'DE02120300000000202051', print: 'DE89370400440532013000', scheme: 'epc' },
    ]);
  });

  it('of several printed accounts the one of the code is chosen without a word', () => {
    const both = `${EURO}\nzweites Konto DE02 1203 0000 0000 2020 51\n`;
    const extraction = read(both, epc('DE02120300000000202051|EUR1949.75'));
    expect(extraction.header.vendorIban).toMatchObject({ value: 'DE02120300000000202051', confidence: 0.99 });
    expect(differences(extraction)).toEqual([]);
  });

  it('a QR-IBAN beside an ordinary account is none', () => {
    const page = LETTER.replace('CH44 3199 9123 0008 8901 2', 'CH58 0079 1123 0008 8901 2');
    const extraction = read(page, swiss());
    expect(extraction.header.vendorIban?.value).toBe('CH4431999123000889012');
    expect(differences(extraction)).toEqual([]);
  });

  it('with wrong check digits are not taken, and a note says so', () => {
    const { header, notes } = read(LETTER, swiss({ iban: 'CH4431999123000889013' }));
    expect(header.vendorIban?.value).toBe('CH4431999123000889012');
    expect(notes).toMatchObject([{ code: 'CODE_INVALID', page: 1, params: { scheme: 'swiss-qr', problem: 'iban' } }]);
  });
});

describe('an amount', () => {
  it('that the page does not show is offered, and print that adds up stays', () => {
    const extraction = read(LETTER, swiss({ amount: '1994.75' }));
    expect(extraction.header.grossTotal?.value).toBe('1949.75');
    expect(extraction.header.amountDue?.value).toBe('1949.75');
    expect(extraction.header.amountDue?.candidates).toContainEqual(
      expect.objectContaining({ value: '1994.75', source: 'code' }),
    );
    expect(differences(extraction)).toMatchObject([{ field: 'amountDue', code: '1994.75', print: '1949.75' }]);
  });

  it('stands against a total misread from pixels', () => {
    const scanned = sheet('Firma Beispiel AG\n\nRechnung 4711\n\nTotal CHF  1349.75\n', { source: 'ocr' });
    const page = { ...scanned, codes: [{ format: 'QRCode', text: swiss(), box: BOX }] };
    const extraction = extract([page]);
    expect(extraction.header.grossTotal).toMatchObject({ value: '1949.75', source: 'code' });
    expect(differences(extraction)).toHaveLength(1);
  });

  it('of instalments is no contradiction where they add up', () => {
    const reference = ['NON', ''] as const;
    const iban = 'CH5800791123000889012';
    const halves = ['1000', '949.75'].map((amount) => swiss({ amount, reference, iban }));
    const extraction = read(LETTER, ...halves);
    expect(extraction.header.amountDue?.reasons).toContain('code:swiss-qr');
    expect(differences(extraction).filter(({ field }) => field !== 'vendorIban')).toEqual([]);
  });

  it('in another currency than the page says nothing about its totals', () => {
    const extraction = read(LETTER, epc('CH5800791123000889012|EUR1800'));
    expect(extraction.header.grossTotal?.value).toBe('1949.75');
    expect(extraction.header.currency?.value).toBe('CHF');
    expect(differences(extraction)).toContainEqual(expect.objectContaining({ field: 'currency', code: 'EUR' }));
  });

  it('is all there is of a page without totals', () => {
    const { header } = read('Zahlteil\n\nBitte zahlen\n', swiss());
    expect(header.amountDue).toMatchObject({ value: '1949.75', source: 'code' });
    expect(header.vendorName?.value).toBe('Alpenblick Holzbau AG');
  });
});

it('who is paid instead of the vendor is the payee', () => {
  const { header } = read(LETTER, swiss({ creditor: 'Finanzfactor Bank AG' }));
  expect(header.vendorName?.value).toBe('Alpenblick Holzbau AG');
  expect(header.payeeName).toMatchObject({ value: 'Finanzfactor Bank AG', source: 'code' });
});

it('a number in the free text confirms the one that was read, and gives none', () => {
  const said = read(EURO, epc('DE89370400440532013000|EUR1949.75|||Rechnung 10201409 vom 1.7.'));
  expect(said.header.invoiceNumber?.reasons).toContain('code:epc');
  const silent = read(
    EURO.replace('Rechnungsnummer:  10201409', ''),
    epc('DE89370400440532013000|EUR1949.75|||Rechnung 99'),
  );
  expect(silent.header.invoiceNumber?.value).not.toBe('99');
});

it('day and month that nothing told apart follow from the code', () => {
  const page = LETTER.replace('Rechnungsdatum:   01.07.2020', 'Invoice date: 01/07/2020').replaceAll('MwSt', 'VAT');
  const { header, notes } = read(page, swiss({ billing: '//S1/10/10201409/11/200701' }));
  expect(header.issueDate).toMatchObject({ value: '2020-07-01' });
  expect(notes.filter(({ code }) => code === 'DATE_AMBIGUOUS' || code === 'CODE_DIFFERS')).toEqual([]);
});

const cell = (value: string) => ({
  value,
  text: value,
  source: 'xml' as const,
  confidence: 1,
  reasons: [],
  candidates: [],
});

it('an XML stays as it is, and what its code says otherwise is told', () => {
  const header = { vendorIban: cell('DE89370400440532013000'), amountDue: cell('119'), currency: cell('EUR') };
  const page = withCode('nothing', epc('DE02120300000000202051|EUR120'));
  const notes = codeNotes({ header, lines: [], taxRows: [], notes: [] }, [page]);
  expect(notes.map(({ params }) => params['field'])).toEqual(['amountDue', 'vendorIban']);
  expect(header.vendorIban.value).toBe('DE89370400440532013000');
  const same = withCode('nothing', epc('DE89370400440532013000|EUR119'));
  expect(codeNotes({ header, lines: [], taxRows: [], notes: [] }, [same])).toEqual([]);
});

it('a page whose words could not be read still has its code', () => {
  const page: PageReading = { ...withCode('', swiss()), source: 'none', words: [] };
  expect(extract([page]).header.vendorIban?.value).toBe('CH4431999123000889012');
});

it('codes of other kinds and more of them than anybody prints change nothing', () => {
  const plain = read(LETTER);
  expect(read(LETTER, 'https://example.org')).toEqual(plain);
  const many = Array.from({ length: 500 }, (_, i) => `BCD\n002\n1\nXXX\n${i}`);
  expect(read(LETTER, ...many).notes).toHaveLength(32);
});
