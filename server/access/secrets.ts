/** Secrets at rest: sealed by keys derived from the site's own, one for each purpose. The database alone opens nothing. */
import { createCipheriv, createDecipheriv, createHash, createHmac, hkdfSync, randomBytes } from 'node:crypto';

export type Purpose = 'totp' | 'signing-key' | 'record' | 'cookie' | 'client' | 'try' | 'webhook' | 'sync';

export interface Secrets {
  /** Authenticated, so that a row cannot be put in the place of another: `place` names where it belongs. */
  seal(purpose: Purpose, place: string, text: string): string;
  /** Undefined where no key opens it: altered, moved, or of a key that was dropped. */
  open(purpose: Purpose, place: string, sealed: string): string | undefined;
  /** Sealed by a key that is not the current one: to be sealed anew while it still opens. */
  isOld(purpose: Purpose, place: string, sealed: string): boolean;
  /** For values that are not known to others: digest by a key, so that short ones cannot be guessed from a copy of the database. */
  digest(purpose: Purpose, text: string): string;
  /** A secret of 32 bytes, the same as long as the site's key is. */
  derived(purpose: Purpose, name: string): string;
  /** The same of every key that the site has had, the current one first: for what an older one proved. */
  everyDerived(purpose: Purpose, name: string): string[];
}

const NONCE = 12;
const TAG = 16;

const derive = (key: Uint8Array, purpose: string): Buffer =>
  Buffer.from(hkdfSync('sha256', key, new Uint8Array(), `ap-intake access ${purpose} v1`, 32));

function opened(keys: readonly Buffer[], place: string, sealed: string): string | undefined {
  const bytes = Buffer.from(sealed, 'base64url');
  if (bytes.length < NONCE + TAG) return undefined;
  for (const key of keys) {
    const decipher = createDecipheriv('aes-256-gcm', key, bytes.subarray(0, NONCE), { authTagLength: TAG });
    decipher.setAAD(Buffer.from(place));
    decipher.setAuthTag(bytes.subarray(NONCE, NONCE + TAG));
    try {
      return Buffer.concat([decipher.update(bytes.subarray(NONCE + TAG)), decipher.final()]).toString('utf8');
    } catch {
      continue; // sealed by another key, or altered: the next key tells
    }
  }
  return undefined;
}

/** `keys`: the current one first; older ones only open what they sealed. 32 bytes each. */
export function createSecrets(keys: readonly Uint8Array[]): Secrets {
  const [first] = keys;
  if (first === undefined || keys.some((key) => key.length < 32)) throw new Error('a site key has 32 bytes or more');
  const derivedKeys = new Map<string, readonly Buffer[]>();
  const of = (purpose: string): readonly Buffer[] => {
    const known = derivedKeys.get(purpose) ?? keys.map((key) => derive(key, purpose));
    derivedKeys.set(purpose, known);
    return known;
  };
  const newest = (purpose: string): Buffer => of(purpose)[0]!;
  return {
    seal(purpose, place, text) {
      const nonce = randomBytes(NONCE);
      const cipher = createCipheriv('aes-256-gcm', newest(purpose), nonce);
      cipher.setAAD(Buffer.from(place));
      const body = Buffer.concat([cipher.update(text, 'utf8'), cipher.final()]);
      return Buffer.concat([nonce, cipher.getAuthTag(), body]).toString('base64url');
    },
    open: (purpose, place, sealed) => opened(of(purpose), place, sealed),
    isOld: (purpose, place, sealed) => opened([newest(purpose)], place, sealed) === undefined,
    digest: (purpose, text) => createHmac('sha256', newest(purpose)).update(text).digest('base64url'),
    derived: (purpose, name) => derive(newest(purpose), name).toString('base64url'),
    everyDerived: (purpose, name) => of(purpose).map((key) => derive(key, name).toString('base64url')),
  };
}

/** For random values of 128 bits and more: nothing can be guessed from it, and it stays findable when the site's key changes. */
export const plainDigest = (text: string): string => createHash('sha256').update(text).digest('base64url');
