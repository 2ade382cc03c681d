/** Addresses, terms, accounts, periods and the other details; each an invented document. */
import { expect, test } from 'vitest';
import { extract } from './extract.ts';
import { sheet } from './testing.ts';

const read = (text: string) =>
  Object.fromEntries(Object.entries(extract([sheet(text)]).header).map(([name, cell]) => [name, cell.value]));

const lines = `
Description            Qty    Unit price     Amount
Flyer A5              1000          0.10     100.00

                          Total EUR          100.00
`;

test('addresses: after the name in a sender line, under the name in a window, up to the country', () => {
  const found = read(`
Nordlicht Werkzeuge GmbH · Hafenweg 4 · 24103 Kiel

Baubetrieb Sander AG
Frau Ilse Sander
Lindenstraße 12
50674 Köln
Deutschland

Rechnung Nr. 4711
${lines}`);
  expect(found['vendorAddress']).toBe('Hafenweg 4\n24103 Kiel');
  expect(found['buyerAddress']).toBe('Frau Ilse Sander\nLindenstraße 12\n50674 Köln\nDeutschland');
});

const shippedTo = (buyer: string) =>
  read(`
Fairview Garden Supply Ltd
12 Orchard Road, Leeds LS1 4AP
01632 960 017

Bill To:                                 Ship To:
Ridgeway Mills Inc                       Ridgeway Mills Inc
${buyer}

Invoice No: 55
${lines}`);

test('addresses: a house number is no postal code, and without a town there is no address', () => {
  const found = shippedTo(
    '4120 Juniper Flats Road                  Dock 3, 9 Canal Street\nDurango, CO 81301                        Boulder, CO 80301',
  );
  expect(found['vendorAddress']).toBe('12 Orchard Road, Leeds LS1 4AP');
  expect(found['buyerAddress']).toBe('4120 Juniper Flats Road\nDurango, CO 81301');
  expect(found['deliveryAddress']).toBe('Ridgeway Mills Inc\nDock 3, 9 Canal Street\nBoulder, CO 80301');
  expect(shippedTo('Attn: Ms Ridge')['buyerAddress']).toBeUndefined();
});

test.each([
  ['Payment terms: Net 30', 'Net 30', undefined],
  ['Zahlbar innerhalb von 30 Tagen ohne Abzug.', 'Zahlbar innerhalb von 30 Tagen ohne Abzug.', undefined],
  [
    'Bei Zahlung innerhalb von 10 Tagen gewähren wir 2 % Skonto. Zahlbar bis 02.06.2024 ohne Abzug.',
    'Zahlbar bis 02.06.2024 ohne Abzug.',
    'Bei Zahlung innerhalb von 10 Tagen gewähren wir 2 % Skonto.',
  ],
  ['2 % discount if paid within 14 days.', undefined, '2 % discount if paid within 14 days.'],
  ['Paiement à 45 jours fin de mois.', 'Paiement à 45 jours fin de mois.', undefined],
  ['Bonifico bancario 60 gg data fattura', 'Bonifico bancario 60 gg data fattura', undefined],
  ['Betaling binnen 14 dagen na factuurdatum.', 'Betaling binnen 14 dagen na factuurdatum.', undefined],
  ['Late payment: interest of 2 % after 30 days.', undefined, undefined],
  ['Complaints within 8 days of delivery, please.', undefined, undefined],
  ['Pas d’escompte pour paiement anticipé.', undefined, undefined],
])('terms: %s', (sentence, payment, discount) => {
  const found = read(`\nMarlow Prints\n\nInvoice No: 55\n${lines}\n\n${sentence}\n`);
  expect([found['paymentTerms'], found['discountTerms']]).toEqual([payment, discount]);
});

test.each([
  ['Sort code 20-00-00   Account number 55779911', '20-00-00 55779911'],
  ['Routing No. 021000021\nAccount No. 123456789', '021000021 123456789'],
  ['BSB: 062-000   Acc: 1234 5678', '062-000 12345678'],
  ['Sparkasse Nord, Kontonummer 123 456 7, BLZ 120 300 00', '12030000 1234567'],
  ['Customer account 123456789', undefined],
])('accounts that are no IBAN: %s', (bank, account) => {
  expect(read(`\nMarlow Prints\n\nInvoice No: 55\n${lines}\n\n${bank}\n`)['vendorAccount']).toBe(account);
});

test.each([
  ['Creditor reference RF18 5390 0754 7034', 'RF18539007547034'],
  ['Referenz 21 00000 00003 13947 14300 09017', '210000000003139471430009017'],
  ['Mededeling +++090/9337/55493+++', '090933755493'],
  ['Creditor reference RF19 5390 0754 7034', undefined],
  ['Call 21 00000 00003 13947 14300 09018', undefined],
])('structured payment references hold their check digits: %s', (text, reference) => {
  expect(read(`\nMarlow Prints\n\nInvoice No: 55\n${lines}\n\n${text}\n`)['paymentReference']).toBe(reference);
});

const paidTo = (holder: string) =>
  read(
    `\nMarlow Prints Ltd\n12 Orchard Road, Leeds LS1 4AP\n\nInvoice No: 55\n${lines}\n\nAccount holder: ${holder}\n`,
  );

