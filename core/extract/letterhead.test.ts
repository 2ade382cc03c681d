/** Titles and names as letterheads print them; each an invented document. */
import { expect, test } from 'vitest';
import type { PageReading } from '../contract/reading.ts';
import { extract } from './extract.ts';
import { sheet } from './testing.ts';
import { cleanName } from './values/name.ts';

/** The words of some lines printed larger, as in a letterhead. */
function enlarged(page: PageReading, rows: readonly number[], by = 1.9): PageReading {
  const step = 10_000 / 70;
  const words = page.words.map((word) => {
    const row = Math.floor(word.box[1] / step);
    if (!rows.includes(row)) return word;
    const half = ((word.box[3] - word.box[1]) * (by - 1)) / 2;
    const [x0, y0, x1, y1] = word.box;
    return { ...word, box: [x0, Math.round(y0 - half), x1, Math.round(y1 + half)] as typeof word.box };
  });
  return { ...page, words };
}

const body = `
Bill to
Lindholm Works Ltd

Description            Qty    Unit price     Amount
Flyer A5              1000          0.10     100.00

                          Total EUR          100.00
`;
const type = (text: string) => extract([sheet(text + body)]).header.documentType;

test.each([
  ['Invoice'],
  ['RECHNUNG'],
  ['Facture F-2024-12'],
  ['Rechnung Nr. 4711 vom 03.05.2024'],
  ['Factura'],
  ['Fattura n. 12 del 03/05/2024'],
  ['R E C H N U N G'],
])('a clear title makes the kind of document sure: %s', (title) => {
  const cell = type(`\nMarlow Prints\n\n${title}\n`);
  expect(cell?.value).toBe('invoice');
  expect(cell?.confidence).toBeGreaterThan(0.74);
});

test('a large title is surest; without one the label of the number says it fairly well', () => {
  const large = extract([enlarged(sheet(`\nMarlow Prints\n\nInvoice\n${body}`), [3])]).header.documentType;
  expect(large?.confidence).toBeGreaterThan(0.88);
  const bare = type('\nMarlow Prints\n\nInvoice No: 55-12\n');
  expect(bare?.value).toBe('invoice');
  expect(bare?.confidence).toBeGreaterThan(0.65);
});

test('a delivery note named as a reference is no title', () => {
  expect(type('\nMarlow Prints\n\nInvoice No: 55-12\nDelivery note      4711\n')?.value).toBe('invoice');
  expect(type('\nMarlow Prints\n\nDelivery note\n')?.value).toBe('delivery-note');
});

test('a name in two large lines is one name', () => {
  const page = enlarged(
    sheet(`Talleres\n\nBoreal S.L.\n\n\n\nCalle Mayor 4\n28013 Madrid\n\nFactura\n${body}`),
    [0, 2],
  );
  expect(extract([page]).header.vendorName?.value).toBe('Talleres Boreal S.L.');
  const form = sheet(`Atelier Vaubrun\nSARL\n8 rue des Lilas\n69009 Lyon\n\nFacture\n${body}`);
  expect(extract([form]).header.vendorName?.value).toBe('Atelier Vaubrun SARL');
});

test('a person above a company of the same size stays apart', () => {
  const page = sheet(`\nOla Berg\nBerg Montage GmbH\nHafenweg 4\n24103 Kiel\n\nRechnung\n${body}`);
  expect(extract([page]).header.vendorName?.value).not.toBe('Ola Berg Berg Montage GmbH');
});

const vendorOver = (footer: string) => extract([footed(footer)]).header.vendorName?.value;
const footed = (footer: string) => sheet(`\nBorealis\nHafenweg 4, 24103 Kiel\n\nRechnung\n${body}\n\n\n\n${footer}`);

test('the legal form in the footer completes the brand of the letterhead, unless two companies share it', () => {
  expect(vendorOver('Borealis Handels GmbH, Sitz Kiel')).toBe('Borealis Handels GmbH');
  expect(vendorOver('Borealis GmbH & Co. KG | Amtsgericht Kiel')).toBe('Borealis GmbH & Co. KG');
  expect(vendorOver('Borealis Handels GmbH, Borealis Logistik AG')).not.toBe('Borealis Logistik AG');
});

test.each([
  ['Marlow Prints Ltd (Company Reg. No. 00998877)', 'Marlow Prints Ltd'],
  ['Kedai Bintang Sdn Bhd (139386 X)', 'Kedai Bintang Sdn Bhd'],
  ['Atelier Vaubrun, domiciliation Banque des Pentes', 'Atelier Vaubrun'],
  ['Regal Nova Ltd', 'Regal Nova Ltd'],
])('what follows a name on its line is no part of it: %s', (text, name) => {
  expect(cleanName(text)).toBe(name);
});

const named = (text: string) => extract([sheet(text + body)]).header.vendorName?.value;

test('a sender line with the street behind a comma, a supplier called Supplier, a monogram beside the name', () => {
  const sender = '\nInvoice 2024-12\n\nMarlow Prints Ltd , 71 Mill Road · 13021 Marseille\n';
  expect(named(sender)).toBe('Marlow Prints Ltd');
  expect(named('\nInvoice 2024-12\n\nVerkäufer\nLiefer ant GmbH\nHafenstraße 4\n20457 Hamburg\n')).toBe(
    'Liefer ant GmbH',
  );
  expect(named('\n   NV      Marlow Verpakkingen SRL\n\nInvoice 2024-12\n')).toBe('Marlow Verpakkingen SRL');
});

test('the capital in the small print is no name; short and long forms of companies close one', () => {
  const french = sheet(
    `\nPrestations Vaubrun\n4 rue du Port\n69001 Lyon\n${body}${'\n'.repeat(45)}SAS au capital de 10 000 €\n`,
  );
  expect(extract([french]).header.vendorName?.value).toBe('Prestations Vaubrun');
  for (const name of ['Marlow Technik eG', 'Marlow Bau Ges.m.b.H.', 'MARLOW LTD'])
    expect(named(`\n${name}\n4 Mill Road\n`)).toBe(name);
});

test('a street with its number is no name, neither above the address window nor in the head', () => {
  const { header } = extract([
    sheet(`
Verimar Feinkost OG

Speicherkai 60 · 9079 Klagenfurt · Telefon +43 1 735 76 90

Rechnung 202579749
${body}`),
  ]);
  expect(header.vendorName?.value).toBe('Verimar Feinkost OG');
});
