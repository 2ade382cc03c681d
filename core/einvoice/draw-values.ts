/** How an element's content is shown on a drawn page: dates as ISO, attached files by name and size, the rest as written. */
import type { TermNode } from '../contract/reading.ts';
import { localName } from './names.ts';
import { termName } from './term-names.ts';
import type { TermLanguage } from './term-names.ts';
import { xmlDate } from './values.ts';

/** Attributes that say what a value means; units and currencies are shown where they belong. */
const QUALIFIERS = ['schemeID', 'listID', 'name'] as const;

const kilobytes = (base64: string): string => `${Math.max(1, Math.round((base64.length * 3) / 4 / 1024))} kB`;

export function shown(node: TermNode): string {
  const text = (node.text ?? '').trim();
  const { filename, mimeCode, format } = node.attributes ?? {};
  if (filename !== undefined || mimeCode !== undefined) {
    return [filename, mimeCode, kilobytes(text)].filter((part) => part !== undefined).join(', ');
  }
  if (format !== undefined || localName(node.name) === 'DateTime') return xmlDate(text) ?? text;
  return text;
}

/** The value with what qualifies it, for label and value pairs. */
export function shownInFull(node: TermNode, currency: string | undefined): string {
  const qualifiers = QUALIFIERS.flatMap((name) => node.attributes?.[name]?.trim() || []);
  const own = node.attributes?.['currencyID'];
  const unit = node.attributes?.['unitCode'];
  return [
    shown(node),
    ...(unit === undefined ? [] : [unit]),
    ...(own === undefined || own === currency ? [] : [own]),
    ...(qualifiers.length === 0 ? [] : [`(${qualifiers.join(', ')})`]),
  ].join(' ');
}

/** `RateApplicablePercent` -> `Rate applicable percent`, for elements that have no business term. */
const spelled = (local: string): string => {
  const words = local.replace(/([a-z])([A-Z])/g, '$1 $2').replace(/([A-Z]+)([A-Z][a-z])/g, '$1 $2');
  return words.charAt(0).toUpperCase() + words.slice(1).replace(/\b[A-Z](?=[a-z])/g, (c) => c.toLowerCase());
};

/** Names that say nothing without what they are in. */
const VAGUE = new Set(['ID', 'Name', 'Value', 'Content', 'Description', 'DateTimeString', 'Indicator', 'TypeCode']);

export function labelOf(node: TermNode, parents: readonly TermNode[], language: TermLanguage): string {
  const known = node.term === undefined ? undefined : termName(node.term, language);
  if (known !== undefined) return known;
  const local = localName(node.name);
  const parent = parents.at(-1);
  return VAGUE.has(local) && parent ? spelled(`${localName(parent.name)} ${local}`) : spelled(local);
}
