import { expect, test } from 'vitest';
import { sheet } from '../testing.ts';
import { clearLanguage } from './language.ts';

const of = (text: string) => {
  const page = sheet(text, { source: 'ocr' });
  return clearLanguage(page.words, page);
};

test('the language of a few lines, read without their accents', () => {
  expect(
    of('Numero de factura: 12\nFecha de emision 3.1.\nDescripcion de los articulos segun su pedido\nBase imponible'),
  ).toBe('es');
  expect(of('Rechnungsnummer 12\nLieferdatum 3.1.\nWir danken fur Ihren Auftrag und bitten um Zahlung')).toBe('de');
  expect(of('Invoice number 12\nDue date\nThank you for your business, please pay to the account below')).toBe('en');
});

test('nothing is said where it is not clear', () => {
  expect(of('')).toBeUndefined();
  expect(of('4711 12,50 Total')).toBeUndefined();
  expect(of('Total 12.50\nTAXI 44\nNo. 4')).toBeUndefined();
});
