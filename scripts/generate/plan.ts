/** Seed and index -> everything a document says and looks like. No drawing here. */
import { compare, divide, multiply, negate, round, subtract } from '../../core/invoice/decimal.ts';
import { currencyDigits } from '../../core/invoice/currency.ts';
import { type Extras, linesFor, negated, totalsFor } from './content.ts';
import { addDays, dateText } from './format.ts';
import type {
  Company,
  DocumentType,
  Family,
  Format,
  Kind,
  Language,
  Line,
  Quirks,
  SetName,
  Spec,
  Style,
  TaxCase,
} from './model.ts';
import { company } from './parties.ts';
import { type Chance, stream } from './random.ts';
import { COUNTRY_WEIGHTS, REGIONS, regionOf, type Region } from './regions.ts';
import { formatFor, quirksFor, styleFor } from './style.ts';
import { de } from './words/de.ts';
import { en } from './words/en.ts';
import { es } from './words/es.ts';
import { fr } from './words/fr.ts';
import { it } from './words/it.ts';
import { nl } from './words/nl.ts';
import { pt } from './words/pt.ts';
import { INDUSTRIES, type Industry, type LabelKey, listOf, type Words, wordsFor } from './words/words.ts';

const WORDS: Readonly<Record<Language, Words>> = { de, en, es, fr, it, nl, pt };

export interface Options {
  readonly set?: SetName;
  /** Kind -> weight; the default mix where left out. */
  readonly kinds?: Readonly<Partial<Record<Kind, number>>>;
  readonly family?: Family;
  readonly language?: Language;
  readonly payment?: 'swiss-qr' | 'epc';
}

export const DEFAULT_KINDS: Readonly<Record<Kind, number>> = {
  digital: 65,
  scan: 13,
  'scan-pdf': 8,
  fax: 4,
  'receipt-picture': 5,
  photo: 5,
};

const FAMILY_WEIGHTS: Readonly<Record<Family, number>> = {
  letter: 52,
  boxed: 12,
  statement: 5,
  receipt: 7,
  utility: 6,
  hotel: 5,
  freight: 7,
  telecom: 4,
};

/** What stays the same on all invoices of one vendor. */
export interface House {
  readonly family: Family;
  readonly language: Language;
  readonly country: string;
  readonly currency: string;
  readonly taxCase: TaxCase;
  readonly industry: Industry;
  readonly vendor: Company;
  readonly words: Readonly<Record<LabelKey, string>>;
  readonly format: Format;
  readonly style: Style;
  readonly quirks: Quirks;
  readonly numbering: { readonly form: string; readonly prefix: string };
  readonly texts: { readonly terms: string; readonly notes: readonly string[]; readonly greeting: string };
  readonly days: number;
  readonly shows: Readonly<
    Record<'due' | 'delivery' | 'po' | 'customer' | 'orderDate' | 'deliveryNote' | 'project' | 'reference', boolean>
  >;
}

export function planDocument(seed: number, index: number, options: Options = {}): Spec {
  const set = options.set ?? 'train';
  const chance = stream(set, seed, index, 'what');
  const kind = chance.weighted(options.kinds ?? DEFAULT_KINDS);
  const family =
    options.family ??
    (kind === 'receipt-picture'
      ? 'receipt'
      : chance.weighted(kind === 'photo' ? { ...FAMILY_WEIGHTS, receipt: 30, telecom: 0 } : FAMILY_WEIGHTS));
  const house = planHouse(stream(set, seed, index, 'house'), set, family, options);
  return specOf(house, stream(set, seed, index, 'document'), {
    seed,
    index,
    set,
    kind,
    ...(options.payment && { payment: options.payment }),
  });
}

function countryFor(chance: Chance, options: Options): string {
  if (options.payment === 'swiss-qr') return 'CH';
  const weights = Object.fromEntries(
    REGIONS.filter(
      ({ languages, currency }) =>
        (options.language === undefined || languages.includes(options.language)) &&
        (options.payment !== 'epc' || currency === 'EUR'),
    ).map(({ country }) => [country, COUNTRY_WEIGHTS[country] ?? 1]),
  );
  return chance.weighted(weights);
}

