/** From a token or a session to the person: asked with every request, so that what an admin or a revocation changed holds at once (at another replica a hundredth of a second later, store/lately.ts). */
import type { Account, StoredDevice } from './account.ts';
import { actorOf, type Parts, type Principal } from './parts.ts';
import { isUsable } from './provider/provider.ts';

export interface Presented {
  readonly site: string;
  readonly account: string;
  readonly grant: string | null;
  /** Epoch seconds. */
  readonly issuedAt: number;
  readonly via: Principal['via'];
}

export type Refusal = 'unknown' | 'account' | 'ended' | 'device';
export type Resolved =
  | { readonly kind: 'principal'; readonly principal: Principal }
  | { readonly kind: 'refused'; readonly why: Exclude<Refusal, 'device'> }
  | { readonly kind: 'refused'; readonly why: 'device'; readonly at: string | null; readonly by: string | null };

const SEEN_EVERY_MS = 10 * 60_000;

export function createPrincipals(parts: Parts): (presented: Presented) => Promise<Resolved> {
  const { store, now } = parts;

  /** Best effort, and not in the way of the request: when the device was here last. */
  function seen(site: string, device: StoredDevice): void {
    const last = device.lastSeenAt === null ? 0 : Date.parse(device.lastSeenAt);
    if (now() - last < SEEN_EVERY_MS) return;
    const lastSeenAt = new Date(now()).toISOString();
    store
      .commit(site, {
        devices: [{ expect: device.version, device: { ...device, lastSeenAt, version: device.version + 1 } }],
      })
      .catch((error: unknown) => parts.log.warn('device not marked as seen', { error }));
  }

  return async ({ site, account: id, grant, issuedAt, via }) => {
    if (!parts.sites.includes(site)) return { kind: 'refused', why: 'unknown' };
    const found = await store.bearer(site, id, grant);
    if (found === undefined) return { kind: 'refused', why: 'unknown' };
    const { account, device }: { account: Account; device: StoredDevice | undefined } = found;
    if (!isUsable(account)) return { kind: 'refused', why: 'account' };
    if (issuedAt < account.validFrom) return { kind: 'refused', why: 'ended' };
    if (device !== undefined && (device.revokedAt !== null || device.account !== id))
      return { kind: 'refused', why: 'device', at: device.revokedAt, by: device.revokedBy };
    if (device !== undefined) seen(site, device);
    const principal: Principal = {
      account: id,
      site,
      role: account.role,
      name: account.name,
      limits: account.limits,
      device: device?.id ?? null,
      grant,
      via,
      actor: actorOf(id),
    };
    return { kind: 'principal', principal };
  };
}
