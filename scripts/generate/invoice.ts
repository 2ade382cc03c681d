/** One document of a vendor: what is on this very invoice. */
import { currencyDigits } from '../../core/invoice/currency.ts';
import { compare, divide, multiply, negate, round, subtract } from '../../core/invoice/decimal.ts';
import { type Extras, linesFor, negated, totalsFor } from './content.ts';
import { addDays, dateText } from './format.ts';
import { type House, WORDS } from './house.ts';
import type { Company, DocumentType, Family, Kind, Line, SetName, Spec } from './model.ts';
import { noiseFor } from './noise.ts';
import { company } from './parties.ts';
import type { Chance } from './random.ts';
import { regionOf } from './regions.ts';
import { listOf } from './words/words.ts';

interface Identity {
  readonly seed: number;
  readonly index: number;
  readonly set: SetName;
  readonly kind: Kind;
  readonly payment?: 'swiss-qr' | 'epc';
  /** Of a series: the same customer each time, numbers that go up. */
  readonly nth?: number;
  readonly buyer?: Company;
}

/** One document of a vendor. */
export function specOf(house: House, chance: Chance, identity: Identity): Spec {
  const { family, taxCase, language, style } = house;
  const words = WORDS[language];
  const region = regionOf(house.country);
  const digits = currencyDigits(house.currency) ?? 2;
  const issueDate =
    identity.nth === undefined
      ? addDays('2021-01-04', chance.integer(0, 2100))
      : addDays('2024-01-08', identity.nth * 30 + chance.integer(0, 12));
  const docType: DocumentType =
    family === 'receipt' ? 'receipt' : identity.nth === undefined && chance.chance(0.06) ? 'credit-note' : 'invoice';
  const negative = docType === 'credit-note' && chance.chance(0.5);
  const count = lineCount(chance, family, identity.kind);
  const positive = linesFor(chance, {
    family,
    industry: house.industry,
    taxCase,
    rates: taxCase === 'us' ? [chance.pick(region.rates)] : region.rates,
    digits,
    issueDate,
    words,
    set: identity.set,
    withDiscounts: style.columns.includes('discount'),
    sections: count > 6 && chance.chance(0.3),
    count,
  });
  const lines = negative ? positive.map((line) => turned(line)) : positive;
  const plainTotals = totalsFor(positive, taxCase, extrasFor(chance, house, positive.length), digits);
  const totals = negative ? negated(plainTotals) : plainTotals;
  const year = issueDate.slice(0, 4);
  const dueDate = addDays(issueDate, house.days);
  const { shows } = house;
  const number = numberFor(chance, house.numbering, year, identity.nth);
  const paid = family === 'receipt' ? payment(chance, totals.due, digits) : undefined;
  const months = listOf(words.months);
  const monthsShort = listOf(words.monthsShort);
  const dateFormat = { format: house.format, months, monthsShort };
  const filled = (text: string): string =>
    text.replace('{days}', String(house.days)).replace('{date}', dateText(dateFormat, dueDate));
  const noise = noiseFor(chance, identity.kind, family);
  const buyer = identity.buyer ?? buyerFor(chance, house, identity.set);
  return {
    seed: identity.seed,
    index: identity.index,
    set: identity.set,
    kind: identity.kind,
    family,
    language,
    country: house.country,
    currency: house.currency,
    docType,
    taxCase,
    vendor: house.vendor,
    buyer,
    ...(chance.chance(0.25) && { shipTo: buyerFor(chance, house, identity.set) }),
    number,
    issueDate,
    ...((shows.due || house.texts.terms.includes('{date}')) && { dueDate }),
    ...(shows.delivery && { deliveryDate: addDays(issueDate, -chance.integer(0, 9)) }),
    ...(shows.orderDate && { orderDate: addDays(issueDate, -chance.integer(8, 40)) }),
    ...((family === 'utility' || family === 'telecom' || chance.chance(0.08)) && {
      period: [addDays(issueDate, -35), addDays(issueDate, -5)] as const,
    }),
    ...(shows.po && family !== 'receipt' && { poNumber: poFor(chance) }),
    ...(shows.customer && {
      customerNumber: chance.pick([
        chance.digits(5),
        `K-${chance.digits(4)}`,
        chance.digits(6),
        `C${chance.digits(5)}`,
      ]),
    }),
    ...(shows.deliveryNote && {
      deliveryNote: chance.pick([`LS${chance.digits(6)}`, chance.digits(7), `DN-${chance.digits(5)}`]),
    }),
    ...(shows.project &&
      !house.quirks.oddNumber && { project: `${chance.letters(1)}${chance.digits(4)}-${chance.digits(2)}` }),
    ...(docType === 'credit-note' && { preceding: numberFor(chance, house.numbering, year, undefined) }),
    ...(shows.reference && { reference: number }),
    negative,
    lines,
    totals,
    terms: docType === 'credit-note' ? '' : filled(house.texts.terms),
    notes: house.texts.notes,
    greeting: house.texts.greeting,
    words: house.words,
    months,
    monthsShort,
    format: house.format,
    style,
    quirks: house.quirks,
    ...(paid && { paid }),
    ...(noise && { noise }),
    ...(identity.payment && { payment: identity.payment }),
  };
}