export function planHouse(chance: Chance, set: SetName, family: Family, options: Options = {}, odd = false): House {
  const country = countryFor(chance, options);
  const region = regionOf(country);
  const language =
    options.language ??
    (chance.chance(0.06) && country !== 'GB' && options.payment === undefined ? 'en' : chance.pick(region.languages));
  const words = WORDS[language];
  const industry =
    family === 'receipt'
      ? chance.pick(['food', 'food', 'office', 'hardware', 'cleaning'] as const)
      : chance.pick(INDUSTRIES);
  const taxCase = taxCaseFor(chance, family, country);
  const currency =
    options.payment === undefined && chance.chance(0.05) ? chance.pick(['EUR', 'USD', 'GBP', 'CHF']) : region.currency;
  const vendor = company(chance, { country, language, words, set, shop: family === 'receipt' });
  const text = (list: string): string => chance.pick(listOf(list));
  const notes = [
    chance.chance(0.4) && text(words.text.thanks),
    chance.chance(0.35) && text(words.text.ownership),
    chance.chance(0.35) && text(words.text.remark),
  ];
  return {
    family,
    language,
    country,
    currency,
    taxCase,
    industry,
    vendor,
    words: localised(wordsFor(words, chance), region, language, chance),
    format: formatFor(chance, region, language),
    style: styleFor(chance, family, region, set),
    quirks: odd ? quirksFor(chance) : {},
    numbering: {
      form: chance.pick(['plain', 'year', 'prefix', 'prefixYear', 'slash', 'long', 'short', 'dash']),
      prefix: chance.pick(['RE', 'INV', 'R', 'F', 'FA', 'A', 'FV', 'FT', 'RG']),
    },
    texts: {
      terms: chance.chance(0.12) ? text(words.text.cashDiscount) : text(words.text.terms),
      notes: [
        ...notes.filter((note) => note !== false),
        ...(taxCase === 'reverse' || taxCase === 'small' || taxCase === 'exempt' ? [text(words.text[taxCase])] : []),
      ],
      greeting: chance.chance(0.4) ? text(words.text.greeting) : '',
    },
    days: chance.pick([7, 10, 14, 14, 30, 30, 30, 45, 60]),
    shows: Object.fromEntries(
      Object.entries({
        due: 0.62,
        delivery: 0.35,
        po: 0.42,
        customer: 0.6,
        orderDate: 0.22,
        deliveryNote: 0.2,
        project: 0.18,
        reference: 0.2,
      }).map(([key, share]) => [key, chance.chance(share)]),
    ) as House['shows'],
  };
}

function taxCaseFor(chance: Chance, family: Family, country: string): TaxCase {
  if (family === 'receipt') return country === 'US' || country === 'CA' ? 'us' : 'included';
  if (country === 'US') return chance.chance(0.7) ? 'us' : 'exempt';
  if (family === 'hotel' && chance.chance(0.6)) return 'included';
  return chance.weighted({ normal: 88, reverse: 5, small: 4, exempt: 3 });
}

