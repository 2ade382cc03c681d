import { currencyDigits } from '../../core/invoice/currency.ts';
import { add, compare, divide, multiply, round, subtract } from '../../core/invoice/decimal.ts';
import type { Sample, TotalLine, Totals } from './model.ts';

/** Tax once per rate on the sum of its lines; freight is taxed at the first line's rate. */
export function totalsOf(sample: Sample): Totals {
  const digits = currencyDigits(sample.currency) ?? 2;
  const lines = sample.lines.map((line, index) => ({
    ...line,
    position: index + 1,
    total: round(subtract(multiply(line.quantity, line.unitPrice), line.discount ?? '0'), digits),
  }));
  const lineSum = add(...lines.map(({ total }) => total));
  if (sample.pricesIncludeTax) return inclusive(sample, lines, lineSum, digits);
  const charge = sample.charge?.amount ?? '0';
  const rates = [...new Set(lines.map(({ rate }) => rate))].toSorted((a, b) => compare(b, a));
  const taxes = rates.map((rate) => {
    const own = lines.filter((line) => line.rate === rate).map(({ total }) => total);
    const base = add(...own, rate === sample.lines[0]?.rate ? charge : '0');
    return { rate, base, amount: round(divide(multiply(base, rate), '100', 8) ?? '0', digits) };
  });
  const net = add(lineSum, charge);
  const tax = add(...taxes.map(({ amount }) => amount));
  const gross = add(net, tax);
  return { lines, lineSum, net, taxes, tax, gross, due: subtract(sample.printedGross ?? gross, sample.prepaid ?? '0') };
}

function inclusive(sample: Sample, lines: readonly TotalLine[], gross: string, digits: number): Totals {
  const rate = sample.lines[0]?.rate ?? '0';
  const amount = round(divide(multiply(gross, rate), add('100', rate), 8) ?? '0', digits);
  const net = subtract(gross, amount);
  return { lines, lineSum: gross, net, taxes: [{ rate, base: net, amount }], tax: amount, gross, due: gross };
}
