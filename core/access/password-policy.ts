/**
 * Which passwords are refused (OWASP ASVS 5.0, 6.2): too short, too long, common, or made of the person's own name. No rule about kinds of characters and none
 * about age: they make passwords worse.
 */
import { COMMON_PASSWORDS } from './common-passwords.ts';

export const SHORTEST_PASSWORD = 12;
/** Far above what is asked for; the hash itself takes any length, a server should not. */
export const LONGEST_PASSWORD = 200;

export type Weakness = 'short' | 'long' | 'common' | 'personal' | 'pattern';

/** The same password, however a keyboard composes its letters. */
export const normalPassword = (password: string): string => password.normalize('NFKC');

const LOOKALIKES: Readonly<Record<string, string>> = {
  '0': 'o',
  '1': 'l',
  '3': 'e',
  '4': 'a',
  '5': 's',
  '7': 't',
  '8': 'b',
  '@': 'a',
  $: 's',
  '!': 'i',
  '€': 'e',
};

const letters = (text: string): string => text.toLowerCase().replaceAll(/[^\p{L}]+/gu, '');
/** "P@ssw0rd" -> "password". */
const unmasked = (text: string): string =>
  letters(
    Array.from(text.toLowerCase())
      .map((character) => LOOKALIKES[character] ?? character)
      .join(''),
  );

/** A word, digits and signs before and after it: the commonest way to make a common password "longer". */
const core = (text: string): string => text.toLowerCase().replaceAll(/^[^\p{L}]+|[^\p{L}]+$/gu, '');

const KEYBOARDS = [
  'qwertyuiopasdfghjklzxcvbnm',
  'qwertzuiopasdfghjklyxcvbnm',
  'azertyuiopqsdfghjklmwxcvbn',
  'abcdefghijklmnopqrstuvwxyz',
  '01234567890',
];
const WALKS = [...KEYBOARDS, ...KEYBOARDS.map((row) => row.split('').toReversed().join(''))];

/** How much of the text is left when runs along a keyboard and repeats are taken for one character each. */
function surprise(text: string): number {
  const lower = text.toLowerCase();
  let count = 0;
  for (let index = 0; index < lower.length; index += 1) {
    const pair = lower.slice(index - 1, index + 1);
    const goesOn = index > 0 && (pair[0] === pair[1] || WALKS.some((walk) => walk.includes(pair)));
    if (!goesOn) count += 1;
  }
  return count;
}

/** A short piece again and again: "abcabcabcabc". */
const isRepeat = (text: string): boolean => /^(.{1,6}?)\1+.{0,3}$/su.test(text.toLowerCase());

/** Words of the person and the site: parts of the name and of the address, three letters or more. */
function ownWords(context: readonly string[]): string[] {
  return context.flatMap((text) => text.toLowerCase().split(/[^\p{L}\p{N}]+/u)).filter((word) => word.length >= 3);
}

/** `context`: name, address and site of the person. Undefined where nothing speaks against it. */
export function weaknessOf(password: string, context: readonly string[]): Weakness | undefined {
  const text = normalPassword(password);
  const { length } = Array.from(text);
  if (length < SHORTEST_PASSWORD) return 'short';
  if (length > LONGEST_PASSWORD) return 'long';
  const forms = [letters(text), unmasked(text), unmasked(core(text)), core(text)];
  // A common word twice, or two of them side by side, is as common.
  if (forms.some((form) => COMMON_PASSWORDS.has(form) || isTwoCommon(form))) return 'common';
  if (isRepeat(text) || surprise(text) < 5) return 'pattern';
  const rest = ownWords(context).reduce((left, word) => left.replaceAll(word, ''), text.toLowerCase());
  if (rest.length < text.length && Array.from(rest).length < 6) return 'personal';
  return undefined;
}

function isTwoCommon(form: string): boolean {
  for (let cut = 3; cut <= form.length - 3; cut += 1)
    if (COMMON_PASSWORDS.has(form.slice(0, cut)) && COMMON_PASSWORDS.has(form.slice(cut))) return true;
  return false;
}
