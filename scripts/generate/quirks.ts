/** What a reader gets wrong at first and can be taught: values without labels, labels nobody expects, columns in an order of their own. */
import type { Language, Quirks, Style } from './model.ts';
import type { Chance } from './random.ts';
import { type LabelKey, listOf } from './words/words.ts';

const KINDS = [
  'bareNumber',
  'bareDate',
  'twoDates',
  'bareTotal',
  'drawnName',
  'oddNumber',
  'oddDate',
  'oddTotal',
  'oddColumns',
] as const;

/** Words that companies do use, but not for this. */
const ODD: Readonly<Record<Language, { readonly number: string; readonly date: string; readonly gross: string }>> = {
  en: {
    number: 'Our ref|File|Job ticket|Our reference|Folio',
    date: 'As at|Raised|Week ending',
    gross: 'For settlement|To your account|Settlement',
  },
  de: {
    number: 'Vorgang|Unser Zeichen|Kennung|Akte',
    date: 'Stand|Tag|Erstellt',
    gross: 'Ausgleichsbetrag|Forderung|Bitte begleichen',
  },
  fr: {
    number: 'Notre réf.|Dossier|Pièce',
    date: 'Fait le|Le|Établi',
    gross: 'Somme due|Votre règlement|À votre débit',
  },
  es: { number: 'N/Ref.|Expediente|Operación', date: 'En fecha|Día', gross: 'A liquidar|Su cargo' },
  it: { number: 'Ns. rif.|Pratica|Protocollo', date: 'Addì|Il giorno', gross: 'Somma dovuta|A Vs. debito' },
  nl: { number: 'Ons kenmerk|Dossier|Zaaknummer', date: 'd.d.|Opgemaakt', gross: 'Te vereffenen|Ten laste van u' },
  pt: { number: 'N/ Ref.|Processo|Dossier', date: 'Aos|Feito em', gross: 'Importância devida|A seu débito' },
};

export function quirksFor(chance: Chance): Quirks {
  const chosen = chance.some(KINDS, chance.integer(1, 3));
  const clash = (kind: string) =>
    (kind === 'oddNumber' && chosen.includes('bareNumber')) ||
    (kind === 'oddTotal' && chosen.includes('bareTotal')) ||
    ((kind === 'oddDate' || kind === 'bareDate') && chosen.includes('twoDates')) ||
    (kind === 'oddDate' && chosen.includes('bareDate'));
  return Object.fromEntries(chosen.filter((kind) => !clash(kind)).map((kind) => [kind, true]));
}

export function oddWords(
  words: Record<LabelKey, string>,
  quirks: Quirks,
  language: Language,
  chance: Chance,
): Record<LabelKey, string> {
  const odd = ODD[language];
  return {
    ...words,
    ...(quirks.oddNumber && { number: chance.pick(listOf(odd.number)) }),
    ...(quirks.oddDate && { date: chance.pick(listOf(odd.date)) }),
    ...(quirks.oddTotal && { gross: chance.pick(listOf(odd.gross)) }),
  };
}

export const oddStyle = (style: Style, quirks: Quirks, chance: Chance): Style =>
  quirks.oddColumns ? { ...style, columns: chance.shuffled(style.columns) } : style;
