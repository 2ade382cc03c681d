import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { formatAmount } from '../text/format.ts';
import { habitsOf, typedValue } from './typed-value.ts';

const en = habitsOf('en');
const de = habitsOf('de');
const amount = (text: string, habits = en) => typedValue({ type: 'amount', name: 'netTotal' }, text, habits);
const date = (text: string, habits = en) => typedValue({ type: 'date', name: 'dueDate' }, text, habits);
const ok = (value: string | null) => ({ kind: 'value', value });

describe('amounts', () => {
  it.each([
    ['1,234.56', '1234.56'],
    ['1.234,56', '1234.56'],
    ["1'234.50", '1234.5'],
    ['1 234,56', '1234.56'],
    ['€ 1,234.00', '1234'],
    ['12.50 EUR', '12.5'],
    ['(123.45)', '-123.45'],
    ['123.45-', '-123.45'],
    ['−7', '-7'],
    ['.5', '0.5'],
    ['1,234,567', '1234567'],
    ['19 %', '19'],
  ])('%s in English is %s', (text, value) => expect(amount(text)).toEqual(ok(value)));

  it('reads one sign with three digits by the habits of the writer', () => {
    expect(amount('1.234', en)).toEqual(ok('1.234'));
    expect(amount('1.234', de)).toEqual(ok('1234'));
    expect(amount('1,234', en)).toEqual(ok('1234'));
    expect(amount('1,234', de)).toEqual(ok('1.234'));
    expect(amount('19.90', de)).toEqual(ok('19.9'));
  });

  it.each(['abc', '1.23.4', '1,2,3', '--', '12a', '1.234,56,7'])('refuses %s', (text) =>
    expect(amount(text)).toEqual({ kind: 'invalid', problem: 'number' }),
  );

  it('takes back every amount as it is shown, in both languages', () => {
    fc.assert(
      fc.property(
        fc.bigInt({ min: -(10n ** 12n), max: 10n ** 12n }),
        fc.constantFrom('en', 'de'),
        (cents, language) => {
          const digits = String(cents < 0n ? -cents : cents).padStart(3, '0');
          const text = `${cents < 0n ? '-' : ''}${digits.slice(0, -2)}.${digits.slice(-2)}`;
          const canonical = amount(text) as { value: string };
          const shown = formatAmount(language, canonical.value, 'EUR');
          expect(amount(shown, habitsOf(language))).toEqual(canonical);
        },
      ),
    );
  });
});

describe('dates', () => {
  it.each([
    ['2025-03-31', '2025-03-31'],
    ['20250331', '2025-03-31'],
    ['31.3.25', '2025-03-31'],
    ['31 Mar 2025', '2025-03-31'],
    ['31. März 2025', '2025-03-31'],
    ['12 juin 2025', '2025-06-12'],
    ['12 juillet 2025', '2025-07-12'],
    ['3 de marzo de 2025', '2025-03-03'],
    ['March 31, 2025', '2025-03-31'],
    ['31/03/2025', '2025-03-31'],
    ['03/31/2025', '2025-03-31'],
    ['04/04/2025', '2025-04-04'],
  ])('%s', (text, iso) => expect(date(text)).toEqual(ok(iso)));

  it('asks where day and month could be swapped, unless the writer puts the day first', () => {
    expect(date('03/04/2025', en)).toEqual({ kind: 'invalid', problem: 'date-ambiguous' });
    expect(date('03/04/2025', de)).toEqual(ok('2025-04-03'));
  });

  it('refuses days that do not exist', () => {
    expect(date('31.02.2025')).toEqual({ kind: 'invalid', problem: 'date' });
    expect(date('tomorrow')).toEqual({ kind: 'invalid', problem: 'date' });
  });
});

describe('other fields', () => {
  it('clears, trims and normalises', () => {
    expect(typedValue({ type: 'id', name: 'invoiceNumber' }, '  ', en)).toEqual(ok(null));
    expect(typedValue({ type: 'iban', name: 'vendorIban' }, 'de89 3704-0044 0532', en)).toEqual(ok('DE89370400440532'));
    expect(typedValue({ type: 'currency', name: 'currency' }, '€', en)).toEqual(ok('EUR'));
    expect(typedValue({ type: 'currency', name: 'currency' }, 'euro', en)).toEqual({
      kind: 'invalid',
      problem: 'currency',
    });
    expect(typedValue({ type: 'multiline', name: 'vendorAddress' }, ' A  St 1 \n B ', en)).toEqual(ok('A St 1\nB'));
    expect(typedValue({ type: 'code', name: 'documentType' }, 'invoice', en)).toEqual(ok('invoice'));
    expect(typedValue({ type: 'code', name: 'documentType' }, 'letter', en)).toEqual({
      kind: 'invalid',
      problem: 'code',
    });
  });
});
