/** Finds the printed labels of a page, in all languages at once: the longest label wins, so "Subtotal" is never a "Total" and "No" of "Northwind" never a number label. */
import { lazy } from '../../lazy.ts';
import type { Layout, Line, Rect, Segment, Token } from '../layout/model.ts';
import { bounds, height, overlapX, textOf, width } from '../layout/model.ts';
import { editDistance, labelKey } from '../layout/text.ts';
import { de } from './de.ts';
import { en } from './en.ts';
import { es } from './es.ts';
import { fr } from './fr.ts';
import { it } from './it.ts';
import type { LabelKind, LabelTable, Language } from './kinds.ts';
import { nl } from './nl.ts';
import { pt } from './pt.ts';

export const TABLES: readonly LabelTable[] = [en, de, fr, es, it, nl, pt];

export interface LabelMeaning {
  readonly kinds: ReadonlySet<LabelKind>;
  readonly languages: ReadonlySet<Language>;
}

export interface Label extends Rect {
  readonly tokens: readonly Token[];
  readonly segment: Segment;
  readonly text: string;
  readonly key: string;
  readonly kinds: ReadonlySet<LabelKind>;
  readonly languages: ReadonlySet<Language>;
  readonly page: number;
  readonly line: number;
  /** A colon or the like closes it. */
  readonly closed: boolean;
  /** Found with letters misread. */
  readonly fuzzy: boolean;
}

const MAX_LABEL_TOKENS = 7;

interface Dictionary {
  readonly meanings: ReadonlyMap<string, LabelMeaning>;
  readonly longest: number;
  /** Keys long enough to be recognised with a letter misread, by length. */
  readonly fuzzy: ReadonlyMap<number, readonly string[]>;
}

const dictionary = lazy((): Dictionary => {
  const meanings = labelMeanings();
  const keys = [...meanings.keys()];
  return {
    meanings,
    longest: Math.max(...keys.map((key) => key.length)),
    fuzzy: byLength(keys.filter((key) => key.length >= 7)),
  };
});

function labelMeanings(): Map<string, LabelMeaning> {
  const map = new Map<string, { kinds: Set<LabelKind>; languages: Set<Language> }>();
  for (const table of TABLES) {
    for (const [kind, labels] of Object.entries(table.labels) as [LabelKind, readonly string[]][]) {
      for (const label of labels) {
        const forms = label.includes('{no}') ? table.number.map((n) => label.replace('{no}', n)) : [label];
        for (const form of forms) {
          const key = labelKey(form);
          const entry = map.get(key) ?? { kinds: new Set(), languages: new Set() };
          entry.kinds.add(kind);
          entry.languages.add(table.language);
          map.set(key, entry);
        }
      }
    }
  }
  return map;
}

function byLength(keys: readonly string[]): Map<number, string[]> {
  const groups = new Map<number, string[]>();
  for (const key of keys) {
    const group = groups.get(key.length);
    if (group === undefined) groups.set(key.length, [key]);
    else group.push(key);
  }
  return groups;
}

function fuzzyMeaning(key: string): string | undefined {
  if (key.length < 7 || /\d{3}/.test(key)) return undefined;
  const { fuzzy } = dictionary();
  const limit = key.length >= 11 ? 2 : 1;
  let best: string | undefined;
  let bestDistance = limit + 1;
  for (let length = key.length - limit; length <= key.length + limit; length++) {
    for (const candidate of fuzzy.get(length) ?? []) {
      if (candidate[0] !== key[0] && candidate.at(-1) !== key.at(-1)) continue;
      const distance = editDistance(key, candidate, bestDistance - 1);
      if (distance < bestDistance) {
        best = candidate;
        bestDistance = distance;
      }
    }
  }
  return best;
}

/** Zeros and ones in a word of a scan are letters ("T0TAL", "Invo1ce"). */
const mended = (key: string): string =>
  /[a-z].*[a-z]/.test(key) ? key.replace(/0/g, 'o').replace(/1/g, 'l').replace(/5/g, 's') : key;

interface Match {
  readonly tokens: readonly Token[];
  readonly key: string;
  readonly fuzzy: boolean;
}

function matchAt(segment: Segment, start: number, fuzzy: boolean): Match | undefined {
  const { meanings, longest } = dictionary();
  let key = '';
  let found: Match | undefined;
  for (let n = 0; n < MAX_LABEL_TOKENS && start + n < segment.tokens.length; n++) {
    const token = segment.tokens[start + n] as Token;
    const previous = segment.tokens[start + n - 1];
    // A label does not run on past its own colon.
    if (n > 0 && previous && previous.text.endsWith(':')) break;
    key += token.key;
    if (token.key === '' && n === 0) return undefined;
    if (key.length > longest + 2) break;
    const tokens = segment.tokens.slice(start, start + n + 1);
    if (meanings.has(key)) found = { tokens, key, fuzzy: false };
    else if (fuzzy && meanings.has(mended(key))) found = { tokens, key: mended(key), fuzzy: true };
    else if (fuzzy && token.key !== '' && (!found || found.fuzzy)) {
      const near = fuzzyMeaning(key);
      if (near) found = { tokens, key: near, fuzzy: true };
    }
  }
  return found;
}

const GLUED_TWIN = /^(\p{L}[^/\d]+)\/(\p{L}[^/\d]*)$/u;

