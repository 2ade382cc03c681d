/** What is charged: lines, totals, taxes. All arithmetic is exact. */
import { add, compare, divide, isZero, multiply, negate, round, subtract } from '../../core/invoice/decimal.ts';
import type { Family, Line, SetName, TaxCase, TaxRow, Totals } from './model.ts';
import { addDays } from './format.ts';
import { allowed } from './parties.ts';
import type { Chance } from './random.ts';
import { type Industry, listOf, type Words } from './words/words.ts';

export interface Content {
  readonly family: Family;
  readonly industry: Industry;
  readonly taxCase: TaxCase;
  readonly rates: readonly string[];
  readonly digits: number;
  readonly issueDate: string;
  readonly words: Words;
  readonly set: SetName;
  readonly withDiscounts: boolean;
  readonly sections: boolean;
  readonly count: number;
}

const HOURLY: ReadonlySet<Industry> = new Set(['services', 'it', 'cleaning']);

/** Places in the list of qualities that go with the goods: no galvanised cheese. The list has the same order in every language. */
const FITTING: Readonly<Partial<Record<Industry, readonly number[]>>> = {
  food: [1, 3, 4, 12, 13, 15, 18],
  services: [3, 4, 19],
  it: [3, 4, 9, 10, 11, 14, 16, 19],
  cleaning: [1, 2, 3, 4, 12, 13, 19],
  medical: [1, 2, 3, 4, 12, 13, 15],
};

/** A price people ask: 4.99, 12.50, 85.00, sometimes with three or four decimals. */
function priceOf(chance: Chance, digits: number, scale: number): string {
  if (digits === 0) return String(chance.integer(1, 400) * 50);
  const whole = Math.floor(Math.exp(chance.between(Math.log(1.2), Math.log(scale))));
  const style = chance.weighted({ cents: 50, ninety: 20, round: 25, fine: 5 });
  if (style === 'round') return String(Math.max(1, whole));
  if (style === 'ninety') return `${whole}.9${chance.pick(['', '5', '9'])}`;
  if (style === 'fine') return `${whole}.${chance.digits(digits + 1)}`;
  return `${whole}.${String(chance.integer(0, 99)).padStart(2, '0')}`;
}

function quantityOf(chance: Chance, hourly: boolean): string {
  const style = chance.weighted({ one: hourly ? 20 : 30, few: 40, many: hourly ? 5 : 18, broken: hourly ? 30 : 8 });
  if (style === 'one') return '1';
  if (style === 'few') return String(chance.integer(2, 12));
  if (style === 'many') return String(chance.integer(2, 60) * 10);
  return `${chance.integer(1, 40)}.${chance.pick(['5', '25', '75'])}`;
}

export function linesFor(chance: Chance, content: Content): Line[] {
  const { words, set, industry, digits, rates, taxCase } = content;
  const goods = allowed(words.goods[industry], set);
  const others = allowed(words.goods[chance.pick(['office', 'hardware', 'services', 'it'] as const)], set);
  const fitting = FITTING[industry];
  const qualities = allowed(
    listOf(words.qualities)
      .filter((_, i) => fitting === undefined || fitting.includes(i))
      .join('|'),
    set,
  );
  const sections = listOf(words.sections);
  const hourly = HOURLY.has(industry);
  const till = content.family === 'receipt';
  const lines: Line[] = [];
  for (let i = 0; i < content.count; i++) {
    const good = chance.pick(i >= goods.length && chance.chance(0.3) ? others : goods);
    const detail = chance.weighted({ none: till ? 70 : 40, one: 35, two: 15, long: till ? 0 : 10 });
    const more =
      detail === 'none'
        ? []
        : chance.some(qualities, Math.min(qualities.length, detail === 'one' ? 1 : detail === 'two' ? 2 : 5));
    const quantity = till
      ? chance.chance(0.65)
        ? '1'
        : chance.chance(0.85)
          ? String(chance.integer(2, 4))
          : `${chance.integer(0, 2)}.${chance.integer(105, 995)}`
      : quantityOf(chance, hourly);
    const unitPrice = priceOf(
      chance,
      digits,
      till ? 30 : compare(quantity, '50') > 0 ? 40 : chance.chance(0.1) ? 4000 : 400,
    );
    const discountPercent =
      content.withDiscounts && chance.chance(0.4) ? chance.pick(['5', '10', '15', '20', '2.5']) : undefined;
    const full = round(multiply(quantity, unitPrice), digits);
    const off =
      discountPercent === undefined ? '0' : round(divide(multiply(full, discountPercent), '100', 6) ?? '0', digits);
    const unit = chance.pick(
      listOf(
        words.units[
          hourly
            ? chance.pick(['hour', 'flat', 'day', 'piece'] as const)
            : chance.pick(['piece', 'piece', 'pack', 'weight', 'metre'] as const)
        ],
      ),
    );
    const rate =
      taxCase === 'normal' || taxCase === 'included'
        ? chance.chance(0.8)
          ? rates[0]
          : chance.pick(rates)
        : taxCase === 'us'
          ? rates[0]
          : '0';
    const section = content.sections
      ? sections[Math.floor((i * Math.min(3, sections.length)) / content.count)]
      : undefined;
    lines.push({
      article: chance.pick([
        chance.digits(5),
        `${chance.letters(2)}-${chance.digits(4)}`,
        `${chance.letters(1)}${chance.digits(6)}`,
        chance.digits(8),
      ]),
      description: [good, ...more].join(', '),
      sublines:
        !till && chance.chance(0.16) ? [chance.pick(listOf(words.sublines)).replace('{n}', chance.digits(8))] : [],
      ...(section !== undefined && { section }),
      date: addDays(content.issueDate, -chance.integer(1, 28)),
      quantity,
      unit,
      unitPrice,
      ...(discountPercent !== undefined && { discountPercent }),
      rate: rate ?? '0',
      total: subtract(full, off),
    });
  }
  return lines;
}

