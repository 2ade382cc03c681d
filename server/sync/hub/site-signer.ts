/**
 * The site writes operations too, by a device of its own in each epoch. Its keys come out of the site's key: whoever has that can prove what any of them wrote, after a
 * database was lost, too, and no process needs to ask another one for it.
 */
import type { Secrets } from '../../access/secrets.ts';
import { createSigner, type Signer } from './ed25519.ts';

export interface SiteSigner {
  (device: string): Signer;
  /** By which the device's operations are proved: of every key that the site has had. */
  readonly keysOf: (device: string) => readonly string[];
}

/** Stands for a device among the keys: by it the site signs what it judged operations by. */
export const RECEIPTS = 'receipts';

/** Another one, for snapshots: stations keep these keys when they are connected. */
export const SNAPSHOTS = 'snapshot';

const MOST = 100;

export function createSiteSigner(secrets: Pick<Secrets, 'everyDerived'>, site: string): SiteSigner {
  const known = new Map<string, readonly Signer[]>();
  const of = (device: string): readonly Signer[] => {
    const found = known.get(device);
    if (found !== undefined) return found;
    if (known.size >= MOST) known.clear();
    const seeds = secrets.everyDerived('sync', `device ${site} ${device}`);
    const made = seeds.map((seed) => createSigner(Buffer.from(seed, 'base64url')));
    known.set(device, made);
    return made;
  };
  const newest = (device: string): Signer => {
    const [signer] = of(device);
    if (signer === undefined) throw new Error('a site has a key');
    return signer;
  };
  return Object.assign(newest, { keysOf: (device: string) => of(device).map(({ publicKey }) => publicKey) });
}
