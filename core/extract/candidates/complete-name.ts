/** A brand in the letterhead, the full name in the footer: the legal form printed after the same words completes the name. */
import type { Token } from '../layout/model.ts';
import { textOf } from '../layout/model.ts';
import { fold, nameTokens } from '../layout/text.ts';
import type { Scored } from '../score/scored.ts';
import { clamp } from '../score/scored.ts';
import { cleanName, hasLegalForm, isLegalForm } from '../values/name.ts';
import type { Context } from './context.ts';

/** Words between a brand and its legal form: "Nordlicht" ... "Nordlicht Papier GmbH". */
const MOST_BETWEEN = 2;
/** "GmbH & Co. KG" */
const MOST_FORM = 4;

const keyOf = (token: Token): string => fold(token.text).replace(/[^a-z0-9]/g, '');

/** The words from `start` that spell the name. */
function spelled(tokens: readonly Token[], start: number, want: string): number | undefined {
  let key = '';
  for (let i = start; i < tokens.length && key.length < want.length; i++) {
    key += keyOf(tokens[i] as Token);
    if (key === want) return i + 1;
  }
  return undefined;
}

/** The end of the longest legal form that follows, with at most two words of the name before it. */
function formEnd(tokens: readonly Token[], from: number): number | undefined {
  for (let between = 0; between <= MOST_BETWEEN; between++) {
    const start = from + between;
    for (let end = Math.min(start + MOST_FORM, tokens.length); end > start; end--)
      if (isLegalForm(cleanName(textOf(tokens.slice(start, end))))) return end;
    const word = tokens[start];
    if (!word || !/^\p{Lu}[\p{L}&.-]*$|^&$|^und$|^et$|^and$|^y$|^e$/u.test(word.text)) return undefined;
  }
  return undefined;
}

function fullName(context: Context, name: string): readonly Token[] | undefined {
  const want = nameTokens(name).join('');
  if (want.length < 4) return undefined;
  const found = context.layout.lines
    .flatMap((line) => line.segments)
    .flatMap((segment): Token[][] =>
      segment.tokens.flatMap((_, start) => {
        const end = spelled(segment.tokens, start, want);
        const close = end === undefined ? undefined : formEnd(segment.tokens, end);
        return close === undefined ? [] : [segment.tokens.slice(start, close)];
      }),
    );
  // Two companies of one group share a brand: then the brand alone is what is known.
  const names = new Set(found.map((tokens) => nameTokens(textOf(tokens)).join('')));
  return names.size === 1 ? found[0] : undefined;
}

/** A name without a legal form takes the one printed elsewhere with it. */
export function completed<T extends Scored>(context: Context, candidate: T): T {
  if (hasLegalForm(candidate.value)) return candidate;
  const tokens = fullName(context, candidate.value);
  if (!tokens) return candidate;
  const value = cleanName(textOf(tokens));
  return {
    ...candidate,
    value,
    text: value,
    tokens,
    score: clamp(candidate.score + 0.08),
    reasons: [...candidate.reasons, 'legal-form'],
  };
}
