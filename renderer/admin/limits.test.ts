import { expect, test } from 'vitest';
import { limitAmount, readLimits } from './limits.ts';

const row = (currency: string, amount: string, key = 1) => ({ key, currency, amount });

test('an amount is typed as the language writes it and kept in minor units', () => {
  expect(readLimits([row('eur', '10,000')], 'en')).toEqual({
    kind: 'limits',
    limits: [{ currency: 'EUR', minor: '1000000' }],
  });
  expect(readLimits([row('EUR', '10.000,50'), row('JPY', '500000', 2), row('', '', 3)], 'de')).toEqual({
    kind: 'limits',
    limits: [
      { currency: 'EUR', minor: '1000050' },
      { currency: 'JPY', minor: '500000' },
    ],
  });
});

test('what is no limit says why', () => {
  const problem = (...rows: ReturnType<typeof row>[]) => {
    const read = readLimits(rows, 'en');
    return read.kind === 'problem' ? read : undefined;
  };
  expect(problem(row('XQX', '1'))?.problem).toEqual({ kind: 'unknown', text: 'XQX' });
  expect(problem(row('EUR', ''))?.problem).toEqual({ kind: 'amountWrong', text: '' });
  expect(problem(row('EUR', '-5'))?.problem).toEqual({ kind: 'amountWrong', text: '-5' });
  expect(problem(row('JPY', '1.5'))?.problem).toEqual({ kind: 'digits', currency: 'JPY', n: 0 });
  expect(problem(row('EUR', '99999999999999999999'))?.problem.kind).toBe('amountWrong');
  expect(problem(row('EUR', '1'), row('eur', '2', 7))).toMatchObject({ key: 7, problem: { kind: 'twice' } });
});

test('an amount comes back as it was typed', () => {
  for (const [currency, minor, amount] of [
    ['EUR', '1000050', '10000.50'],
    ['EUR', '5', '0.05'],
    ['EUR', '0', '0.00'],
    ['JPY', '500', '500'],
    ['KWD', '1234', '1.234'],
  ] as const)
    expect(limitAmount({ currency, minor })).toBe(amount);
});
