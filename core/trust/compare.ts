/**
 * What a text layer says against what a second reader sees at the same place. Letters and digits that look alike, spaces, signs and accents are no
 * disagreement; another digit is one.
 */

export interface SeenWord {
  readonly text: string;
  /** 0..100 */
  readonly confidence: number;
}

/** `code`: every letter and digit counts. `amount`: digits and the decimal mark. `name`: words, as a logo may be hard to read. */
export type Strictness = 'code' | 'amount' | 'name';

export interface Comparison {
  /** `nothing`: no letter was seen. `unsure`: something was, but not surely enough to contradict. */
  readonly verdict: 'agree' | 'differs' | 'unsure' | 'nothing';
  readonly seen: string;
  /** Letters and digits of another reading, look-alikes as one: two looks that agree in it contradict, however unsure each was. */
  readonly other?: string;
}

/** Below it a reading contradicts nobody. */
const SURE = 70;

const LOOK_ALIKE: Readonly<Record<string, string>> = {
  O: '0',
  Q: '0',
  I: '1',
  L: '1',
  '|': '1',
  S: '5',
  B: '8',
  Z: '2',
  G: '9',
};

/** What a round sign read twice comes out as: the letter beside its digit. */
const TWICE: Readonly<Record<string, string>> = {
  O: '0',
  Q: '0',
  D: '0',
  I: '1',
  L: '1',
  S: '5',
  B: '8',
  Z: '2',
  G: '69',
};

const bare = (text: string): string =>
  text.normalize('NFKD').replaceAll(/\p{M}/gu, '').replaceAll('ß', 'ss').toUpperCase();

interface Character {
  readonly key: string;
  readonly digit: boolean;
  readonly word: number;
  /** In the text of its word. */
  readonly at: number;
}

function charactersOf(
  words: readonly string[],
  { digitsOnly = false, twice = 'dropped' }: { digitsOnly?: boolean; twice?: 'dropped' | 'kept' } = {},
): Character[] {
  return words.flatMap((text, word) => {
    const letters = bare(text).split('');
    return letters.flatMap((letter, at): Character[] => {
      const alike = LOOK_ALIKE[letter];
      const digit = /\d/.test(letter);
      if (alike === undefined && !/[\p{L}\p{N}]/u.test(letter)) return [];
      // Read twice, as a letter and as a digit: "DEO08".
      const doubled =
        twice === 'dropped' && [letters[at - 1], letters[at + 1]].some((next) => next && TWICE[letter]?.includes(next));
      return doubled || (digitsOnly && !digit) ? [] : [{ key: alike ?? letter, digit, word, at }];
    });
  });
}

interface Alignment {
  readonly distance: number;
  /** Of what was seen: first and one behind the last. */
  readonly from: number;
  readonly to: number;
}

/** Before a letter that may stand for any digit. */
const ANY_DIGIT = '?';

/** The part of `seen` that comes nearest to the whole of `said`, by the number of characters changed, lost or added. */
export function align(said: readonly string[], seen: readonly string[]): Alignment {
  let costs = Array.from({ length: seen.length + 1 }, () => 0);
  let starts = Array.from({ length: seen.length + 1 }, (_, i) => i);
  for (const [i, letter] of said.entries()) {
    const nextCosts = [i + 1];
    const nextStarts = [0];
    for (const [j, other] of seen.entries()) {
      const same = letter === other || (other[0] === ANY_DIGIT && (other[1] === letter || /\d/.test(letter)));
      const change = (costs[j] ?? 0) + (same ? 0 : 1);
      const lost = (costs[j + 1] ?? 0) + 1;
      const added = (nextCosts[j] ?? 0) + 1;
      const least = Math.min(change, lost, added);
      nextCosts.push(least);
      nextStarts.push((least === change ? starts[j] : least === lost ? starts[j + 1] : nextStarts[j]) ?? 0);
    }
    [costs, starts] = [nextCosts, nextStarts];
  }
  const distance = Math.min(...costs);
  const to = costs.indexOf(distance);
  return { distance, from: starts[to] ?? 0, to };
}

export function compareText(said: string, seen: readonly SeenWord[], strictness: Strictness): Comparison {
  const text = seen.map((word) => word.text).join(' ');
  if (!/[\p{L}\p{N}]/u.test(text)) return { verdict: 'nothing', seen: text };
  return strictness === 'name' ? compareName(said, seen, text) : compareCode(said, seen, text, strictness);
}