test('a payee is the account holder who is not the vendor', () => {
  expect(paidTo('Kittiwake Factoring Ltd')['payeeName']).toBe('Kittiwake Factoring Ltd');
  expect(paidTo('Marlow Prints Ltd')['payeeName']).toBeUndefined();
});

test.each([
  ['Leistungszeitraum: 01.02.2024 - 29.02.2024', '2024-02-01', '2024-02-29'],
  ['Billing period: February 2024', '2024-02-01', '2024-02-29'],
  ['Période : du 01/02/2024 au 15/02/2024', '2024-02-01', '2024-02-15'],
  ['Leistungszeitraum: 15.02.2024', undefined, undefined],
])('service periods: %s', (text, start, end) => {
  const found = read(`\nMarlow Prints\n\nInvoice No: 55\n${text}\n${lines}`);
  expect([found['servicePeriodStart'], found['servicePeriodEnd']]).toEqual([start, end]);
});

test.each([
  ['Steuerschuldnerschaft des Leistungsempfängers (Reverse Charge).'],
  ['Gemäß § 19 UStG wird keine Umsatzsteuer berechnet.'],
  ['TVA non applicable, art. 293 B du CGI'],
  ['Operación con inversión del sujeto pasivo.'],
])('the reason no tax is charged: %s', (text) => {
  expect(read(`\nMarlow Prints\n\nInvoice No: 55\n${lines}\n\n${text}\n`)['exemptionReason']).toBe(text);
});

test.each([
  ['Base imponible', 'IVA 21 %', 'IRPF -15 %', 'Total a pagar', 'Factura n.º 7'],
  ['Imponibile', 'IVA 21 %', "Ritenuta d'acconto 15 %", 'Netto a pagare', 'Fattura n. 7'],
])('tax withheld explains the way to what is paid: %s', (net, tax, withheld, due, title) => {
  const { header } = extract([
    sheet(`
Taller Boreal

${title}

                          ${net.padEnd(28)} 1.000,00
                          ${tax.padEnd(28)}   210,00
                          ${withheld.padEnd(28)}  -150,00
                          ${due.padEnd(28)} 1.060,00
`),
  ]);
  expect(header.withheldTax?.value).toBe('-150');
  expect([header.netTotal?.value, header.taxTotal?.value, header.amountDue?.value]).toEqual(['1000', '210', '1060']);
  expect(header.taxTotal?.reasons).not.toContain('totals-disagree');
});

test('a credit note names the invoice it corrects, a contract its number', () => {
  const found = read(
    `\nMarlow Prints\n\nCredit note\nCredit note no: C-9\nOriginal invoice: 55-17\nContract no: K 2231\n${lines}`,
  );
  expect(found).toMatchObject({ documentType: 'credit-note', precedingInvoice: '55-17', contractRef: 'K 2231' });
});

test('an employer\'s number is a tax number, "Nbr" a number, and so is "No." on a line of its own', () => {
  const { header } = extract([sheet('Marlow Prints\nEIN 27-6702177\n\nInvoice Nbr: 48211\n\nTotal   100.00\n')]);
  expect(header.vendorTaxId?.value).toBe('27-6702177');
  expect(header.invoiceNumber?.value).toBe('48211');
  const slip = extract([sheet('Marlow Prints\n\nNo. 15658/2023\nJanuary 9, 2023      20:50\n\nTotal   100.00\n')]);
  expect(slip.header.invoiceNumber?.value).toBe('15658/2023');
});

test('an order number says so by its prefix where the label cannot be read', () => {
  const { poNumber } = extract([
    sheet('Marlow Prints\n\n Jnv  4711      P0O48213\n\nTotal   100.00\n', { source: 'ocr' }),
  ]).header;
  expect(poNumber?.value).toBe('PO48213');
  expect(poNumber?.reasons).toContain('mended');
});

test.each([
  ['GST Reg No 002609659140', '002609659140'],
  ['Registration No. T7398357120430', 'T7398357120430'],
])('a tax id by its label or form: %s', (line, value) => {
  const { header } = extract([
    sheet(`\nHarbour Stores K.K.\n1 Harbour Road\n${line}\n\nInvoice No. 12\n\nTotal  12.00\n`),
  ]);
  expect(header.vendorTaxId?.value).toBe(value);
});

test('what stands below a title has a label of its own', () => {
  const { invoiceNumber } = read(`
Claaldex Textile SARL
8 rue Pasteur
35015 Rennes
                                          FACTURE
                       Réf. client:        K-9488
                       Contrat:          Z2023-82
                       Facture n°:            314
                       Date de facture:  24/01/26
`);
  expect(invoiceNumber).toBe('314');
});

test('a total with its currency before it is no first line of a longer label', () => {
  const { grossTotal, netTotal } = read(`
Facture n° 12

                          TOTAL             € 17.479,12
                          NET HT              14.671,03
                          T.V.A. 20% DE 13.801,25  2.760,25
                          T.V.A. 5,5% DE 869,78       47,84
`);
  expect([netTotal, grossTotal]).toEqual(['14671.03', '17479.12']);
});
