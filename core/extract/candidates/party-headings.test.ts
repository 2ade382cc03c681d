import { expect, test } from 'vitest';
import { extract } from '../extract.ts';
import { sheet } from '../testing.ts';

const letter = (served: string): string => `
Talleres Miramar S.L.
Calle Mayor 12
28013 Madrid

Factura: 2024-118                 Fecha: 03/05/2024
Vendedor: ${served}

Cliente
Jardines Ribera S.A.
Paseo del Prado 8
28014 Madrid

Descripción            Cantidad    Precio     Importe
Revisión                      1    100,00      100,00

                          Total EUR            100,00
`;

test('who served the buyer is not the vendor, a company under the same word is', () => {
  expect(extract([sheet(letter('Ana Ruiz'))]).header.vendorName?.value).toBe('Talleres Miramar S.L.');
  expect(extract([sheet(letter('Aceros Norte S.A.'))]).header.vendorName?.value).toBe('Aceros Norte S.A.');
});

test('the heads of the table below a party are nobody, nor is an article a company by its letters', () => {
  const { header } = extract([
    sheet(`
Talleres Miramar S.L.
Calle Mayor 12
28013 Madrid

Cliente

Referencia   Descripción            Cantidad    Precio     Importe
A-12         Correa SPA 1250               1    100,00      100,00

                                     Total EUR            100,00
`),
  ]);
  expect(header.vendorName?.value).toBe('Talleres Miramar S.L.');
  expect(header.buyerName).toBeUndefined();
});
