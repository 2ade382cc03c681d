/** Units as printed -> UN/ECE Recommendation 20 codes, for e-invoices we write. Reading keeps the code it finds. */
const SPELLINGS: Readonly<Record<string, string>> = {
  C62: 'one unit units ea each einheit einheiten eenheid unité unités unidad unidades unità',
  H87: 'pc pcs pce piece pieces stk st stck stück stueck stuks stuk pièce pièces pz pza pezzo pezzi peça peças',
  HUR: 'h hr hrs hour hours std stunde stunden heure heures uur uren ora ore hora horas',
  MIN: 'min minute minutes minuten',
  DAY: 'd day days tag tage jour jours dag dagen giorno giorni día días',
  WEE: 'week weeks woche wochen semaine semaines',
  MON: 'month months monat monate mois maand maanden mese mesi mes meses',
  ANN: 'year years jahr jahre an ans année jaar anno anni año años',
  KGM: 'kg kilo kilogramm kilogram kilograms',
  GRM: 'g gr gramm gram grams',
  TNE: 't to tonne tonnen tonnes',
  MTR: 'm lfm meter metre metres mètre mètres',
  CMT: 'cm',
  MMT: 'mm',
  KMT: 'km kilometer kilometre',
  MTK: 'm2 m² qm sqm',
  MTQ: 'm3 m³ cbm',
  LTR: 'l ltr liter litre litres litro litri',
  MLT: 'ml',
  KWH: 'kwh',
  SET: 'set sets satz',
  PR: 'pair pairs paar paire paires',
  LS: 'lump sum pauschal pausch psch pauschale forfait flat',
  P1: '%',
  XPK: 'pkg package packages paket pakete packung colis pack pak',
  XBX: 'box boxes karton kartons schachtel carton cartons',
  XPX: 'pallet pallets palette paletten',
  XBO: 'bottle bottles flasche flaschen bouteille bouteilles',
  XRO: 'roll rolls rolle rollen rouleau',
};

const CODE_OF = new Map(
  Object.entries(SPELLINGS).flatMap(([code, words]) => words.split(' ').map((word) => [word, code] as const)),
);

/** Codes of the list that are common on invoices and are no spelling of another unit. */
const CODES: ReadonlySet<string> = new Set([
  ...Object.keys(SPELLINGS),
  ...(
    'SEC QAN MON HAR CMK MMK MKW MRW HWE CMQ MMQ DMQ MWH KWT KVA AMP VLT HTZ DZN GRO MIL CEN NAR NPL NPT NMP EA ' +
    'E48 E49 E51 D63 D97 CTM INH FOT YRD FTK INK YDK SMI ONZ LBR STN GLL PTI OZA 2N 4G 4L AD A9 B32 JOU KJO'
  ).split(' '),
]);

/** "Mutually defined": the unit is said in words beside it. */
export const UNIT_BY_AGREEMENT = 'ZZ';

/** The code for a unit: as it came in an e-invoice, or for what is printed; 'C62' (one) where nothing is, 'ZZ' where it is not known. */
export function unitCode(unit: string | undefined, fromXml = false): string {
  const text = (unit ?? '').trim();
  if (text === '') return 'C62';
  if (fromXml && /^[A-Z0-9]{1,3}$/.test(text)) return text;
  if (CODES.has(text) || /^X[A-Z0-9]{2}$/.test(text)) return text;
  return CODE_OF.get(text.toLowerCase().replace(/\.$/, '')) ?? UNIT_BY_AGREEMENT;
}
