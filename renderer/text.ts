/** The catalogue in the language of the settings. The app is mounted anew when the language changes, so components just call these. */
import type { CellRef, Finding } from '../core/contract/invoice.ts';
import type { ReadingNote } from '../core/contract/reading.ts';
import {
  formatAmount,
  formatDate,
  formatForEditing,
  formatIban,
  formatMoney,
  formatNumber,
  formatPercent,
} from '../core/text/format.ts';
import { en } from '../core/text/en.ts';
import { fieldName, findingText, lookup, reasonText, skipText, text, whyText } from '../core/text/text.ts';
import type { Language, TextKey, TextParams } from '../core/text/text.ts';
import { infoOf } from './review/cells.ts';

let language: Language = 'en';
let timeZone: string | undefined;

export function setLanguage(next: Language, zone?: string): void {
  language = next;
  timeZone = zone;
  clocks.clear();
}
/** Of whoever has chosen none. */
export const browserLanguage = (): Language => (navigator.language.startsWith('de') ? 'de' : 'en');
export const currentLanguage = (): Language => language;

/** At a site some sentences are others: those with a key that ends in `.site`. */
const OF_SITE: ReadonlyMap<string, TextKey> = new Map(
  (Object.keys(en) as TextKey[]).filter((key) => key.endsWith('.site')).map((key) => [key.slice(0, -5), key]),
);
let atSite = false;

export function setPlace(place: 'station' | 'site'): void {
  atSite = place === 'site';
}

export const t = (key: TextKey, params?: TextParams): string =>
  text(language, (atSite ? OF_SITE.get(key) : undefined) ?? key, params);
/** For keys made at run time; the key itself where the catalogue has none. */
export const say = (key: string, params?: TextParams): string => lookup(language, key, params) ?? key;

/** A status in a word or two, for lists. */
export const statusName = (status: string): string =>
  lookup(language, `ui.status.${status}`) ?? lookup(language, `status.${status}`) ?? status;

export const labelOf = (ref: CellRef): string => fieldName(language, ref.entity.type, ref.field);
export const findingWords = (finding: Finding) => findingText(language, finding);
/** What the reader noted that no rule judges; undefined for what is shown elsewhere. */
export const noteWords = ({ code, params }: ReadingNote): string | undefined =>
  lookup(language, `ui.note.${code}`, params);
export const whyWords = (reason: string): string => whyText(language, reason);
export const skipWords = (reason: string): string => skipText(language, reason);
export const reasonWords = (reason: string) => reasonText(language, reason);

export const money = (value: string, currency?: string | null): string => formatMoney(language, value, currency);
export const number = (value: string, digits?: number): string => formatNumber(language, value, digits);
export const date = (value: string): string => formatDate(language, value);
export const iban = formatIban;
export const percent = (share: number): string => formatPercent(language, String(share));

/** A value as a list or grid shows it. */
export function shown(ref: Pick<CellRef, 'entity' | 'field'>, value: string | null, currency?: string | null): string {
  if (value === null) return '';
  switch (infoOf(ref).type) {
    case 'amount':
      return formatAmount(language, value, currency);
    case 'decimal':
      // A price has at least the decimals of its currency; a quantity only those it needs.
      return ref.field === 'unitPrice' ? formatAmount(language, value, currency) : formatNumber(language, value);
    case 'percent':
      return formatNumber(language, value);
    case 'date':
      return formatDate(language, value);
    case 'iban':
      return formatIban(value);
    case 'code':
      return lookup(language, `${ref.field}.${value}`) ?? value;
    case 'text':
    case 'multiline':
    case 'id':
    case 'taxId':
    case 'currency':
      return value;
  }
}

/** A value as it stands in a field that is typed into. */
export function editable(
  ref: Pick<CellRef, 'entity' | 'field'>,
  value: string | null,
  currency?: string | null,
): string {
  if (value === null) return '';
  const { type } = infoOf(ref);
  if (type === 'amount') return formatAmount(language, value, currency).replace('\u2212', '-');
  if (type === 'date') return formatForEditing(language, type, value);
  if (type === 'decimal' || type === 'percent') return formatForEditing(language, type, value);
  return type === 'iban' ? shown(ref, value) : value;
}

const clocks = new Map<string, Intl.DateTimeFormat>();

/** An instant in the station's time zone. */
export function instant(iso: string, style: 'time' | 'full' | 'exact' = 'full'): string {
  let clock = clocks.get(style);
  if (!clock) {
    const options: Intl.DateTimeFormatOptions =
      style === 'time'
        ? { timeStyle: 'short' }
        : { dateStyle: 'medium', timeStyle: style === 'exact' ? 'medium' : 'short' };
    clock = clockOf({ ...options, ...(timeZone === undefined ? {} : { timeZone }) });
    clocks.set(style, clock);
  }
  return clock.format(new Date(iso));
}

/** A time zone that this browser does not know falls back to its own. */
function clockOf(options: Intl.DateTimeFormatOptions): Intl.DateTimeFormat {
  const locale = language === 'en' ? 'en-GB' : 'de-DE';
  try {
    return new Intl.DateTimeFormat(locale, options);
  } catch {
    return new Intl.DateTimeFormat(locale, { ...options, timeZone: undefined });
  }
}

const UNITS = ['B', 'kB', 'MB', 'GB'];

export function fileSize(bytes: number): string {
  let size = bytes;
  let unit = 0;
  while (size >= 1000 && unit < UNITS.length - 1) {
    size /= 1000;
    unit++;
  }
  return `${formatNumber(language, size >= 100 || unit === 0 ? String(Math.round(size)) : size.toFixed(1))}\u00a0${UNITS[unit]}`;
}

let self = '';

/** Whose own actor this is, set when the station says so. */
export function setSelf(actor: string): void {
  self = actor;
}

let names: ReadonlyMap<string, string> = new Map();

/** How the people of a site are called. */
export function setNames(items: readonly { readonly actor: string; readonly name: string }[]): void {
  names = new Map(items.map(({ actor, name }) => [actor, name]));
}

/** `local:<uuid>`, `service:<job>` or `user:<id>`, as a person says it. */
export function actorName(actor: string): string {
  return actor === self && actor !== '' ? t('ui.actor.self') : nameOf(actor);
}

/** The same, where oneself is one of many. */
export function nameOf(actor: string): string {
  const name = names.get(actor);
  if (name !== undefined) return name;
  if (actor === 'service:setup') return t('ui.actor.setup');
  if (actor.startsWith('user:')) return t('ui.actor.colleague');
  if (actor.startsWith('service:')) return t('ui.actor.station');
  return actor.startsWith('local:') ? t('ui.actor.other', { id: actor.slice(6, 14) }) : actor;
}

/** What a job is doing: `page 3 of 12` in the language of the screen. */
export function lookupStage(stage: string): string {
  const page = /^page (\d+) of (\d+)$/.exec(stage);
  // The first is begun with, before any is done.
  if (page) return t('ui.reading.page', { page: page[1] === '0' ? '1' : page[1]!, pages: page[2]! });
  return lookup(language, `ui.stage.${stage}`) ?? stage;
}
