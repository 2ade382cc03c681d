/** What looks like a party's name, and what surely does not: addresses, contact lines, titles. */
import { fold } from '../layout/text.ts';

/** Legal forms of companies in the seven languages' countries and some more. */
const LEGAL_FORM =
  /(?<![\p{L}\d])(GmbH(\s*&\s*Co\.?\s*KG(aA)?)?|gGmbH|mbH|Ges\.?\s?m\.?\s?b\.?\s?H\.?|eG|EG|e\.\s?U\.|AG|OG|KG|KGaA|OHG|GbR|UG|e\.?\s?K\.?|e\.?\s?V\.?|Ltd\.?|Limited|L\.?L\.?C\.?|Inc\.?|Incorporated|Corp\.?|Corporation|P\.?L\.?C\.?|LLP|Co\.|CO\.|GMBH|LTD\.?|LIMITED|INC\.?|INCORPORATED|CORP\.?|CORPORATION|LDA\.?|LTDA\.?|S\.?R\.?L\.?S?|S\.?P\.?A\.?(?! \d)|Pty|S[dDoO0][nN]\.?\s?[bBfF][hH][dDoO]\.?|S\/B|Bhd|S\.?A\.?R\.?L\.?|S\.?A\.?S\.?(U\.?)?|S\.?A\.?|EURL|SNC|SCI|SCOP|S\.?r\.?l\.?s?|S\.?p\.?A\.?|s\.?a\.?s\.?|S\.a\.s\.?|S\.?n\.?c\.?|S\.?L\.?(U\.?)?|S\.?C\.?|C\.\s?B\.|S\.\s?Coop\.?|B\.?V\.?(B\.?A\.?)?|N\.?V\.?|V\.?O\.?F\.?|C\.?V\.?|Lda\.?|Ltda\.?|Unipessoal|Lt[ée]e|LTÉE|S[àÀ][rR][lL]|Sp\.\s?z\s?o\.?\s?o\.?|A\/S|ApS|Oy|Stiftung|Inh\.)(?![\p{L}\d])/u;
/** Words and short letters that are a legal form only where they close the name: "Harbour Services", not "Services rendered". */
const CLOSING_FORM =
  /(?<=[\p{L}\d.)] )(SE|AB|AS|HB|Company|Group|Enterprises?|ENTERPRISES?|Trading|TRADING|Holdings?|Services|Foundation|Association)\s*(\([^)]*\)\s*)?$/u;

export const hasLegalForm = (text: string): boolean => LEGAL_FORM.test(text) || CLOSING_FORM.test(text.trim());
/** Nothing but a legal form: "SARL", "GmbH & Co. KG". */
export const isLegalForm = (text: string): boolean =>
  LEGAL_FORM.test(text) && text.replace(LEGAL_FORM, '').replace(/[\s.,]/g, '') === '';

/** Legal forms with letters misread, as scans show them: what they can only be. */
const MISREAD_FORMS: readonly (readonly [RegExp, string])[] = [
  [/(?<=[\p{L}).] ?)\b[S5][DOUIQ0B][NMH][.,]?\s?[B8EFR][HNRM][DO0](?![\p{L}\d])/u, 'SDN BHD'],
  [/(?<=[\p{L}).] ?)\bS[dou][nm][.,]?\s?[BFE8]h[do](?![\p{L}\d])/u, 'Sdn Bhd'],
  [/(?<=[\p{L}).] )[S5]\/[B8](?![\p{L}\d])/u, 'S/B'],
  [/(?<=[\p{L}).] )[G6][mn][bh](?:H|I1|II|M|il)(?![\p{L}\d])/u, 'GmbH'],
  [/(?<=[\p{L}).] )L[tlfi1][dcl][.,]?(?=$|\s*\()/u, 'Ltd'],
];

/** A misread legal form set right; the text itself where there is none. */
export function mendLegalForm(text: string): string {
  if (LEGAL_FORM.test(text) && !/S[oO0][nN]|[fF][hH][dDoO]/.test(text)) return text;
  const found = MISREAD_FORMS.find(([form]) => form.test(text));
  return found ? text.replace(found[0], found[1]) : text;
}

