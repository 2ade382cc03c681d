/** Text of an area that a person has drawn -> the value of the field it was drawn for. A label or a currency beside the value does no harm. */
import { canonicalIban, ibanProblem } from '../invoice/bank.ts';
import { canonicalEdit } from '../invoice/canonical-value.ts';
import type { FieldInfo, FieldType } from '../invoice/fields.ts';
import { typedValue, type Habits } from '../invoice/typed-value.ts';

const MEASURED: ReadonlySet<FieldType> = new Set(['amount', 'decimal', 'percent', 'date', 'currency']);
const MOST_WORDS = 24;

/** Canonical; null where the text holds no value of the field, or more than one. */
export function regionValue(field: string, info: FieldInfo, text: string, habits: Habits): string | null {
  if (info.type === 'iban') return ibanIn(text) ?? canonical(field, info, canonicalIban(text));
  const whole = parsed(field, info, text, habits);
  if (whole !== null || !MEASURED.has(info.type)) return whole;
  const digits = info.type === 'currency' ? text : misreadDigits(text);
  const found = new Set(phrases(digits).flatMap((phrase) => parsed(field, info, phrase, habits) ?? []));
  // The longest phrases stand first: a date's year alone is no second value, two amounts are.
  const [first, ...others] = found;
  if (first === undefined) return null;
  return info.type === 'date' || others.length === 0 ? first : null;
}

function parsed(field: string, info: FieldInfo, text: string, habits: Habits): string | null {
  const typed = typedValue({ type: info.type, name: field }, text, habits);
  return typed.kind === 'value' ? canonical(field, info, typed.value) : null;
}

function canonical(field: string, info: FieldInfo, value: string | null): string | null {
  const edit = canonicalEdit(field, info, value);
  return edit.kind === 'value' && edit.value !== '' ? edit.value : null;
}

const stripped = (part: string): string => part.replaceAll(/^[^\d(.,+-]+|[^\d)-]+$/g, '');

/** Runs of neighbouring words that hold a digit or are one, the longest first; a word that was used in a longer one is used up. */
function phrases(text: string): string[] {
  const words = text
    .split(/\s+/)
    .filter((word) => word !== '')
    .slice(0, MOST_WORDS);
  const runs: string[] = [];
  let run: string[] = [];
  for (const word of [...words, '']) {
    if (/\d/.test(word)) run.push(word);
    else {
      if (run.length > 0) runs.push(run.join(' '));
      run = [];
    }
  }
  return [
    ...runs.map(stripped),
    ...dated(words),
    ...(words.length <= 4 ? words.filter((word) => /^[A-Z]{3}$|^\p{Sc}$/u.test(word)) : []),
  ];
}

/** "3 March 2026": a word of letters between numbers. */
const dated = (words: readonly string[]): string[] =>
  words.flatMap((_, i) =>
    [3, 2].map((length) =>
      words
        .slice(i, i + length)
        .join(' ')
        .replaceAll(/^[^\p{L}\d]+|[^\p{L}\d]+$/gu, ''),
    ),
  );

/** Letters in the midst of digits, as OCR leaves them. */
const misreadDigits = (text: string): string =>
  text.replaceAll(/(?<=[\d.,])[OoIlS](?=[\d.,\s]|$)|(?<=^|\s)[OoIlS](?=[\d.,])/g, (letter) =>
    letter === 'S' ? '5' : letter.toLowerCase() === 'o' ? '0' : '1',
  );

const START = /[A-Z]{2}[\dOIS]{2}/g;

/** The account in a text, where its check digits hold. */
function ibanIn(text: string): string | undefined {
  const bare = canonicalIban(text);
  for (const { index } of bare.matchAll(START)) {
    for (let length = 34; length >= 15; length -= 1) {
      const part = bare.slice(index, index + length);
      if (part.length < length) continue;
      const mended = part.slice(0, 2) + part.slice(2).replaceAll('O', '0').replaceAll('I', '1');
      const good = [part, mended].find((one) => ibanProblem(one) === undefined);
      if (good !== undefined) return good;
    }
  }
  return undefined;
}
