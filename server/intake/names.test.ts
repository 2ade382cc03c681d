import fc from 'fast-check';
import { expect, test } from 'vitest';
import { cleanName } from './names.ts';

test.each([
  ['../../etc/passwd', 'passwd'],
  ['C:\\Users\\me\\invoice.pdf', 'invoice.pdf'],
  ['in\u0000voice\u202Efdp.exe', 'invoicefdp.exe'],
  ['u\u0308ber  \t zahlung.pdf', 'über zahlung.pdf'],
  ['..', 'unnamed'],
  ['', 'unnamed'],
  ['a/', 'unnamed'],
  ['CON', 'CON'],
])('%j -> %j', (given, cleaned) => {
  expect(cleanName(given)).toBe(cleaned);
});

test('a long name keeps its extension', () => {
  const name = cleanName(`${'ü'.repeat(400)}.pdf`);
  expect(name.endsWith('.pdf')).toBe(true);
  expect(Buffer.byteLength(name)).toBeLessThanOrEqual(255);
});

test('whatever comes in: short, no separators, nothing invisible, stable', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary', maxLength: 600 }), (given) => {
      const name = cleanName(given);
      return name !== '' && Buffer.byteLength(name) <= 255 && !/[/\\\p{C}]/u.test(name) && name === cleanName(name);
    }),
  );
});
