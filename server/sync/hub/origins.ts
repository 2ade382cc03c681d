/** Whose word operations are: the key that has to have signed them, and what the account behind it may write. */
import { isRole, type Role } from '../../../core/access/roles.ts';
import { type PushBatch, receiptText } from '../../../core/contract/sync-http.ts';
import { AppError } from '../../../core/contract/errors.ts';
import type { Writer } from '../../../core/sync/verdict.ts';
import type { StoredDevice } from '../../access/account.ts';
import type { AccessStore } from '../../access/store/access-store.ts';
import { actorOf, type Principal } from '../../access/parts.ts';
import type { HubStore, KnownDevice } from '../../store/hub-store.ts';
import { provenBy } from './ed25519.ts';
import { RECEIPTS, type SiteSigner } from './site-signer.ts';

export interface Origin {
  /** One of these has to have signed. */
  readonly keys: readonly [string, ...string[]];
  readonly bySite: boolean;
  readonly roles: readonly Role[];
  /** The site signed once that it received them. */
  readonly received?: boolean;
  /** The site's record of a station. */
  readonly device?: Connected | undefined;
  /** Neither the site nor its word knows whose it was: the account that brings it. */
  readonly bringer?: string | undefined;
}

type Connected = Pick<StoredDevice, 'id' | 'account' | 'publicKey' | 'createdAt'>;

export interface OriginParts {
  readonly site: string;
  readonly access: Pick<AccessStore, 'device' | 'account'>;
  readonly hub: Pick<HubStore, 'devices' | 'history'>;
  readonly signer: SiteSigner;
}

export interface Origins {
  own(principal: Principal): Promise<Origin>;
  /** Of operations that somebody else offers again. */
  relayed(batch: PushBatch, principal: Principal): Promise<Origin>;
  /** In whose names it may write; undefined where the site's word stands for it. */
  writer(origin: Origin, actors: Iterable<string>): Promise<Writer | undefined>;
  /** Those that the log knows; they never change. */
  known(ids: Iterable<string>): Promise<ReadonlyMap<string, KnownDevice>>;
}

const MOST = 10_000;
/** Device ids that one station had before its present one, in a batch: a copied database gets a new one, and that is rare. Nor do many people write on one desk. */
const MOST_FORMER = 20;
const DEVICE_ID = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;
const LOCAL = 'local:';
const USER = actorOf('');
/** Nothing was lost before it: what a device wrote it brought itself. */
const FIRST_EPOCH = 1;

export function createOrigins({ site, access, hub, signer }: OriginParts): Origins {
  const connected = new Map<string, Connected>();
  const devices = new Map<string, KnownDevice>();

  async function known(ids: Iterable<string>): Promise<ReadonlyMap<string, KnownDevice>> {
    const missing = [...ids].filter((id) => !devices.has(id));
    if (missing.length === 0) return devices;
    if (devices.size > MOST) devices.clear();
    for (const device of await hub.devices(missing)) devices.set(device.device, device);
    return devices;
  }
  /** A device's key never changes: another key is another device. */
  async function ofStation(id: string): Promise<Connected> {
    const found = connected.get(id) ?? (await access.device(site, id));
    if (found === undefined) throw new AppError('forbidden', 'There is no such device.', { reason: 'no-device' });
    if (connected.size > MOST) connected.clear();
    connected.set(id, found);
    return found;
  }
  async function isForeign(actor: string, account: string): Promise<boolean> {
    const id = actor.slice(actor.indexOf(':') + 1);
    if (!DEVICE_ID.test(id)) return false;
    if (actor.startsWith(USER)) return (await access.account(site, id)) !== undefined;
    const other = await access.device(site, id);
    return other !== undefined && other.account !== account;
  }
  /** Of these, those that name somebody else of this site. */
  async function foreignAmong(actors: readonly string[], account: string): Promise<ReadonlySet<string>> {
    const looked = actors.slice(0, MOST_FORMER);
    const answers = await Promise.all(looked.map((actor) => isForeign(actor, account)));
    return new Set([...looked.filter((_, at) => answers[at]), ...actors.slice(MOST_FORMER)]);
  }
  /** Before it was lost the site wrote by it, even where its database does not remember. */
  const wasOurs = ({ device, public_key: key }: PushBatch): boolean =>
    key !== undefined && signer.keysOf(device).includes(key);

  /** The role by which this site judged these operations once, whoever has which by now: proved by its own signature. */
  function receivedAs({ head, public_key: key, receipt }: PushBatch): Role | undefined {
    if (receipt === undefined || key === undefined || !isRole(receipt.role)) return undefined;
    const text = receiptText(site, head, key, receipt.role);
    return signer.keysOf(RECEIPTS).some((one) => provenBy(one, text, receipt.signature)) ? receipt.role : undefined;
  }

  /** Whoever took a key along writes by it for ever: of a device that was removed only what a lost history had is taken from others. */
  async function refuseRemoved({ revokedAt }: StoredDevice): Promise<void> {
    if (revokedAt === null || (await hub.history()).epoch > FIRST_EPOCH) return;
    throw new AppError('forbidden', 'The device that wrote these was removed.', { reason: 'device-revoked' });
  }

  return {
    known,
    async writer({ device, bringer }, actors) {
      if (device === undefined && bringer === undefined) return undefined;
      const all = [...new Set(actors)];
      const local = all.filter((actor) => actor.startsWith(LOCAL));
      if (device !== undefined) {
        const { id: own, account, createdAt } = device;
        const former = local.filter((actor) => actor !== LOCAL + own);
        const foreign = await foreignAmong(former, account);
        return { actor: actorOf(account), foreign, since: Date.parse(createdAt) };
      }
      const account = bringer ?? '';
      const people = all.filter((actor) => actor.startsWith(USER) && actor !== actorOf(account));
      return { actor: null, foreign: await foreignAmong([...local, ...people], account), since: Infinity };
    },
    async own({ device, role }) {
      if (device === null) throw noDevice();
      const own = await ofStation(device);
      return { keys: [own.publicKey], bySite: false, roles: [role], device: own };
    },
    async relayed(batch, principal) {
      const { device } = batch;
      const receipt = receivedAs(batch);
      const role = receipt ?? principal.role;
      const enrolled = await access.device(site, device);
      if (enrolled !== undefined) {
        if (receipt !== undefined && batch.public_key === enrolled.publicKey)
          return { keys: [enrolled.publicKey], bySite: false, roles: [receipt], received: true, device: enrolled };
        await refuseRemoved(enrolled);
        const account = await access.account(site, enrolled.account);
        return {
          keys: [enrolled.publicKey],
          bySite: false,
          roles: [account?.role ?? principal.role],
          device: enrolled,
        };
      }
      const kept = (await known([device])).get(device);
      if (kept?.bySite === true || wasOurs(batch)) {
        const [first = '', ...older] = signer.keysOf(device);
        return { keys: [first, ...older], bySite: true, roles: [] };
      }
      const key = kept?.publicKey ?? batch.public_key;
      if (key === undefined)
        throw new AppError('bad_request', 'The key of the device is missing.', { reason: 'bad_batch' });
      // Nobody knows any more who that was: what it may say is what the site signed for, or else what whoever brings it may.
      const bringer = receipt === undefined ? principal.account : undefined;
      return { keys: [key], bySite: false, roles: [role], received: receipt !== undefined, bringer };
    },
  };
}

export const noDevice = (): AppError =>
  new AppError('forbidden', 'Sync is between a station that is connected and its site.', { reason: 'no-device' });
