import { expect, test } from 'vitest';
import { weaknessOf } from './password-policy.ts';

const person = ['Erika Beispielfrau', 'erika@harbour-clinic.example', 'harbour'];

test.each([
  ['Sommer2026!', 'short'],
  ['a'.repeat(201), 'long'],
  ['Password2026!!', 'common'],
  ['P@ssw0rd!2345', 'common'],
  ['Welcome12345!', 'common'],
  ['Passwort-Passwort', 'common'],
  ['sommerwinter26', 'common'],
  ['!!Rechnung!!2026', 'common'],
  ['administrator1', 'common'],
  ['correcthorsebatterystaple', 'common'],
  ['qwertzuiop1234567890', 'common'],
  ['aaaaaaaaaaaaaa', 'pattern'],
  ['x9kx9kx9kx9kx9k', 'pattern'],
  ['123456789012345', 'pattern'],
  ['Erika-Harbour-26', 'personal'],
  ['beispielfrau_99', 'personal'],
])('refused: %s', (password, why) => {
  expect(weaknessOf(password, person)).toBe(why);
});

test.each([
  'seven grey herons at dusk',
  'Vq7#tLm2-rWx9',
  'der Kessel pfeift um halb neun',
  'mijn fiets staat bij de brug',
  'ab'.repeat(3) + 'Tq-55-velvet-crane',
  '発注書を確認してください二度',
  'é̂üçñ and something else',
])('taken: %s', (password) => {
  expect(weaknessOf(password, person)).toBeUndefined();
});

test('the name of the person within something longer is no harm', () => {
  expect(weaknessOf('erika counts eleven lighthouses', person)).toBeUndefined();
});
