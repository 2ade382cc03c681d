import { expect, test } from 'vitest';
import { extract } from './extract.ts';
import { sheet } from './testing.ts';

const values = (text: string) => {
  const { header } = extract([sheet(text)]);
  return Object.fromEntries(Object.entries(header).map(([name, cell]) => [name, cell.value]));
};

test('a German letter: sender line, address window, table, totals, footer', () => {
  const text = `
Nordlicht Werkzeuge GmbH · Hafenweg 4 · 24103 Kiel

Baubetrieb Sander AG
Frau Ilse Sander
Lindenstraße 12
50674 Köln
                                                        Rechnungsnummer:   RE-2024-0815
                                                        Rechnungsdatum:    03.05.2024
                                                        Ihre Bestellnummer: B-7781
Rechnung

Pos   Bezeichnung                       Menge   Einzelpreis      Gesamt
1     Bohrhammer BH 800                 2,00         149,50      299,00
      inkl. Koffer
2     Schutzbrille klar                 10,00          4,20       42,00

                                     Zwischensumme               341,00
                                     zzgl. 19 % MwSt.             64,79
                                     Gesamtbetrag EUR            405,79

Zahlbar bis zum 02.06.2024 ohne Abzug.
















Nordlicht Werkzeuge GmbH         USt-IdNr. DE136695976        IBAN DE02 1203 0000 0000 2020 51
Hafenweg 4                       Tel. 0431 1234567            BIC BYLADEM1001
24103 Kiel                       info@nordlicht-werkzeuge.de
`;
  expect(values(text)).toMatchObject({
    documentType: 'invoice',
    invoiceNumber: 'RE-2024-0815',
    issueDate: '2024-05-03',
    dueDate: '2024-06-02',
    poNumber: 'B-7781',
    vendorName: 'Nordlicht Werkzeuge GmbH',
    buyerName: 'Baubetrieb Sander AG',
    vendorTaxId: 'DE136695976',
    vendorIban: 'DE02120300000000202051',
    netTotal: '341',
    taxTotal: '64.79',
    grossTotal: '405.79',
    currency: 'EUR',
  });
  const { lines } = extract([sheet(text)]);
  expect(
    lines.map((l) => [
      l.cells.description?.value,
      l.cells.quantity?.value,
      l.cells.unitPrice?.value,
      l.cells.lineTotal?.value,
    ]),
  ).toEqual([
    ['Bohrhammer BH 800\ninkl. Koffer', '2', '149.5', '299'],
    ['Schutzbrille klar', '10', '4.2', '42'],
  ]);
});

test('nothing on the page, nothing in the reading', () => {
  expect(extract([sheet('')])).toEqual({ header: {}, lines: [], taxRows: [], notes: [] });
  expect(extract([])).toEqual({ header: {}, lines: [], taxRows: [], notes: [] });
});