/** The same language says it otherwise across the border; other countries' taxes have other names. */
function localised(
  words: Record<LabelKey, string>,
  { country }: Region,
  language: Language,
  chance: Chance,
): Record<LabelKey, string> {
  const swaps: Readonly<Record<string, Partial<Record<LabelKey, readonly string[]>>>> = {
    'CH-de': {
      tax: ['MWST', 'MwSt.'],
      vatId: ['MWST-Nr.', 'UID', 'UID-Nr.'],
      colRate: ['MWST', 'MWST %'],
      gross: ['Rechnungsbetrag', 'Total', 'Gesamttotal', 'Total inkl. MWST'],
      net: ['Total exkl. MWST', 'Nettobetrag', 'Zwischentotal'],
    },
    'AT-de': { vatId: ['UID-Nr.', 'UID', 'ATU-Nr.'], tax: ['USt.', 'MwSt.', '20 % USt'] },
    'US-en': {
      tax: ['Sales tax', 'Tax', 'Sales Tax'],
      vatId: ['EIN', 'Federal Tax ID', 'Tax ID'],
      colRate: ['Tax', 'Taxable'],
      net: ['Subtotal', 'Sub-total', 'Total before tax', 'Net'],
      gross: ['Total', 'Grand total', 'Invoice total', 'TOTAL', 'Total amount'],
      invoice: ['Invoice', 'INVOICE', 'Sales Invoice'],
    },
    'CA-en': {
      tax: ['HST', 'GST/HST', 'GST'],
      vatId: ['GST/HST No.', 'HST No.'],
      net: ['Subtotal', 'Net total'],
      gross: ['Total', 'Grand total', 'Invoice total'],
      colRate: ['Tax', 'HST'],
    },
    'AU-en': {
      tax: ['GST', 'Total GST'],
      vatId: ['ABN'],
      net: ['Subtotal', 'Total excl. GST', 'Net total'],
      gross: ['Total', 'Total incl. GST', 'Total AUD', 'Grand total'],
      colRate: ['GST', 'GST %'],
      invoice: ['Tax Invoice', 'TAX INVOICE'],
    },
    'IN-en': {
      tax: ['IGST', 'GST', 'Total GST'],
      vatId: ['GSTIN', 'GSTIN/UIN'],
      net: ['Taxable value', 'Taxable amount', 'Subtotal'],
      gross: ['Grand total', 'Total', 'Invoice total', 'Total amount'],
      colRate: ['GST %', 'IGST'],
      invoice: ['Tax Invoice', 'TAX INVOICE'],
    },
    'JP-en': {
      tax: ['Consumption tax', 'Tax'],
      vatId: ['Registration No.'],
      net: ['Subtotal', 'Net total'],
      gross: ['Total', 'Grand total'],
      colRate: ['Tax'],
    },
  };
  const own = swaps[`${country}-${language}`] ?? {};
  const changed = Object.entries(own).map(([key, list]) => [key, chance.pick(list ?? [''])]);
  return { ...words, ...Object.fromEntries(changed) };
}

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
    ...(shows.project && { project: `${chance.letters(1)}${chance.digits(4)}-${chance.digits(2)}` }),
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
  if (family === 'receipt') return {};
  const some = (share: number) => chance.chance(share);
  const normal = taxCase !== 'included';
  return {
    ...(normal && some(0.09) && { discountPercent: chance.pick(['3', '5', '10', '12.5']) }),
    ...(normal && some(0.22) && { freight: chance.pick(['4.9', '6.9', '12', '25', '18.5', '49']) }),
    ...(normal && some(family === 'freight' ? 0.5 : 0.06) && { surcharge: chance.pick(['3.5', '7.8', '15', '22.4']) }),
    ...(some(0.1) && { prepaidShare: chance.pick(['10', '20', '30', '50']) }),
    ...((family === 'statement' || family === 'utility') &&
      some(0.3) && { previous: chance.pick(['120.5', '84.99', '310']) }),
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

export interface SeriesOptions {
  readonly vendors: number;
  readonly perVendor: number;
  readonly seed: number;
  readonly set?: SetName;
}

/** Vendors with layouts that a reader gets wrong at first, several invoices each: the source for learning from corrections. */
export function planSeries({ vendors, perVendor, seed, set = 'train' }: SeriesOptions): Spec[][] {
  return Array.from({ length: vendors }, (_, v) => {
    const chance = stream('series', set, seed, v);
    const family = chance.weighted<Family>({ letter: 60, boxed: 15, freight: 10, utility: 10, statement: 5 });
    const house = planHouse(chance, set, family, {}, true);
    const buyer = buyerFor(chance, house, set);
    return Array.from({ length: perVendor }, (_unused, nth) =>
      specOf(house, stream('series', set, seed, v, nth), {
        seed,
        index: v * perVendor + nth + 1,
        set,
        kind: 'digital',
        nth,
        buyer,
      }),
    );
  });
}
