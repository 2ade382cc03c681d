/** Companies, shops and people that do not exist, with addresses, numbers and accounts of their country's form. */
import type { Company, Language, SetName } from './model.ts';
import { bicFor, hasIban, ibanFor, sirenOf, taxIdFor } from './ids.ts';
import { type Chance, hash } from './random.ts';
import { regionOf, type Region } from './regions.ts';
import { listOf, type Words } from './words/words.ts';

/** A quarter of all words is kept for the test set alone, so that nothing learnt by heart helps there. */
export function allowed(text: string, set: SetName): string[] {
  const list = listOf(text);
  const held = list.filter((word) => hash('held', word) % 4 === 0);
  const kept = list.filter((word) => hash('held', word) % 4 !== 0);
  const own = set === 'test' ? held : kept;
  return own.length > 1 ? own : list;
}

const ascii = (text: string): string =>
  text
    .replaceAll('ß', 'ss')
    .replaceAll('ä', 'ae')
    .replaceAll('ö', 'oe')
    .replaceAll('ü', 'ue')
    .normalize('NFKD')
    .replaceAll(/[^A-Za-z0-9]+/g, '-')
    .replaceAll(/^-+|-+$/g, '')
    .toLowerCase();

const ONSETS =
  'Al|Bel|Cor|Del|El|Fen|Gal|Hel|Iv|Jor|Kal|Lum|Mer|Nov|Or|Pra|Quan|Ros|Sol|Tal|Ul|Ver|Wen|Xen|Yor|Zan|Bri|Cla|Dra|Tri'.split(
    '|',
  );
const MIDDLES = 'a|e|i|o|u|an|en|ar|or|is|al|em|ov|iv|et'.split('|');
const ENDS =
  'dex|tis|vane|lux|tra|mond|nova|stra|pex|ria|tec|con|rix|sia|ton|via|mar|lan|dis|gen|ska|mera|quo|zon'.split('|');

const coined = (chance: Chance): string => chance.pick(ONSETS) + chance.pick(MIDDLES) + chance.pick(ENDS);

const fill = (pattern: string, chance: Chance): string =>
  pattern.replaceAll(/[#@]/g, (sign) => (sign === '#' ? String(chance.integer(0, 9)) : chance.letters(1)));

export interface Wanted {
  readonly country: string;
  readonly language: Language;
  readonly words: Words;
  readonly set: SetName;
  /** Shops have shorter names, often without a legal form. */
  readonly shop?: boolean;
  readonly person?: boolean;
}

function nameOf(chance: Chance, { words, set, shop, language }: Wanted, region: Region): string {
  const surname = () => chance.pick(allowed(words.surnames, set));
  const trade = chance.pick(allowed(words.trades, set));
  const legal = chance.pick(listOf(region.legal)).replace('{surname}', surname());
  const brand = coined(chance);
  const joined = language === 'de' || language === 'nl' || language === 'en';
  const bodies: Record<string, () => string> = {
    surnameTrade: () => (joined ? `${surname()} ${trade}` : `${trade} ${surname()}`),
    brandTrade: () => (joined ? `${brand} ${trade}` : `${brand} ${trade}`),
    two: () => `${surname()} & ${surname()}`,
    brand: () => brand,
    family: () =>
      language === 'de'
        ? `${surname()} & Söhne`
        : language === 'fr'
          ? `Établissements ${surname()}`
          : language === 'it'
            ? `Ditta ${surname()}`
            : language === 'es'
              ? `Hermanos ${surname()}`
              : language === 'nl'
                ? `Gebr. ${surname()}`
                : language === 'pt'
                  ? `${surname()} & Filhos`
                  : `${surname()} Brothers`,
    long: () =>
      `${brand} ${trade} ${language === 'en' ? 'International' : language === 'de' ? 'Vertriebs' : language === 'fr' ? 'Distribution' : 'Group'}`,
    initials: () => `${chance.letters(chance.integer(2, 3))} ${trade}`,
  };
  const body =
    bodies[
      chance.weighted({ surnameTrade: 30, brandTrade: 22, two: 8, brand: 12, family: 8, long: 10, initials: 8 })
    ]?.() ?? brand;
  return shop && chance.chance(0.55) ? body : `${body} ${legal}`;
}

export function company(chance: Chance, wanted: Wanted): Company {
  const { country, language, words, set } = wanted;
  const region = regionOf(country);
  const person = `${chance.pick(allowed(words.first, set))} ${chance.pick(allowed(words.surnames, set))}`;
  const name = wanted.person ? person : nameOf(chance, wanted, region);
  const zipCity = fill(chance.pick(allowed(region.towns, set)), chance);
  const town = zipCity.replaceAll(/[\d-]+|\(.*\)|,.*| [A-Z0-9]{2,} [A-Z0-9]+$/g, '').trim();
  const street = chance
    .pick(allowed(words.streets, set))
    .replace('#', String(chance.integer(1, chance.chance(0.8) ? 99 : 420)));
  const domain = `${ascii(name.replace(/ (GmbH.*|AG|KG|Ltd.*|Limited|plc|LLC|Inc\.?|S\.?[A-Za-z.]+|SARL|SAS|B\.?V\.?.*|Lda.*)$/, '')).slice(0, 24) || 'firma'}.example`;
  const taxId =
    taxIdFor(country, chance) + (country === 'CH' ? ({ fr: ' TVA', it: ' IVA' }[language as string] ?? ' MWST') : '');
  const accountCountry = hasIban(country) ? country : undefined;
  return {
    name,
    street,
    city: zipCity,
    zipCity,
    countryCode: country,
    country: region.name[language] ?? region.name.en ?? '',
    taxId,
    ...(country === 'DE' && { taxNumber: `${chance.digits(2)}/${chance.digits(3)}/${chance.digits(5)}` }),
    ...(country === 'FR' && { taxNumber: `${sirenOf(chance)}000${chance.digits(2)}` }),
    ...(accountCountry && { iban: ibanFor(accountCountry, chance), bic: bicFor(accountCountry, chance) }),
    bank: chance.pick(allowed(words.banks, set)),
    ...(accountCountry &&
      chance.chance(0.22) && {
        otherIban: ibanFor(accountCountry, chance),
        otherBank: chance.pick(listOf(words.banks)),
      }),
    email: `${chance.pick(['info', 'office', 'accounts', 'billing', 'kontakt', 'mail'])}@${domain}`,
    web: chance.chance(0.6) ? `www.${domain}` : domain,
    phone: fill(chance.pick(listOf(region.phone)), chance),
    fax: fill(chance.pick(listOf(region.phone)), chance),
    register: chance.pick(listOf(region.register)).replace('{town}', town).replace('{n}', chance.digits(6)),
    director: person,
    person: `${chance.pick(allowed(words.first, set))} ${chance.pick(allowed(words.surnames, set))}`,
  };
}
