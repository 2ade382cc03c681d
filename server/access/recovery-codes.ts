/** Ten codes for the day the authenticator is lost; each works once. Kept as digests: a code has 60 random bits, too many to be guessed from one. */
import { randomBytes } from 'node:crypto';
import { plainDigest } from './secrets.ts';

/** Without letters that are taken for one another. */
const ALPHABET = 'abcdefghjkmnpqrstvwxyz0123456789';
const CODES = 10;
const LETTERS = 12;

const normal = (code: string): string => code.toLowerCase().replaceAll(/[^a-z0-9]/g, '');
const digestOf = (code: string): string => plainDigest(`recovery ${normal(code)}`);

export interface RecoveryCodes {
  /** Shown once: "abcd-efgh-jkmn". */
  readonly codes: readonly string[];
  readonly digests: string[];
}

export function newRecoveryCodes(): RecoveryCodes {
  const codes = Array.from({ length: CODES }, () => {
    // 32 letters: five bits of each byte, none is more likely than another.
    const letters = Array.from(randomBytes(LETTERS), (byte) => ALPHABET[byte & 31]).join('');
    return letters.replace(/(.{4})(.{4})/, '$1-$2-');
  });
  return { codes, digests: codes.map(digestOf) };
}

export const looksLikeRecoveryCode = (text: string): boolean => normal(text).length === LETTERS;

/** The digests that are left, or undefined where the code is none of them. */
export function useRecoveryCode(digests: readonly string[], code: string): string[] | undefined {
  const digest = digestOf(code);
  return digests.includes(digest) ? digests.filter((one) => one !== digest) : undefined;
}