const turned = (line: Line): Line => ({ ...line, quantity: negate(line.quantity), total: negate(line.total) });

export const buyerFor = (chance: Chance, { country, language }: House, set: SetName): Company =>
  company(chance, {
    country: chance.chance(0.88) || regionOf(country).languages[0] !== language ? country : country,
    language,
    words: WORDS[language],
    set,
    person: chance.chance(0.14),
  });

function lineCount(chance: Chance, family: Family, kind: Kind): number {
  if (family === 'receipt') return chance.integer(1, 12);
  if (kind === 'photo') return chance.integer(1, 7);
  if (family === 'telecom') return chance.integer(12, kind === 'digital' ? 62 : 30);
  if (family === 'hotel') return chance.integer(2, 11);
  if (family === 'utility') return chance.integer(2, 6);
  const size = chance.weighted({ one: 14, few: 46, some: 28, many: 9, very: 3 });
  if (size === 'one') return 1;
  if (size === 'few') return chance.integer(2, 5);
  if (size === 'some') return chance.integer(6, 14);
  return size === 'many' ? chance.integer(15, 32) : kind === 'digital' ? chance.integer(33, 66) : 20;
}

function extrasFor(chance: Chance, { taxCase, country, family, currency, language }: House, count: number): Extras {
  if (family === 'receipt') return currency === 'MYR' || currency === 'CHF' ? { roundTo: '0.05' } : {};
  const some = (share: number) => chance.chance(share);
  const normal = taxCase !== 'included';
  return {
    ...(normal && some(0.09) && { discountPercent: chance.pick(['3', '5', '10', '12.5']) }),
    ...(normal &&
      some(0.22) && { freight: currency === 'JPY' ? '1200' : chance.pick(['4.9', '6.9', '12', '25', '18.5', '49']) }),
    ...(normal &&
      some(family === 'freight' ? 0.5 : 0.06) && {
        surcharge: currency === 'JPY' ? '800' : chance.pick(['3.5', '7.8', '15', '22.4']),
      }),
    ...(some(0.1) && { prepaidShare: chance.pick(['10', '20', '30', '50', '100']) }),
    ...((family === 'statement' || family === 'utility') &&
      some(0.3) && { previous: currency === 'JPY' ? '12400' : chance.pick(['120.5', '84.99', '310']) }),
    ...(count > 0 &&
      ((country === 'ES' && language === 'es') || country === 'IT') &&
      taxCase === 'normal' &&
      some(0.14) && { withheldPercent: country === 'ES' ? '15' : '20' }),
    ...(currency === 'CHF' && some(0.6) && { roundTo: '0.05' }),
    ...(currency === 'INR' && some(0.6) && { roundTo: '1' }),
  };
}

function numberFor(
  chance: Chance,
  { form, prefix }: House['numbering'],
  year: string,
  nth: number | undefined,
): string {
  const counter = nth === undefined ? chance.integer(1, 98000) : 4200 + nth * 7;
  const padded = String(counter).padStart(5, '0');
  const forms: Readonly<Record<string, string>> = {
    plain: String(100000 + counter),
    year: `${year}${padded}`,
    prefix: `${prefix}${padded}`,
    prefixYear: `${prefix}-${year}-${padded}`,
    slash: `${counter}/${year}`,
    long: `${90000000 + counter}`,
    short: String((counter % 900) + 100),
    dash: `${year.slice(2)}-${padded}`,
  };
  return forms[form] ?? padded;
}

const poFor = (chance: Chance): string =>
  chance.pick([
    `45${chance.digits(8)}`,
    `PO-${chance.digits(5)}`,
    `B${chance.digits(6)}`,
    chance.digits(7),
    `${chance.letters(2)}${chance.digits(4)}/${chance.digits(2)}`,
    `PO${chance.digits(6)}`,
  ]);

function payment(chance: Chance, due: string, digits: number): NonNullable<Spec['paid']> {
  if (chance.chance(0.5)) return { how: 'card', tendered: due, change: '0' };
  const step = chance.pick(['5', '10', '20']);
  const notes = multiply(round(divide(due, step, 6) ?? '1', 0), step);
  const tendered =
    compare(notes, due) >= 0 ? notes : multiply(round(divide(multiply(due, '1.3'), step, 6) ?? '1', 0), step);
  const given = compare(tendered, due) >= 0 ? tendered : due;
  return { how: 'cash', tendered: given, change: round(subtract(given, due), digits) };
}
