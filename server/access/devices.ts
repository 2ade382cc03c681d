/** Enrolled devices: a key that stays on its machine, a name, an owner; revoked at once and for good. */
import { createPublicKey, verify } from 'node:crypto';
import type { z } from 'zod';
import {
  type Device,
  deviceProofText,
  type DeviceStanding,
  type DeviceWish,
  standingProofText,
} from '../../core/contract/access.ts';
import { AppError } from '../../core/contract/errors.ts';
import type { StoredDevice } from './account.ts';
import { changedDevice, decide, event, type Parts, type Principal } from './parts.ts';

type Wish = z.infer<typeof DeviceWish>;

/** Of one person, not counting revoked ones: nobody works at more, and a stolen sign-in must not fill the list. */
export const MOST_DEVICES = 25;

export interface Devices {
  list(site: string, account?: string): Promise<Device[]>;
  enrol(principal: Principal, wish: Wish): Promise<Device>;
  /** Of one's own. */
  rename(principal: Principal, id: string, name: string): Promise<Device>;
  /** `own`: only where it is the principal's. */
  revoke(principal: Principal, id: string, own: boolean): Promise<Device>;
  /** For the device itself, which has no sign-in any more. */
  standing(question: { site: string; device: string; proof: string }): Promise<DeviceStanding>;
}

/** RFC 8037: a raw Ed25519 key as JWK. */
function provesKey(publicKey: string, text: string, proof: string): boolean {
  try {
    const key = createPublicKey({ key: { kty: 'OKP', crv: 'Ed25519', x: publicKey }, format: 'jwk' });
    return verify(null, Buffer.from(text), key, Buffer.from(proof, 'base64url'));
  } catch {
    return false; // no point of the curve: it proves nothing
  }
}

const view = (device: StoredDevice, owner: string): Device => ({
  id: device.id,
  name: device.name,
  account: device.account,
  owner,
  publicKey: device.publicKey,
  createdAt: device.createdAt,
  lastSeenAt: device.lastSeenAt,
  revokedAt: device.revokedAt,
  platform: device.platform,
  version: device.program,
});

const UNKNOWN: DeviceStanding = { standing: 'unknown', revokedAt: null, revokedBy: null };

function refuseOther(before: StoredDevice, account: string): void {
  if (before.revokedAt !== null)
    throw new AppError('forbidden', 'This device was revoked. It needs a new key to be enrolled again.', {
      reason: 'device-revoked',
    });
  if (before.account !== account)
    throw new AppError('forbidden', 'This device belongs to somebody else at this site.', {
      reason: 'device-of-another',
    });
}

export function createDevices(parts: Parts): Devices {
  const { store, now, newId } = parts;
  const instant = (): string => new Date(now()).toISOString();

  async function known(site: string, id: string, account?: string): Promise<StoredDevice> {
    const device = await store.device(site, id);
    if (device === undefined || (account !== undefined && device.account !== account))
      throw new AppError('not_found', 'There is no such device.');
    return device;
  }

  const ownerOf = async (site: string, account: string): Promise<string> =>
    (await store.account(site, account))?.name ?? '';

  async function made(principal: Principal, wish: Wish): Promise<StoredDevice> {
    const { site, account, grant } = principal;
    const { name, publicKey, device: id = newId(), platform = null, version: program = null } = wish;
    // A copy of a database must not write under the id of the original.
    if ((await store.device(site, id)) !== undefined)
      throw new AppError('conflict', 'The site knows a device of this id by another key.', { reason: 'device-known' });
    const others = (await store.devices(site, account)).filter(({ revokedAt }) => revokedAt === null);
    if (others.length >= MOST_DEVICES)
      throw new AppError('not_allowed', `A person has ${MOST_DEVICES} devices at most. Revoke one that is not used.`, {
        reason: 'device-limit',
        most: MOST_DEVICES,
      });
    const since = { createdAt: instant(), lastSeenAt: instant(), revokedAt: null, revokedBy: null };
    return { id, account, name, publicKey, grant, platform, program, ...since, version: 1 };
  }

  return {
    async list(site, account) {
      const names = new Map((await store.accounts(site)).map(({ id, name }) => [id, name]));
      return (await store.devices(site, account)).map((device) => view(device, names.get(device.account) ?? ''));
    },

    async enrol(principal, wish) {
      const { site, account, grant, actor } = principal;
      const { name, publicKey, proof, device: id, platform = null, version: program = null } = wish;
      if (!provesKey(publicKey, deviceProofText(site, account, publicKey, id), proof))
        throw new AppError('invalid_value', 'The proof is not a signature by the key of the device.', {
          field: 'proof',
        });
      let replaced: string | null = null;
      const device = await decide(parts, site, async () => {
        const before = await store.deviceByKey(site, publicKey);
        if (before === undefined) {
          const first = await made(principal, wish);
          const told = event(parts, 'device.enrolled', actor, { device: first.id, name });
          return { change: { devices: [{ expect: 0, device: first }], events: [told] }, result: first };
        }
        refuseOther(before, account);
        if (id !== undefined && id !== before.id)
          throw new AppError('conflict', 'The key belongs to a device of another id.', { reason: 'device-known' });
        // A new sign-in of a device that is known: from now on its tokens are those of this sign-in.
        if (before.grant === grant) return { result: before };
        replaced = before.grant;
        const saved = changedDevice(before, { grant, lastSeenAt: instant(), platform, program });
        const told = event(parts, 'device.attached', actor, { device: before.id });
        return { change: { devices: [saved], events: [told] }, result: saved.device };
      });
      // The sign-in before belongs to no device any more: it must not outlive a revocation.
      if (replaced !== null) await store.dropGrant(replaced);
      return view(device, principal.name);
    },

    async rename({ site, account, actor, name: owner }, id, name) {
      const device = await decide(parts, site, async () => {
        const before = await known(site, id, account);
        if (before.name === name) return { result: before };
        const saved = changedDevice(before, { name });
        const told = event(parts, 'device.renamed', actor, { device: id, name });
        return { change: { devices: [saved], events: [told] }, result: saved.device };
      });
      return view(device, owner);
    },

    async revoke({ site, account, actor, name }, id, own) {
      const device = await decide(parts, site, async () => {
        const before = await known(site, id, own ? account : undefined);
        if (before.revokedAt !== null) return { result: before };
        const saved = changedDevice(before, { revokedAt: instant(), revokedBy: name });
        const told = event(parts, 'device.revoked', actor, { device: id, name: before.name });
        return { change: { devices: [saved], events: [told] }, result: saved.device };
      });
      // Its access tokens are refused from here on by the row; without its refresh token it gets no others.
      if (device.grant !== null) await store.dropGrant(device.grant);
      return view(device, await ownerOf(site, device.account));
    },

    async standing({ site, device: id, proof }) {
      const device = parts.sites.includes(site) ? await store.device(site, id) : undefined;
      if (device === undefined || !provesKey(device.publicKey, standingProofText(site, id), proof)) return UNKNOWN;
      const { revokedAt, revokedBy } = device;
      return { standing: revokedAt === null ? 'connected' : 'revoked', revokedAt, revokedBy };
    },
  };
}
