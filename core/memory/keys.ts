/** Keys by which a vendor's documents are known again, and how much each of them says. */
import type { Context } from '../extract/candidates/context.ts';
import type { Token } from '../extract/layout/model.ts';
import { fold } from '../extract/layout/text.ts';

export interface PageKey {
  readonly key: string;
  readonly tokens: readonly Token[];
}

/** Mail providers and platforms whose domain says nothing about who writes. */
const SHARED_DOMAIN =
  /^(gmail|googlemail|gmx|web|outlook|hotmail|live|yahoo|aol|icloud|me|mac|t-online|freenet|orange|wanadoo|free|sfr|laposte|libero|hotmail|posteo|proton(mail)?|mail|arcor|bluewin|ziggo|telenet|facebook|linkedin|instagram|twitter|youtube|google|paypal|ec|w3)\./;
const DOMAIN = /(?:^|[@/.\s])((?:[a-z0-9-]+\.)+[a-z]{2,12})(?=$|[/\s,;)])/;
const MAX_LINES = 60;

/** How sure one key alone makes of the vendor, by its kind. */
const WEIGHTS: Readonly<Record<string, number>> = {
  tax: 1,
  iban: 1,
  web: 0.8,
  mail: 0.9,
  tel: 0.7,
  reg: 0.9,
  line: 0.3,
};
export const weightOf = (key: string): number => WEIGHTS[key.slice(0, key.indexOf(':'))] ?? 0;

export const taxKey = (value: string): string => `tax:${value.toUpperCase().replace(/[^A-Z0-9]/g, '')}`;
export const ibanKey = (value: string): string => `iban:${value}`;
/** Letters of a printed line: digits are misread first and change most. */
export const lineKey = (text: string): string => `line:${fold(text).replace(/[^a-z]/g, '')}`.slice(0, 60);

export function domainKey(text: string): string | undefined {
  const plain = text
    .toLowerCase()
    .replace(/^https?:\/\//, '')
    .replace(/^www\./, '');
  const domain = DOMAIN.exec(plain)?.[1];
  if (domain === undefined || /^\d/.test(domain)) return undefined;
  if (SHARED_DOMAIN.test(domain))
    return plain.includes('@') ? `mail:${plain.replace(/[^a-z0-9@._-]/g, '')}` : undefined;
  return `web:${domain.split('.').slice(-2).join('.')}`;
}

const isWebLike = (text: string): boolean =>
  /@|^https?:|^www\.|\.(com|de|fr|eu|net|org|es|it|nl|pt|at|ch|be|co\.uk|uk|io)\/?$/i.test(text);

/** "Tel. +49 (0)30 123456": the last eight digits, whatever the prefix. */
function phoneKeys(context: Context): PageKey[] {
  return context.layout.lines.flatMap((line): PageKey[] => {
    const start = line.tokens.findIndex((t) =>
      /^(tel|telefon|telephone|phone|fon|fax|mobil|mobile|telefono|telefoon|telefone|ph)$/.test(t.key),
    );
    if (start < 0) return [];
    const digits: Token[] = [];
    for (const token of line.tokens.slice(start + 1)) {
      if (/^[+\d()/.\-–]+$/.test(token.text)) digits.push(token);
      else if (digits.length > 0) break;
    }
    const number = digits
      .map((t) => t.text)
      .join('')
      .replace(/\D/g, '');
    return number.length >= 7 ? [{ key: `tel:${number.slice(-8)}`, tokens: digits }] : [];
  });
}

/** Registers of companies: HRB 12345, SIREN/SIRET/RCS, KvK, Company No. */
function registerKeys(context: Context): PageKey[] {
  return context.layout.lines.flatMap((line): PageKey[] => {
    const text = line.tokens.map((t) => t.text).join(' ');
    const match = /\b(HR[AB]|SIREN|SIRET|RCS|KvK|KVK|REA|FN)\b\D{0,25}([\d ]{4,18}\d)/.exec(text);
    const number = match?.[2]?.replace(/\D/g, '');
    if (match === null || number === undefined || number.length < 4) return [];
    return [{ key: `reg:${match[1]?.toUpperCase()}${number}`, tokens: line.tokens }];
  });
}

/** Printed lines of the first page that are no labels: letterhead, footer, whatever the vendor prints on each. */
function lineKeys(context: Context): PageKey[] {
  const page = context.layout.pages[0];
  if (page === undefined) return [];
  const edge = (y: number): number => Math.min(y, Math.max(0, page.height - y));
  return page.lines
    .flatMap((line) => line.segments)
    .filter((segment) => !segment.tokens.some((t) => context.labelAt.has(t.index)))
    .flatMap((segment): (PageKey & { edge: number })[] => {
      const key = lineKey(segment.text);
      return key.length < 13 ? [] : [{ key, tokens: segment.tokens, edge: edge(segment.y0) }];
    })
    .toSorted((a, b) => a.edge - b.edge)
    .slice(0, MAX_LINES);
}

const MOST_WORDS = 16;

/** Long words of the letterhead and the footer: on a scan hardly a whole line is read without a fault. */
function wordKeys(context: Context): PageKey[] {
  const page = context.layout.pages[0];
  if (page === undefined || page.source !== 'ocr') return [];
  return page.lines
    .filter((line) => line.y0 < page.height * 0.22 || line.y1 > page.height * 0.9)
    .flatMap((line) => line.tokens)
    .filter((t) => t.key.length >= 6 && /^[a-z]+$/.test(t.key) && !context.labelAt.has(t.index))
    .map((t) => ({ key: `word:${t.key}`, tokens: [t] }))
    .slice(0, MOST_WORDS);
}

/** Every key on the pages, each once. */
export function keysOn(context: Context): PageKey[] {
  const found: PageKey[] = [
    ...context.vatIds.filter((id) => id.valid !== false).map((id) => ({ key: taxKey(id.value), tokens: id.tokens })),
    ...context.ibans.filter((iban) => iban.valid).map((iban) => ({ key: ibanKey(iban.value), tokens: iban.tokens })),
    ...context.layout.tokens.flatMap((token): PageKey[] => {
      const key = isWebLike(token.text) ? domainKey(token.text) : undefined;
      return key === undefined ? [] : [{ key, tokens: [token] }];
    }),
    ...phoneKeys(context),
    ...registerKeys(context),
    ...lineKeys(context),
    ...wordKeys(context),
  ];
  return [...new Map(found.map((key) => [key.key, key])).values()];
}
