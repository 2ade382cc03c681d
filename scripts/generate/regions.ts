/** What a country does to an invoice: language, money, tax rates, number and date styles, towns, legal forms, telephone numbers. */
import type { Language, NumberStyle } from './model.ts';

export interface Region {
  readonly country: string;
  readonly name: Readonly<Partial<Record<Language, string>>>;
  readonly languages: readonly Language[];
  readonly currency: string;
  readonly rates: readonly string[];
  readonly numbers: readonly NumberStyle[];
  readonly dates: readonly string[];
  /** "postcode town": # is a digit, @ a letter. */
  readonly towns: string;
  readonly legal: string;
  readonly phone: string;
  readonly register: string;
  readonly money: readonly ('before' | 'before-space' | 'after' | 'code-before' | 'code-after' | 'none')[];
}

const DOT: NumberStyle = { group: '.', decimal: ',' };
const COMMA: NumberStyle = { group: ',', decimal: '.' };
const SPACE: NumberStyle = { group: '\u00a0', decimal: ',' };
const APOSTROPHE: NumberStyle = { group: "'", decimal: '.' };
const CURLY: NumberStyle = { group: '’', decimal: '.' };
const PLAIN_COMMA: NumberStyle = { group: '', decimal: ',' };
const PLAIN_POINT: NumberStyle = { group: '', decimal: '.' };
const INDIAN: NumberStyle = { group: ',', decimal: '.', indian: true };

const EURO_MONEY = ['after', 'after', 'none', 'code-after', 'before-space'] as const;
const DE_DATES = [
  'dd.mm.yyyy',
  'dd.mm.yyyy',
  'dd.mm.yyyy',
  'd. MMMM yyyy',
  'dd.mm.yy',
  'd.m.yyyy',
  'dd. MMM yyyy',
  'yyyy-mm-dd',
];
const FR_DATES = ['dd/mm/yyyy', 'dd/mm/yyyy', 'd MMMM yyyy', 'dd/mm/yy', 'dd.mm.yyyy', 'dd-mm-yyyy'];

