/** Ed25519 as sync sends it: raw keys and signatures as base64url (RFC 8037). */
import { createPrivateKey, createPublicKey, type KeyObject, sign, verify } from 'node:crypto';

/** RFC 8410: a raw seed as PKCS #8. */
const PKCS8 = Buffer.from('302e020100300506032b657004220420', 'hex');

/** Parsing a key takes as long as a signature. */
const MOST_KEYS = 1_000;
const keys = new Map<string, KeyObject | null>();

function keyOf(publicKey: string): KeyObject | null {
  const known = keys.get(publicKey);
  if (known !== undefined) return known;
  let key: KeyObject | null;
  try {
    key = createPublicKey({ key: { kty: 'OKP', crv: 'Ed25519', x: publicKey }, format: 'jwk' });
  } catch {
    key = null; // no point of the curve: it proves nothing
  }
  if (keys.size >= MOST_KEYS) keys.clear();
  keys.set(publicKey, key);
  return key;
}

export function provenBy(publicKey: string, text: string, signature: string): boolean {
  const key = keyOf(publicKey);
  return key !== null && verify(null, Buffer.from(text), key, Buffer.from(signature, 'base64url'));
}

export interface Signer {
  readonly publicKey: string;
  readonly sign: (text: string) => string;
}

/** `seed`: 32 bytes. */
export function createSigner(seed: Uint8Array): Signer {
  const key = createPrivateKey({ key: Buffer.concat([PKCS8, seed]), format: 'der', type: 'pkcs8' });
  const { x = '' } = createPublicKey(key).export({ format: 'jwk' });
  return { publicKey: x, sign: (text) => sign(null, Buffer.from(text), key).toString('base64url') };
}
