/** What stays the same on all invoices of one vendor: who it is, its words, formats, paper and habits. */
import { oddStyle, oddWords, quirksFor } from './quirks.ts';
import { formatFor, styleFor } from './style.ts';
import type { Company, Family, Format, Kind, Language, Quirks, SetName, Style, TaxCase } from './model.ts';
import { company } from './parties.ts';
import type { Chance } from './random.ts';
import { COUNTRY_WEIGHTS, REGIONS, regionOf, type Region } from './regions.ts';
import { de } from './words/de.ts';
import { en } from './words/en.ts';
import { es } from './words/es.ts';
import { fr } from './words/fr.ts';
import { it } from './words/it.ts';
import { nl } from './words/nl.ts';
import { pt } from './words/pt.ts';
import { INDUSTRIES, type Industry, type LabelKey, listOf, type Words, wordsFor } from './words/words.ts';

export const WORDS: Readonly<Record<Language, Words>> = { de, en, es, fr, it, nl, pt };

export interface Options {
  readonly set?: SetName;
  /** Kind -> weight; the default mix where left out. */
  readonly kinds?: Readonly<Partial<Record<Kind, number>>>;
  readonly family?: Family;
  readonly language?: Language;
  readonly payment?: 'swiss-qr' | 'epc';
}

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

function countryFor(chance: Chance, options: Options, family: Family): string {
  if (options.payment === 'swiss-qr') return 'CH';
  const weights = Object.fromEntries(
    REGIONS.filter(
      ({ languages, currency }) =>
        (options.language === undefined || languages.includes(options.language)) &&
        (options.payment !== 'epc' || currency === 'EUR'),
    ).map(({ country }) => [
      country,
      (COUNTRY_WEIGHTS[country] ?? 1) * (family === 'receipt' && (country === 'MY' || country === 'US') ? 3 : 1),
    ]),
  );
  return chance.weighted(weights);
}

export function planHouse(chance: Chance, set: SetName, family: Family, options: Options = {}, odd = false): House {
  const country = countryFor(chance, options, family);
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
    options.payment === undefined && family !== 'receipt' && chance.chance(0.05)
      ? chance.pick(['EUR', 'USD', 'GBP', 'CHF'])
      : region.currency;
  const vendor = company(chance, { country, language, words, set, shop: family === 'receipt' });
  const quirks = odd ? quirksFor(chance) : {};
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
    words: oddWords(
      bilingual(localised(wordsFor(words, chance), region, language, chance), language, chance),
      quirks,
      language,
      chance,
    ),
    format: formatFor(chance, region, language),
    style: oddStyle(styleFor(chance, family, region, set), quirks, chance),
    quirks,
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
  return chance.weighted({ normal: 84, included: 5, reverse: 5, small: 3, exempt: 3 });
}

/** "Rechnungsnummer / Invoice No.": exporters print two languages. */
function bilingual(words: Record<LabelKey, string>, language: Language, chance: Chance): Record<LabelKey, string> {
  if (language === 'en' || !chance.chance(0.06)) return words;
  const second = wordsFor(WORDS.en, chance);
  const divider = chance.pick([' / ', '/', ' - ']);
  const keys = [
    'number',
    'date',
    'due',
    'po',
    'customer',
    'billTo',
    'net',
    'gross',
    'invoice',
    'colDescription',
    'colQuantity',
    'colTotal',
  ] as const;
  return { ...words, ...Object.fromEntries(keys.map((key) => [key, words[key] + divider + second[key]])) };
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
    'AT-de': { vatId: ['UID-Nr.', 'UID', 'ATU-Nr.'], tax: ['USt.', 'MwSt.'] },
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
    'MY-en': {
      tax: ['GST', 'Total GST', 'GST amount'],
      vatId: ['GST ID', 'GST Reg No', 'GST No.'],
      net: ['Total excl. GST', 'Subtotal', 'Net total'],
      gross: ['Total', 'Total incl. GST', 'Grand total', 'Total amount', 'Total sales (inclusive of GST)'],
      colRate: ['GST', 'Tax'],
      rounding: ['Rounding adj', 'Rounding', 'Round adj'],
      invoice: ['Tax Invoice', 'TAX INVOICE', 'Invoice'],
      receipt: ['Tax Invoice', 'Receipt', 'Simplified tax invoice'],
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