export const REGIONS: readonly Region[] = [
  {
    country: 'DE',
    name: {
      de: 'Deutschland',
      en: 'Germany',
      fr: 'Allemagne',
      nl: 'Duitsland',
      es: 'Alemania',
      it: 'Germania',
      pt: 'Alemanha',
    },
    languages: ['de'],
    currency: 'EUR',
    rates: ['19', '7'],
    numbers: [DOT, DOT, DOT, PLAIN_COMMA],
    dates: DE_DATES,
    towns:
      '20### Hamburg|50### Köln|80### München|70### Stuttgart|04### Leipzig|28### Bremen|90### Nürnberg|33### Bielefeld|99### Erfurt|78### Villingen|48### Münster|34### Kassel|55### Mainz|18### Rostock|86### Augsburg',
    legal: 'GmbH|GmbH & Co. KG|AG|KG|e.K.|UG (haftungsbeschränkt)|OHG|GbR|eG',
    phone: '0### / ######|+49 ### ######|0### ######-0|(0###) ######',
    register: 'Amtsgericht {town}, HRB {n}|HRB {n} {town}|HRA {n}',
    money: EURO_MONEY,
  },
  {
    country: 'AT',
    name: { de: 'Österreich', en: 'Austria', it: 'Austria' },
    languages: ['de'],
    currency: 'EUR',
    rates: ['20', '10'],
    numbers: [DOT, DOT, SPACE],
    dates: DE_DATES,
    towns: '1##0 Wien|5020 Salzburg|80## Graz|60## Innsbruck|4020 Linz|90## Klagenfurt',
    legal: 'GmbH|Ges.m.b.H.|AG|KG|e.U.|OG',
    phone: '+43 1 ### ## ##|0#### / ####',
    register: 'FN {n} k|Firmenbuch {town} FN {n} a',
    money: ['before-space', 'after', 'none', 'code-before'],
  },
  {
    country: 'CH',
    name: { de: 'Schweiz', en: 'Switzerland', fr: 'Suisse', it: 'Svizzera' },
    languages: ['de', 'de', 'fr', 'it'],
    currency: 'CHF',
    rates: ['8.1', '2.6'],
    numbers: [APOSTROPHE, CURLY, PLAIN_POINT],
    dates: ['dd.mm.yyyy', 'd. MMMM yyyy', 'dd.mm.yy'],
    towns:
      '80## Zürich|30## Bern|40## Basel|60## Luzern|90## St. Gallen|84## Winterthur|12## Genève|10## Lausanne|69## Lugano',
    legal: 'AG|GmbH|SA|Sàrl|& Co.',
    phone: '+41 ## ### ## ##|0## ### ## ##',
    register: 'CH-035.3.{n}',
    money: ['code-before', 'none', 'code-before'],
  },
  {
    country: 'FR',
    name: { fr: 'France', en: 'France', de: 'Frankreich', es: 'Francia', nl: 'Frankrijk', it: 'Francia', pt: 'França' },
    languages: ['fr'],
    currency: 'EUR',
    rates: ['20', '10', '5.5'],
    numbers: [SPACE, SPACE, PLAIN_COMMA, DOT],
    dates: FR_DATES,
    towns:
      '690## Lyon|750## Paris|130## Marseille|330## Bordeaux|310## Toulouse|440## Nantes|670## Strasbourg|59### Lille|350## Rennes|38### Grenoble|21### Dijon|37### Tours',
    legal: 'SARL|SAS|SA|EURL|SASU|SCI|SNC',
    phone: '0# ## ## ## ##|+33 # ## ## ## ##|0#.##.##.##.##',
    register: 'RCS {town} {n}|SAS au capital de 10 000 €|Capital 20 000 € - APE 4673A',
    money: EURO_MONEY,
  },
  {
    country: 'BE',
    name: { fr: 'Belgique', nl: 'België', en: 'Belgium', de: 'Belgien' },
    languages: ['nl', 'fr'],
    currency: 'EUR',
    rates: ['21', '6'],
    numbers: [DOT, SPACE, PLAIN_COMMA],
    dates: ['dd/mm/yyyy', 'dd/mm/yyyy', 'd MMMM yyyy', 'dd-mm-yyyy'],
    towns: '1### Bruxelles|2### Antwerpen|9### Gent|4### Liège|5### Namur|8### Brugge|3### Leuven',
    legal: 'SRL|BV|NV|SA|BVBA',
    phone: '+32 # ### ## ##|0## ## ## ##',
    register: 'RPM {town}|RPR {town}',
    money: EURO_MONEY,
  },
  {
    country: 'GB',
    name: { en: 'United Kingdom', de: 'Vereinigtes Königreich', fr: 'Royaume-Uni' },
    languages: ['en'],
    currency: 'GBP',
    rates: ['20', '5', '0'],
    numbers: [COMMA, COMMA, COMMA, PLAIN_POINT],
    dates: ['dd/mm/yyyy', 'dd/mm/yyyy', 'd MMMM yyyy', 'dd-MMM-yyyy', 'dd MMM yyyy', 'dd/mm/yy', 'dth MMMM yyyy'],
    towns:
      'Leeds LS## #@@|Manchester M# #@@|Bristol BS# #@@|London EC# #@@|Sheffield S# #@@|Cardiff CF# #@@|Glasgow G# #@@|Norwich NR# #@@|Exeter EX# #@@|York YO# #@@',
    legal: 'Ltd|Limited|plc|LLP|& Sons Ltd|(UK) Ltd',
    phone: '0### ### ####|+44 ### ### ####|(0###) ### ####',
    register: 'Registered in England No. 0{n}|Company No. 0{n}',
    money: ['before', 'before', 'none', 'code-before'],
  },
  {
    country: 'IE',
    name: { en: 'Ireland' },
    languages: ['en'],
    currency: 'EUR',
    rates: ['23', '13.5'],
    numbers: [COMMA, PLAIN_POINT],
    dates: ['dd/mm/yyyy', 'd MMMM yyyy', 'dd-MMM-yy'],
    towns: 'Cork T12 @###|Dublin D## @@##|Galway H91 @###|Limerick V94 @###',
    legal: 'Ltd|Limited|DAC',
    phone: '+353 ## ### ####|0## ### ####',
    register: 'Company Reg. {n}',
    money: ['before', 'before', 'none'],
  },
  {
    country: 'US',
    name: { en: 'USA', de: 'USA', fr: 'États-Unis' },
    languages: ['en'],
    currency: 'USD',
    rates: ['8.25', '6', '7.5', '9.5'],
    numbers: [COMMA, COMMA, COMMA, PLAIN_POINT],
    dates: [
      'mm/dd/yyyy',
      'mm/dd/yyyy',
      'MMMM d, yyyy',
      'MMM d, yyyy',
      'm/d/yyyy',
      'mm/dd/yy',
      'dd-MMM-yyyy',
      'yyyy-mm-dd',
    ],
    towns:
      'Durango, CO 81###|Boulder, CO 80###|Austin, TX 78###|Portland, OR 97###|Columbus, OH 43###|Tampa, FL 33###|Tucson, AZ 85###|Albany, NY 12###|Madison, WI 53###|Raleigh, NC 27###|Seattle, WA 98###|Des Moines, IA 50###',
    legal: 'Inc.|LLC|Corp.|Co.|& Company|Incorporated',
    phone: '(###) 555-01##|###-555-01##|###.555.01##',
    register: 'A {town} corporation',
    money: ['before', 'before', 'none'],
  },
  {
    country: 'CA',
    name: { en: 'Canada', fr: 'Canada' },
    languages: ['en', 'fr'],
    currency: 'CAD',
    rates: ['13', '5'],
    numbers: [COMMA, SPACE],
    dates: ['yyyy-mm-dd', 'MMMM d, yyyy', 'dd/mm/yyyy'],
    towns: 'Toronto, ON M#@ #@#|Montréal, QC H#@ #@#|Calgary, AB T#@ #@#|Halifax, NS B#@ #@#',
    legal: 'Inc.|Ltd.|Ltée|Corp.',
    phone: '(###) 555-01##',
    register: 'GST/HST 8{n} RT0001',
    money: ['before', 'none'],
  },
  {
    country: 'AU',
    name: { en: 'Australia' },
    languages: ['en'],
    currency: 'AUD',
    rates: ['10'],
    numbers: [COMMA],
    dates: ['dd/mm/yyyy', 'd MMM yyyy', 'd MMMM yyyy'],
    towns: 'Brisbane QLD 4###|Sydney NSW 2###|Melbourne VIC 3###|Perth WA 6###',
    legal: 'Pty Ltd|Pty. Ltd.|Limited',
    phone: '(0#) #### ####|13## ### ###',
    register: 'ACN {n}',
    money: ['before'],
  },
  {
    country: 'IN',
    name: { en: 'India' },
    languages: ['en'],
    currency: 'INR',
    rates: ['18', '12', '5'],
    numbers: [INDIAN, INDIAN, COMMA],
    dates: ['dd-mm-yyyy', 'dd/mm/yyyy', 'dd-MMM-yyyy', 'dd-MMM-yy'],
    towns: 'Pune 4110##|Bengaluru 5600##|Chennai 6000##|Mumbai 4000##|Kolkata 7000##',
    legal: 'Pvt. Ltd.|Private Limited|Traders|& Sons|LLP|Enterprises',
    phone: '+91 ##### #####|0## #### ####',
    register: 'CIN U99999MH2009PTC{n}',
    money: ['none', 'code-before', 'code-after'],
  },
  {
    country: 'MY',
    name: { en: 'Malaysia' },
    languages: ['en'],
    currency: 'MYR',
    rates: ['6', '0'],
    numbers: [COMMA],
    dates: ['dd/mm/yyyy', 'dd/mm/yyyy', 'dd-mm-yyyy', 'dd/mm/yy', 'd MMM yyyy', 'dd-MMM-yyyy'],
    towns: '50### Kuala Lumpur|47### Petaling Jaya|81### Johor Bahru|10### Penang|40### Shah Alam|43### Kajang',
    legal: 'Sdn Bhd|Sdn. Bhd.|Enterprise|Trading|(M) Sdn Bhd',
    phone: '0#-#### ####|+60 # #### ####|01#-### ####',
    register: 'Co. Reg. {n}-W',
    money: ['before-space', 'none', 'none', 'before'],
  },
  {
    country: 'JP',
    name: { en: 'Japan' },
    languages: ['en'],
    currency: 'JPY',
    rates: ['10', '8'],
    numbers: [COMMA],
    dates: ['yyyy/mm/dd', 'yyyy-mm-dd', 'MMMM d, yyyy'],
    towns: 'Osaka 550-00##|Tokyo 105-00##|Nagoya 460-00##',
    legal: 'K.K.|Co., Ltd.|Corporation',
    phone: '+81 # #### ####',
    register: 'Registration {n}',
    money: ['before', 'code-before'],
  },
  {
    country: 'SE',
    name: { en: 'Sweden' },
    languages: ['en'],
    currency: 'SEK',
    rates: ['25', '12'],
    numbers: [SPACE, SPACE, DOT],
    dates: ['yyyy-mm-dd', 'd MMMM yyyy'],
    towns: '411 ## Göteborg|113 ## Stockholm|211 ## Malmö',
    legal: 'AB|HB',
    phone: '+46 ## ### ## ##',
    register: 'Org. no. 556{n}',
    money: ['code-after', 'none'],
  },
  {
    country: 'PL',
    name: { en: 'Poland' },
    languages: ['en'],
    currency: 'PLN',
    rates: ['23', '8'],
    numbers: [SPACE, PLAIN_COMMA],
    dates: ['dd.mm.yyyy', 'yyyy-mm-dd', 'dd-mm-yyyy'],
    towns: '00-### Warszawa|80-### Sopot|60-### Konin',
    legal: 'Sp. z o.o.|S.A.',
    phone: '+48 ### ### ###',
    register: 'KRS 0000{n}',
    money: ['code-after', 'none'],
  },
  {
    country: 'ES',
    name: { es: 'España', en: 'Spain', pt: 'Espanha', fr: 'Espagne' },
    languages: ['es'],
    currency: 'EUR',
    rates: ['21', '10', '4'],
    numbers: [DOT, DOT, PLAIN_COMMA],
    dates: ['dd/mm/yyyy', 'dd/mm/yyyy', 'dd-mm-yyyy', 'd de MMMM de yyyy', 'dd/mm/yy', 'dd.mm.yyyy'],
    towns:
      '280## Madrid|080## Barcelona|46### Valencia|410## Sevilla|480## Bilbao|500## Zaragoza|12### Vila-real|15### A Coruña|30### Murcia|29### Málaga',
    legal: 'S.L.|S.A.|S.L.U.|S.Coop.|C.B.',
    phone: '9## ### ###|+34 9## ## ## ##',
    register: 'Reg. Merc. {town}, T. {n}, F. 12',
    money: EURO_MONEY,
  },
  {
    country: 'IT',
    name: { it: 'Italia', en: 'Italy', fr: 'Italie', de: 'Italien' },
    languages: ['it'],
    currency: 'EUR',
    rates: ['22', '10', '4'],
    numbers: [DOT, DOT, PLAIN_COMMA],
    dates: ['dd/mm/yyyy', 'dd/mm/yyyy', 'dd.mm.yyyy', 'd MMMM yyyy', 'dd/mm/yy', 'dd-mm-yyyy'],
    towns:
      '36### Vicenza (VI)|201## Milano (MI)|101## Torino (TO)|401## Bologna (BO)|501## Firenze (FI)|801## Napoli (NA)|351## Padova (PD)|371## Verona (VR)|161## Genova (GE)',
    legal: 'S.r.l.|S.p.A.|S.n.c.|S.a.s.|SRL|di {surname} & C. S.n.c.',
    phone: '0### ######|+39 0## #######',
    register: 'REA {n}|Cap. Soc. Euro 10.000,00 i.v.',
    money: ['after', 'none', 'before-space', 'code-before'],
  },
  {
    country: 'NL',
    name: { nl: 'Nederland', en: 'Netherlands', de: 'Niederlande' },
    languages: ['nl'],
    currency: 'EUR',
    rates: ['21', '9'],
    numbers: [DOT, DOT, PLAIN_COMMA],
    dates: ['dd-mm-yyyy', 'dd-mm-yyyy', 'd MMMM yyyy', 'dd/mm/yyyy', 'd-m-yyyy', 'dd-mm-yy'],
    towns:
      '30## @@ Rotterdam|10## @@ Amsterdam|35## @@ Utrecht|56## @@ Eindhoven|97## @@ Groningen|65## @@ Nijmegen|26## @@ Delft|50## @@ Tilburg',
    legal: 'B.V.|BV|V.O.F.|N.V.|Holding B.V.',
    phone: '0## ### ## ##|+31 ## ### ####',
    register: 'KvK {n}',
    money: ['before-space', 'before-space', 'none', 'before'],
  },
  {
    country: 'PT',
    name: { pt: 'Portugal', es: 'Portugal', en: 'Portugal' },
    languages: ['pt'],
    currency: 'EUR',
    rates: ['23', '13', '6'],
    numbers: [DOT, SPACE, PLAIN_COMMA],
    dates: ['dd/mm/yyyy', 'dd-mm-yyyy', 'yyyy-mm-dd', 'd de MMMM de yyyy', 'dd.mm.yyyy'],
    towns: '1###-### Lisboa|4###-### Porto|3###-### Coimbra|47##-### Braga|8###-### Faro|38##-### Aveiro',
    legal: 'Lda.|Lda|S.A.|Unipessoal, Lda.',
    phone: '2## ### ###|+351 2## ### ###',
    register: 'C.R.C. {town} {n} - Capital Social 5.000 EUR',
    money: EURO_MONEY,
  },
];

export const regionOf = (country: string): Region => {
  const found = REGIONS.find((region) => region.country === country);
  if (found === undefined) throw new RangeError(`no region ${country}`);
  return found;
};

/** How often which country's invoice comes. */
export const COUNTRY_WEIGHTS: Readonly<Record<string, number>> = {
  DE: 19,
  AT: 3,
  CH: 6,
  FR: 13,
  BE: 5,
  GB: 11,
  IE: 2,
  US: 14,
  CA: 2,
  AU: 1.5,
  IN: 2.5,
  JP: 1,
  MY: 2,
  SE: 1,
  PL: 1,
  ES: 7,
  IT: 6,
  NL: 5,
  PT: 5,
};