function compareCode(said: string, seen: readonly SeenWord[], text: string, strictness: Strictness): Comparison {
  const amount = strictness === 'amount';
  const wanted = charactersOf([said], { digitsOnly: amount });
  const texts = seen.map((word) => word.text);
  const found = charactersOf(texts);
  if (wanted.length === 0) return { verdict: 'unsure', seen: text };
  const best = align(
    wanted.map(({ key }) => key),
    found.map(({ key }) => key),
  );
  // What has little in common with it is another text as a whole.
  const other = best.distance > wanted.length / 2;
  const part = other ? found.filter(({ digit }) => digit || !amount) : found.slice(best.from, best.to);
  const used = [...new Set(part.map(({ word }) => word))].flatMap((word) => seen[word] ?? []);
  const shown = used.map((word) => word.text).join(' ') || text;
  // A letter where a digit stands is a misreading: no other digit was seen.
  const misread = align(
    wanted.map(({ key }) => key),
    charactersOf(texts, { twice: 'kept' }).map(({ key, digit }) => (digit ? key : ANY_DIGIT + key)),
  );
  const same = best.distance === 0 && !isGlued(found, best, amount) && (!amount || sameMark(said, shown));
  if (same) return { verdict: 'agree', seen: shown };
  const letters = used.reduce((sum, word) => sum + word.text.length, 0);
  const confidence = used.reduce((sum, word) => sum + word.confidence * word.text.length, 0) / Math.max(1, letters);
  // What is hardly there at all is no other reading of it.
  const read = part.length >= wanted.length * 0.5;
  if (!read || (best.distance > 0 && misread.distance === 0)) return { verdict: 'unsure', seen: shown };
  const key = part.map((one) => one.key).join('');
  return { verdict: confidence >= SURE ? 'differs' : 'unsure', seen: shown, other: key };
}

/** "1234.00" is printed where the text layer says "234.00": the digit before belongs to it. */
function isGlued(found: readonly Character[], { from, to }: Alignment, digitsOnly: boolean): boolean {
  const touch = (a: Character | undefined, b: Character | undefined): boolean =>
    a !== undefined && b !== undefined && a.word === b.word && b.at === a.at + 1;
  const counts = (one: Character | undefined): boolean => one !== undefined && (!digitsOnly || one.digit);
  return (
    (touch(found[from - 1], found[from]) && counts(found[from - 1])) ||
    (touch(found[to - 1], found[to]) && counts(found[to]))
  );
}

/** Digits behind the last mark: of "1.234,56" two. A mark that was not seen is no disagreement, one at another place is. */
function sameMark(said: string, seen: string): boolean {
  const decimals = /[.,'’](\d{1,2})(?!\d)[^\d]*$/.exec(said.trim())?.[1]?.length;
  if (decimals === undefined) return true;
  const groups = seen.replaceAll(/\s/g, '').split(/[.,'’]/);
  if (groups.length === 1) return true;
  const last = groups.at(-1)?.replaceAll(/\D/g, '').length ?? 0;
  return last === decimals || last === 0;
}

const nameKey = (text: string): string =>
  charactersOf([text.replaceAll(/rn/g, 'm').replaceAll(/vv/g, 'w')])
    .map(({ key }) => key)
    .join('');

/** Share of a word's letters that may be misread before it counts as another word. */
const MISREAD = 0.34;
const isIn = (word: string, letters: readonly string[]): boolean =>
  align(word.split(''), letters).distance <= word.length * MISREAD;
/** A word that stands in the place of another is long and well read. */
const REPLACED = { letters: 4, confidence: 75 };

function compareName(said: string, seen: readonly SeenWord[], text: string): Comparison {
  const words = said.split(/[^\p{L}\p{N}]+/u).map(nameKey);
  const long = words.filter((word) => word.length >= 3);
  const wanted = long.length > 0 ? long : words.filter((word) => word !== '');
  const whole = nameKey(text).split('');
  const missing = wanted.filter((word) => !isIn(word, whole));
  const lost = missing.reduce((sum, word) => sum + word.length, 0);
  const all = wanted.reduce((sum, word) => sum + word.length, 0);
  if (lost <= all * 0.2) return { verdict: 'agree', seen: text };
  const letters = nameKey(said).split('');
  const others = seen.filter(
    (word) =>
      word.confidence >= REPLACED.confidence &&
      nameKey(word.text).length >= REPLACED.letters &&
      !isIn(nameKey(word.text), letters),
  );
  return { verdict: others.length > 0 ? 'differs' : 'unsure', seen: text };
}