/** The number in the companies' register that is printed after or below a name: "(519537-X)", "Reg. No. 201901". */
const REGISTRATION =
  /[({[]?(?<![\p{L}\d])[\dliIOS]{4,9}\s?-\s?[A-Z](?![\p{L}\d])[)}\]]?|(?:company|business|co)\.?[ -]?(?:reg(?:istration)?\.? ?)?(?:no|nr|number)\b/iu;
export const hasRegistration = (text: string): boolean => /\d{3}/.test(text) && REGISTRATION.test(text);

const STREET =
  /(stra(ss|ß|b|l|s)e\b|str\.|\bstr\b|\bweg\b|weg \d|platz\b|\ballee\b|gasse\b|\bring \d|\bufer\b|\bdamm \d|\bstreet\b|\bst\b\.?$|\bst\b\.?,|\broad\b|\brd\b|\bavenue\b|\bave\b|\bblvd\b|\bboulevard\b|\blane\b|\bln\b|\bdrive\b|\bdr\b\.? |\bdr\.?$|\bsuite\b|\bste\b|\bfloor\b|\bfl\b|\bpkwy\b|\bparkway\b|\bhighway\b|\bhwy\b|\bcourt\b|\bplaza\b|\bway\b|\bsquare\b|\bjalan\b|\bjln\b|\btaman\b|\brue\b|\broute (de|du|des|d'|nationale)|\bzone (industrielle|artisanale|d'activite)|^z\.?[ai]\.?c?\.? (de|du|des|d')|\bchemin\b|\bquai\b|\ballee\b|\bimpasse\b|\bcours\b|\bcalle\b|\bc\/|\bavda\b|\bavenida\b|\bpaseo\b|\bplaza\b|\bvia\b|\bviale\b|\bcorso\b|\bpiazza\b|straat\b|laan\b|plein\b|kade\b|gracht\b|singel\b|\brua\b|\btravessa\b|\blargo\b|\bpraca\b|p\.? ?o\.? box|\bpostfach\b|\bpostbus\b|\bbp \d|\bcedex\b|\bapartado\b|\bcp \d|\blot \d|\bunit \d|\bseksyen\b|\bsection u?\d)/;
const CITY =
  /^([a-z]{1,2}[- ])?\d{4,5}[ ,]+[a-z(]|^\d{4} ?[a-z]{2}[ ,]+[a-z]|,? [a-z]{2},? \d{5}(-\d{4})?$|\b[a-z]{1,2}\d[a-z\d]? ?\d[a-z]{2}$|[a-z]{3,}[, ]+\d{5}$|^\d{2}-\d{3} [a-z]|^\d{4}-\d{3} [a-z]|, [a-z]{2} \d{4,5}|^\d{5,6}$|\b\d{5} [a-z ]+,/;
const COUNTRY =
  /^(deutschland|germany|france|frankreich|espana|spain|italia|italy|nederland|the netherlands|netherlands|portugal|osterreich|austria|schweiz|switzerland|suisse|belgie|belgique|belgium|united kingdom|uk|england|usa|u\.s\.a\.|united states( of america)?|etats unis|ireland|luxembourg|malaysia|singapore|india|canada|australia|hong kong|brasil|brazil|mexico|polska|poland)$/;

export function isAddressLine(text: string): boolean {
  const folded = fold(text).trim();
  return STREET.test(folded) || CITY.test(folded) || COUNTRY.test(folded) || /^\d+[a-z]?,? [a-z]+/.test(folded);
}

/** A line that closes an address: a place with its postal code. */
export const isCityLine = (text: string): boolean => CITY.test(fold(text).trim());
export const isStreetLine = (text: string): boolean =>
  STREET.test(fold(text).trim()) || /\p{L}{3,} \d+ ?[a-z]?$/u.test(text.trim());

const CONTACT =
  /@|www\.|https?:|\.(com|de|fr|net|org|nl|es|it|pt|co\.uk|eu)\b|\b(tel|fax|phone|telefon|telefax|mobil|e-?mail)\b|^\+?[\d\s()/.-]{7,}$/i;
export const isContactLine = (text: string): boolean => CONTACT.test(text);

/** What the law makes companies print in their footer: "SAS au capital de 10 000 €". */
const SMALL_PRINT =
  /\b(au capital|capital social|share capital|stammkapital|registered office|siege social|sede legale|sede social)\b/;

const HOUSE_NUMBER = /\p{L}{3,},? \d{1,4} ?[a-z]?$/u;

/** A name: letters, a capital or a brand in small letters, no sentence, no reference. */
export function nameShape(text: string): number {
  const trimmed = text.trim();
  const letters = trimmed.match(/\p{L}/gu)?.length ?? 0;
  const digits = trimmed.match(/\d/g)?.length ?? 0;
  if (letters < 2 || trimmed.length > 70 || digits > letters) return 0;
  if (isContactLine(trimmed)) return 0;
  if (SMALL_PRINT.test(fold(trimmed))) return 0;
  // A legal form alone closes the name above it and is none itself.
  if (isLegalForm(trimmed)) return 0.2;
  const words = trimmed.split(/\s+/).length;
  let shape = 1;
  if (hasLegalForm(trimmed)) return words > 9 ? 0.7 : 1;
  if (isAddressLine(trimmed)) shape *= 0.12;
  // "Speicherkai 60", "Am Hafen 49": a house number closes it.
  else if (HOUSE_NUMBER.test(trimmed)) shape *= 0.35;
  if (words > 6) shape *= 0.4;
  if (/[.!?:;]$/.test(trimmed) && words > 3) shape *= 0.4;
  if (!/\p{Lu}/u.test(trimmed)) shape *= 0.6;
  if (digits > 3) shape *= 0.4;
  if (letters < 3) shape *= 0.5;
  return shape;
}

/** What follows a name on its line without being part of it: the company's number, the bank it banks with. */
const AFTER_NAME =
  /(?:^|[\s,(-]+)(?:(?:company|business|co\.?) ?)?(?:reg(?:istration)?\.?|roc) ?(?:no|nr|number)\b.*$|[\s,-]+domiciliation\b.*$/i;

/** What stands behind a registration number: former names, a branch. */
const AFTER_FORM = /\s*[({[]?(?<![\p{L}\d])\d[\dliIOSuJ]{3,9}\s?-\s?[A-Z](?![\p{L}\d]).*$/u;

/** Name without what surrounds it in print: quotes, pipes, a trailing account number in brackets, "c/o" lines. */
export function cleanName(text: string): string {
  return text
    .replace(AFTER_NAME, '')
    .replace(AFTER_FORM, '')
    .replace(/^[\s"'“”‘’«».,:;|*#=~_–—-]+|[\s"'“”‘’«»,:;|*#=~_–—-]+$/g, '')
    .replace(/\s*\((?:[A-Z]{0,3}[\d-]+ ?[A-Z-]*|\d+)\)\s*$/, '')
    .replace(/\s+/g, ' ')
    .trim();
}

/** Mail providers whose domain names no company. */
const FREE_MAIL =
  /^(gmail|googlemail|hotmail|outlook|yahoo|gmx|web|aol|icloud|live|free|orange|wanadoo|laposte|t-online|example|mail|msn)$/;

/** Second-level names of the mail and web addresses in a text ("info@acme-tools.de" -> "acmetools"). */
export function domainNames(text: string): string[] {
  const names: string[] = [];
  for (const match of text.matchAll(
    /(?:@|www\.|https?:\/\/(?:www\.)?|(?<![\p{L}\d.@/]))([\p{L}\d-]+(?:\.[\p{L}\d-]+)*)\.(com|net|org|de|fr|nl|es|it|pt|eu|at|ch|be|lu|uk|ie|us|ca|au|io|biz|info|my|sg|in|co)(?![\p{L}\d])/giu,
  )) {
    const core =
      (match[1] ?? '')
        .split('.')
        .filter((p) => !/^(www|mail|shop|co|com|edi|info)$/i.test(p))
        .at(-1)
        ?.toLowerCase() ?? '';
    if (core.length >= 3 && !FREE_MAIL.test(core)) names.push(core.replace(/-/g, ''));
  }
  return names;
}