/** "Rechnungsadresse/Billing address": a label in two languages, glued; the second may run on. */
function matchTwin(segment: Segment, start: number): Match | undefined {
  const [, first = '', second = ''] = GLUED_TWIN.exec(segment.tokens[start]?.text ?? '') ?? [];
  const key = labelKey(first);
  const meaning = dictionary().meanings.get(key);
  if (first === '' || !meaning) return undefined;
  let other = '';
  let found: Match | undefined;
  for (const [n, token] of segment.tokens.slice(start, start + MAX_LABEL_TOKENS).entries()) {
    other += n === 0 ? labelKey(second) : token.key;
    const kinds = dictionary().meanings.get(other)?.kinds;
    if (kinds && [...kinds].some((kind) => meaning.kinds.has(kind)))
      found = { tokens: segment.tokens.slice(start, start + n + 1), key, fuzzy: false };
    if (token.text.endsWith(':')) break;
  }
  return found;
}

/** "R E C H N U N G": single letters set apart are one word. */
function matchSpaced(segment: Segment, start: number): Match | undefined {
  const run: Token[] = [];
  for (const token of segment.tokens.slice(start)) {
    if (token.key.length !== 1 || !/[a-z]/.test(token.key)) break;
    run.push(token);
  }
  if (run.length < 4) return undefined;
  const key = run.map((t) => t.key).join('');
  return dictionary().meanings.has(key) ? { tokens: run, key, fuzzy: false } : undefined;
}

function labelsOfSegment(segment: Segment, fuzzy: boolean): Label[] {
  const labels: Label[] = [];
  for (let i = 0; i < segment.tokens.length;) {
    const match = matchSpaced(segment, i) ?? matchAt(segment, i, fuzzy) ?? matchTwin(segment, i);
    if (!match) {
      i++;
      continue;
    }
    const meaning = dictionary().meanings.get(match.key) as LabelMeaning;
    const last = match.tokens.at(-1) as Token;
    const next = segment.tokens[i + match.tokens.length];
    labels.push({
      ...bounds(match.tokens),
      tokens: match.tokens,
      segment,
      text: textOf(match.tokens).replace(/[\s:]+$/, ''),
      key: match.key,
      kinds: meaning.kinds,
      languages: meaning.languages,
      page: segment.page,
      line: segment.line,
      closed: /[:#]$/.test(last.text) || (next !== undefined && /^[:#]+$/.test(next.text)),
      fuzzy: match.fuzzy,
    });
    i += match.tokens.length;
  }
  return labels;
}

/** What stands in the same cell between two of its lines. */
const cellBetween = (line: Line | undefined, upper: Segment, lower: Segment): Segment | undefined =>
  line?.segments.find((s) => overlapX(s, upper) > 0 && overlapX(s, lower) > 0 && s.y0 > upper.y0 && s.y1 < lower.y1);

/** A label printed over two lines of a narrow cell ("Date" over "d'échéance"): both lines together are a label, and no value stands beside the first. */
function stackedLabels(layout: Layout): Label[] {
  const labels: Label[] = [];
  for (const [i, line] of layout.lines.entries()) {
    for (const upper of line.segments) {
      if (upper.tokens.length > 4 || /\d/.test(upper.text)) continue;
      const right = line.tokens.find((t) => t.x0 > upper.x1 && !/^(\p{Sc}|[A-Z]{3})$/u.test(t.text));
      if (right && /\d/.test(right.text)) continue;
      let longest: Label | undefined;
      for (const below of [layout.lines[i + 1], layout.lines[i + 2]]) {
        if (
          !below ||
          below.page !== line.page ||
          below.y0 - upper.y1 > height(upper) * 1.6 ||
          below.y0 < upper.y1 - height(upper) * 0.4
        )
          continue;
        const lower = below.segments.find((s) => overlapX(s, upper) > Math.min(width(s), width(upper)) * 0.6);
        if (!lower || lower.tokens.length > 4 || /\d/.test(lower.text)) continue;
        const middle = below === layout.lines[i + 2] ? cellBetween(layout.lines[i + 1], upper, lower) : undefined;
        const tokens = [...upper.tokens, ...(middle?.tokens ?? []), ...lower.tokens];
        const key = labelKey(tokens.map((t) => t.text).join(''));
        const meaning = dictionary().meanings.get(key);
        if (!meaning) continue;
        if (longest && longest.tokens.length >= tokens.length) continue;
        longest = {
          ...bounds(tokens),
          tokens,
          segment: lower,
          text: textOf(tokens).replace(/[\s:]+$/, ''),
          key,
          kinds: meaning.kinds,
          languages: meaning.languages,
          page: line.page,
          line: below.index,
          closed: lower.text.endsWith(':'),
          fuzzy: false,
        };
      }
      if (longest) labels.push(longest);
    }
  }
  return labels;
}

export function findLabels(layout: Layout): Label[] {
  const fuzzyPages = new Set(layout.pages.filter((p) => p.source === 'ocr').map((p) => p.page));
  const single = layout.lines.flatMap((line) =>
    line.segments.flatMap((s) => labelsOfSegment(s, fuzzyPages.has(line.page))),
  );
  const stacked = stackedLabels(layout);
  const covered = new Set(stacked.flatMap((label) => label.tokens.map((t) => t.index)));
  return [...single.filter((label) => !label.tokens.some((t) => covered.has(t.index))), ...stacked].toSorted(
    (a, b) => a.line - b.line || a.x0 - b.x0,
  );
}

/** Exact label lookup of a phrase; for column heads that run over several lines. */
export const meaningOf = (phrase: string): LabelMeaning | undefined => dictionary().meanings.get(labelKey(phrase));
