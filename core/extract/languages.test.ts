/** One invented invoice in each language: labels, months, number styles. */
import { expect, test } from 'vitest';
import { extract } from './extract.ts';
import { sheet } from './testing.ts';

const cases: readonly (readonly [string, string, Readonly<Record<string, string>>])[] = [
  [
    'fr',
    `
Atelier Lumière SARL
14 rue des Lilas
69003 Lyon                                    FACTURE
                                              Facture N° : 2023-118
Client :                                      Date de facture : 5 mars 2023
Mairie de Brénod                              Date d'échéance : 04/04/2023
Désignation               Quantité     Prix unitaire     Montant HT
Lampe de bureau                 10             45,00         450,00
                                          Total HT           450,00
                                          TVA 20 %            90,00
                                          Total TTC        540,00 €
N° TVA intracommunautaire : FR83404833048
`,
    {
      invoiceNumber: '2023-118',
      issueDate: '2023-03-05',
      dueDate: '2023-04-04',
      netTotal: '450',
      taxTotal: '90',
      grossTotal: '540',
      vendorTaxId: 'FR83404833048',
      vendorName: 'Atelier Lumière SARL',
      buyerName: 'Mairie de Brénod',
    },
  ],
  [
    'es',
    `
Ferretería Sol y Mar S.L.
Calle Mayor 3, 28013 Madrid

Factura nº: F-77/2022                     Fecha de factura: 15 de enero de 2022
Facturar a:
Hotel Puente Nuevo
Descripción               Cantidad       Precio        Importe
Tornillos                      100         0,12          12,00
                              Base imponible             12,00
                              IVA 21%                     2,52
                              Total factura             14,52 €
Vencimiento: 14/02/2022
`,
    {
      invoiceNumber: 'F-77/2022',
      issueDate: '2022-01-15',
      dueDate: '2022-02-14',
      netTotal: '12',
      taxTotal: '2.52',
      grossTotal: '14.52',
      buyerName: 'Hotel Puente Nuevo',
    },
  ],
  [
    'it',
    `
Officina Rossi S.r.l.
Via Garibaldi 8, 10122 Torino

Fattura n. 45/2021                        Data fattura: 2 febbraio 2021
Spett.le
Comune di Alba
Descrizione               Quantità       Prezzo        Importo
Revisione                        1       200,00         200,00
                              Imponibile                200,00
                              IVA 22%                    44,00
                              Totale fattura          € 244,00
Scadenza: 04/03/2021
`,
    {
      invoiceNumber: '45/2021',
      issueDate: '2021-02-02',
      dueDate: '2021-03-04',
      netTotal: '200',
      taxTotal: '44',
      grossTotal: '244',
    },
  ],
  [
    'nl',
    `
Fietsenhuis De Brug B.V.
Kade 9, 3011 AB Rotterdam

Factuurnummer: 2020-331                   Factuurdatum: 7 mei 2020
Factuur aan:
Gemeente Waterland                        Vervaldatum: 06-06-2020
Omschrijving              Aantal         Prijs         Bedrag
Fietsband                      4         15,00          60,00
                              Totaal excl. btw          60,00
                              BTW 21%                   12,60
                              Totaal incl. btw        € 72,60
`,
    {
      invoiceNumber: '2020-331',
      issueDate: '2020-05-07',
      dueDate: '2020-06-06',
      netTotal: '60',
      taxTotal: '12.6',
      grossTotal: '72.6',
      buyerName: 'Gemeente Waterland',
    },
  ],
  [
    'pt',
    `
Padaria Aurora Lda.
Rua do Sol 5, 1200-001 Lisboa

Fatura n.º FT 12/88                       Data de emissão: 9 de março de 2022
Cliente:
Café Central
Descrição                 Quantidade     Preço          Valor
Pão de forma                      20      1,50          30,00
                              Total líquido             30,00
                              IVA 6%                     1,80
                              Total a pagar           31,80 €
Data de vencimento: 08/04/2022
`,
    {
      issueDate: '2022-03-09',
      dueDate: '2022-04-08',
      netTotal: '30',
      taxTotal: '1.8',
      grossTotal: '31.8',
      buyerName: 'Café Central',
    },
  ],
];

test.each(cases)('%s', (language, text, expected) => {
  const read = extract([sheet(text)]);
  expect(read.language).toBe(language);
  const values = Object.fromEntries(Object.entries(read.header).map(([name, cell]) => [name, cell.value]));
  expect(values).toMatchObject(expected);
  expect(read.lines).toHaveLength(1);
});
