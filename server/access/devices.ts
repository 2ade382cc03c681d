/** Enrolled devices: a key that stays on its machine, a name, an owner; revoked at once and for good. */
import { createPublicKey, verify } from 'node:crypto';
import type { z } from 'zod';
import { type Device, deviceProofText, type DeviceWish } from '../../core/contract/access.ts';
import { AppError } from '../../core/contract/errors.ts';
import type { StoredDevice } from './account.ts';
import { changedDevice, decide, event, type Parts, type Principal } from './parts.ts';

type Wish = z.infer<typeof DeviceWish>;

export interface Devices {
  list(site: string, account?: string): Promise<Device[]>;
  enrol(principal: Principal, wish: Wish): Promise<Device>;
  /** Of one's own. */
  rename(principal: Principal, id: string, name: string): Promise<Device>;
  /** `own`: only where it is the principal's. */
  revoke(principal: Principal, id: string, own: boolean): Promise<Device>;
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
});

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

  return {
    async list(site, account) {
      const names = new Map((await store.accounts(site)).map(({ id, name }) => [id, name]));
      return (await store.devices(site, account)).map((device) => view(device, names.get(device.account) ?? ''));
    },

    async enrol(principal, { name, publicKey, proof }) {
      const { site, account, grant, actor } = principal;
      if (!provesKey(publicKey, deviceProofText(site, account, publicKey), proof))
        throw new AppError('invalid_value', 'The proof is not a signature by the key of the device.', {
          field: 'proof',
        });
      const device = await decide(parts, site, async () => {
        const before = await store.deviceByKey(site, publicKey);
        if (before === undefined) {
          const made: StoredDevice = {
            id: newId(),
            account,
            name,
            publicKey,
            grant,
            createdAt: instant(),
            lastSeenAt: instant(),
            revokedAt: null,
            version: 1,
          };
          const told = event(parts, 'device.enrolled', actor, { device: made.id, name });
          return { change: { devices: [{ expect: 0, device: made }], events: [told] }, result: made };
        }
        if (before.revokedAt !== null)
          throw new AppError('forbidden', 'This device was revoked. It needs a new key to be enrolled again.', {
            reason: 'device-revoked',
          });
        if (before.account !== account)
          throw new AppError('forbidden', 'This device belongs to somebody else at this site.', {
            reason: 'device-of-another',
          });
        // A new sign-in of a device that is known: from now on its tokens are those of this sign-in.
        if (before.grant === grant) return { result: before };
        const saved = changedDevice(before, { grant, lastSeenAt: instant() });
        const told = event(parts, 'device.attached', actor, { device: before.id });
        return { change: { devices: [saved], events: [told] }, result: saved.device };
      });
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

    async revoke({ site, account, actor }, id, own) {
      const device = await decide(parts, site, async () => {
        const before = await known(site, id, own ? account : undefined);
        if (before.revokedAt !== null) return { result: before };
        const saved = changedDevice(before, { revokedAt: instant() });
        const told = event(parts, 'device.revoked', actor, { device: id, name: before.name });
        return { change: { devices: [saved], events: [told] }, result: saved.device };
      });
      // Its access tokens are refused from here on by the row; without its refresh token it gets no others.
      if (device.grant !== null) await store.dropGrant(device.grant);
      return view(device, await ownerOf(site, device.account));
    },
  };
}
