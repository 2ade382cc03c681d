/**
 * Keys that sign tokens. Two are published: the one that signs, and the one before it or the one to come, so that a rotation is noticed by nobody. A new key
 * signs only after verifiers have had time to see it.
 */
import { exportJWK, generateKeyPair, type JWK } from 'jose';
import { event, type Parts } from './parts.ts';

const DAY_MS = 24 * 3_600_000;
const LIFE_MS = 30 * DAY_MS;
/** Longer than anybody keeps a key set. */
const SEEN_AFTER_MS = 3_600_000;

export interface KeySet {
  /** Private keys; the first signs. */
  readonly keys: readonly JWK[];
  /** Changes when the keys or their order do. */
  readonly mark: string;
}

export interface Keys {
  /** Makes the first key where there is none. */
  load(): Promise<KeySet>;
  /** Adds a key where the newest is old, or at once; drops what nobody can need any more. */
  rotate(now?: 'now'): Promise<boolean>;
}

const publicPart = ({ kty, crv, x, y, kid, alg, use }: JWK): JWK =>
  JSON.parse(JSON.stringify({ kty, crv, x, y, kid, alg, use })) as JWK;
export const publicKeys = (set: KeySet): { keys: JWK[] } => ({ keys: set.keys.map(publicPart) });

export function createKeys(parts: Parts): Keys {
  const { store, secrets, now, newId, log } = parts;

  async function make(seq: number): Promise<boolean> {
    const { privateKey } = await generateKeyPair('ES256', { extractable: true });
    const kid = newId();
    const jwk: JWK = { ...(await exportJWK(privateKey)), kid, alg: 'ES256', use: 'sig' };
    const sealed = secrets.seal('signing-key', kid, JSON.stringify(jwk));
    const made = await store.addSigningKey({ seq, kid, createdAt: now(), sealed });
    if (made && seq > 1)
      for (const site of parts.sites)
        await store.commit(site, { events: [event(parts, 'key.rotated', 'service:access', { kid })] });
    return made;
  }

  async function usable(): Promise<{ jwk: JWK; createdAt: number }[]> {
    const found = await store.signingKeys();
    return found.slice(0, 2).flatMap(({ kid, sealed, createdAt }) => {
      const text = secrets.open('signing-key', kid, sealed);
      if (text === undefined) log.error('a signing key cannot be opened with the key of this site', { reason: kid });
      return text === undefined ? [] : [{ jwk: JSON.parse(text) as JWK, createdAt }];
    });
  }

  return {
    async load() {
      let found = await usable();
      if (found.length === 0) {
        await make(((await store.signingKeys())[0]?.seq ?? 0) + 1);
        // Where another replica was faster, its key is here now.
        found = await usable();
      }
      const [newest, before] = found;
      if (newest === undefined) throw new Error('there is no signing key that the key of this site opens');
      const waits = before !== undefined && now() - newest.createdAt < SEEN_AFTER_MS;
      const keys = (waits ? [before, newest] : found).map(({ jwk }) => jwk);
      return { keys, mark: keys.map(({ kid }) => kid).join(' ') };
    },
    async rotate(at) {
      const [newest] = await store.signingKeys();
      if (newest === undefined || (at === undefined && now() - newest.createdAt < LIFE_MS)) return false;
      const made = await make(newest.seq + 1);
      await store.dropSigningKeys(newest.seq);
      return made;
    },
  };
}
