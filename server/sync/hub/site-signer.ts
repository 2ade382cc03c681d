/**
 * The site writes operations too, by a device of its own in each epoch. Its keys come out of the site's key: whoever has that can prove what any of them wrote, after a
 * database was lost, too, and no process needs to ask another one for it.
 */
import type { Secrets } from '../../access/secrets.ts';
import { createSigner, type Signer } from './ed25519.ts';

export type SiteSigner = (device: string) => Signer;

const MOST = 100;

export function createSiteSigner(secrets: Pick<Secrets, 'derived'>, site: string): SiteSigner {
  const known = new Map<string, Signer>();
  return (device) => {
    const found = known.get(device);
    if (found !== undefined) return found;
    if (known.size >= MOST) known.clear();
    const made = createSigner(Buffer.from(secrets.derived('sync', `device ${site} ${device}`), 'base64url'));
    known.set(device, made);
    return made;
  };
}
