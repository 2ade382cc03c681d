/** Sentences of the running text: phrases that go on in the line below are put together again. */
import type { Segment, Token } from '../layout/model.ts';
import { height, textOf, width } from '../layout/model.ts';
import { fold } from '../layout/text.ts';
import type { Context } from './context.ts';
import { hasKind, pageOf } from './context.ts';

export interface Sentence {
  readonly text: string;
  /** Folded, for patterns. */
  readonly plain: string;
  readonly tokens: readonly Token[];
}

const MOST_TOKENS = 60;
/** Units of a line that may have been wrapped (the page is 1000 wide). */
const WIDE = 450;
const ABBREVIATED = /^(art|abs|inkl|incl|excl|exkl|zzgl|bzw|ggf|max|min|nbr|ref|tel|ust|mwst|rech|rechn)$/;
/** A full stop that ends a sentence, not "Nr." nor a date's. */
const closes = (token: Token, next: Token | undefined): boolean =>
  /[!?;]$/.test(token.text) ||
  (/(\p{L}{3,}|\d{4}|%|\))\.$/u.test(token.text) &&
    !ABBREVIATED.test(token.key) &&
    (next === undefined || /^[\p{Lu}\d„"(*]/u.test(next.text)));

/** The segment that carries a text on: close below, at the same left edge. */
function segmentBelow(context: Context, segment: Segment): Segment | undefined {
  const h = height(segment);
  for (const line of pageOf(context, segment.page).lines) {
    if (line.index <= segment.line || line.y0 < segment.y1 - h * 0.4) continue;
    if (line.y0 - segment.y1 > h * 0.9) return undefined;
    const below = line.segments.find((s) => Math.abs(s.x0 - segment.x0) < h * 0.8);
    if (below) return below;
  }
  return undefined;
}

/** A label of its own: bank data, a contact line, a key with its value. */
function opensDetail(context: Context, token: Token): boolean {
  const label = context.labelAt.get(token.index);
  return (
    label !== undefined && (label.closed || hasKind(label, 'iban', 'bic', 'account', 'contact', 'vatId', 'taxNumber'))
  );
}

/** The running text that begins with a segment: it goes on while its lines are full and no label opens the next. */
function flow(context: Context, first: Segment, seen: Set<Segment>): Token[] {
  const tokens = [...first.tokens];
  let last = first;
  seen.add(first);
  while (tokens.length < MOST_TOKENS && first.tokens.length >= 4) {
    const below = segmentBelow(context, last);
    const start = below?.tokens[0];
    if (!below || !start || seen.has(below) || opensDetail(context, start)) break;
    // A wrapped line is long, ends in a small word, or the next goes on in small letters.
    const open = /[,–-]$|(^|\s)(\p{Ll}{1,4}|[€$£]|[A-Z]{3})$/u.test(last.text);
    if (width(last) < WIDE && !/^\p{Ll}/u.test(start.text) && !open) break;
    tokens.push(...below.tokens);
    seen.add(below);
    last = below;
  }
  return tokens;
}

export function splitSentences(tokens: readonly Token[]): Token[][] {
  const parts: Token[][] = [[]];
  for (const [i, token] of tokens.entries()) {
    parts.at(-1)?.push(token);
    if (closes(token, tokens[i + 1])) parts.push([]);
  }
  return parts.filter((p) => p.length > 0);
}

export function sentenceOf(tokens: readonly Token[]): Sentence {
  const text = textOf(tokens);
  return { text, plain: fold(text), tokens };
}

export function findSentences(context: Context): Sentence[] {
  const seen = new Set<Segment>();
  return context.layout.lines
    .filter((line) => !context.tableLines.has(line.index))
    .flatMap((line) => line.segments)
    .flatMap((segment) => (seen.has(segment) ? [] : splitSentences(flow(context, segment, seen))))
    .map(sentenceOf);
}