export interface Extras {
  readonly discountPercent?: string;
  readonly freight?: string;
  readonly surcharge?: string;
  readonly prepaidShare?: string;
  readonly previous?: string;
  readonly withheldPercent?: string;
  readonly roundTo?: string;
}

const part = (value: string, percent: string, digits: number): string =>
  round(divide(multiply(value, percent), '100', 8) ?? '0', digits);

export function totalsFor(lines: readonly Line[], taxCase: TaxCase, extras: Extras, digits: number): Totals {
  const lineSum = add(...lines.map(({ total }) => total));
  if (taxCase === 'included') return included(lines, lineSum, extras, digits);
  const discount = extras.discountPercent === undefined ? undefined : part(lineSum, extras.discountPercent, digits);
  const charges = add(extras.freight ?? '0', extras.surcharge ?? '0');
  const rates = [...new Set(lines.map(({ rate }) => rate))].toSorted((a, b) => compare(b, a));
  let discountLeft = discount ?? '0';
  const taxes: TaxRow[] = rates.map((rate, i) => {
    const own = add(...lines.filter((line) => line.rate === rate).map(({ total }) => total));
    const share = i === rates.length - 1 ? discountLeft : part(own, extras.discountPercent ?? '0', digits);
    discountLeft = subtract(discountLeft, share);
    const base = add(subtract(own, share), i === 0 ? charges : '0');
    return { rate, base, amount: part(base, rate, digits) };
  });
  const net = add(subtract(lineSum, discount ?? '0'), charges);
  const tax = add(...taxes.map(({ amount }) => amount));
  return finish(
    {
      lineSum,
      ...(discount !== undefined && { discount, discountPercent: extras.discountPercent ?? '0' }),
      ...(extras.freight && { freight: extras.freight }),
      ...(extras.surcharge && { surcharge: extras.surcharge }),
      net,
      taxes,
      tax,
    },
    extras,
    digits,
  );
}

type Unfinished = Omit<Totals, 'gross' | 'due'>;

function finish(totals: Unfinished, extras: Extras, digits: number): Totals {
  const exact = add(totals.net, totals.tax);
  const rounded =
    extras.roundTo === undefined
      ? exact
      : multiply(round(divide(exact, extras.roundTo, 8) ?? exact, 0), extras.roundTo);
  const rounding = subtract(rounded, exact);
  const withheld = extras.withheldPercent === undefined ? undefined : part(totals.net, extras.withheldPercent, digits);
  const prepaid = extras.prepaidShare === undefined ? undefined : part(rounded, extras.prepaidShare, digits);
  const due = add(subtract(subtract(rounded, withheld ?? '0'), prepaid ?? '0'), extras.previous ?? '0');
  return {
    ...totals,
    ...(!isZero(rounding) && { rounding }),
    gross: rounded,
    ...(withheld !== undefined && { withheld, withheldPercent: extras.withheldPercent ?? '0' }),
    ...(prepaid !== undefined && { prepaid }),
    ...(extras.previous !== undefined && { previous: extras.previous }),
    due,
  };
}

/** Prices with tax in them: the tax is taken out of the sum, rate by rate. */
function included(lines: readonly Line[], lineSum: string, extras: Extras, digits: number): Totals {
  const rates = [...new Set(lines.map(({ rate }) => rate))].toSorted((a, b) => compare(b, a));
  const taxes = rates.map((rate) => {
    const own = add(...lines.filter((line) => line.rate === rate).map(({ total }) => total));
    const amount = round(divide(multiply(own, rate), add('100', rate), 8) ?? '0', digits);
    return { rate, base: subtract(own, amount), amount };
  });
  const tax = add(...taxes.map(({ amount }) => amount));
  return finish({ lineSum, net: subtract(lineSum, tax), taxes, tax }, extras, digits);
}

/** A credit note that is printed below zero. */
export function negated(totals: Totals): Totals {
  const optional = Object.fromEntries(
    (['discount', 'freight', 'surcharge', 'rounding', 'withheld', 'prepaid', 'previous'] as const).flatMap((key) => {
      const value = totals[key];
      return value === undefined ? [] : [[key, negate(value)]];
    }),
  );
  return {
    ...totals,
    ...optional,
    lineSum: negate(totals.lineSum),
    net: negate(totals.net),
    taxes: totals.taxes.map(({ rate, base, amount }) => ({ rate, base: negate(base), amount: negate(amount) })),
    tax: negate(totals.tax),
    gross: negate(totals.gross),
    due: negate(totals.due),
  };
}
