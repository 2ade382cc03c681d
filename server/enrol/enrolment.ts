/** From the address of a site to a connected station: one at a time, watched and given up by the person at the window. */
import {
  deviceProofText,
  LINK_VERSION,
  type Me,
  type SiteInfo,
  standingProofText,
} from '../../core/contract/access.ts';
import type { Enrolment, EnrolmentWish } from '../../core/contract/site-link-http.ts';
import type { Log } from '../log.ts';
import { parseAddress } from './address.ts';
import { type DeviceKey, makeDeviceKey, proofBy, readDeviceKey } from './device-key.ts';
import { EnrolmentFailure, failureOf } from './enrolment-failure.ts';
import type { StationLink } from './link.ts';
import type { KeptLink } from './link-store.ts';
import { patiently } from './patience.ts';
import { LockedError, type Secrets } from './secrets.ts';
import { createSiteCalls, type SiteCalls, SiteRefusal } from './site-calls.ts';
import { type Shown, signInByBrowser, signInByCode, type SignInPlace } from './sign-in.ts';

export interface EnrolmentParts {
  readonly link: StationLink;
  readonly secrets: Secrets;
  readonly log: Log;
  readonly now: () => number;
  readonly newId: () => string;
  readonly plainHosts: readonly string[];
  /** The id that this database gives to its operations, and another one in its place. */
  readonly device: () => string;
  readonly renewDevice: () => Promise<string>;
  /** Whether anything of a site has come into this database. */
  readonly hasSynced: () => Promise<boolean>;
  /** Of this machine and program, as the site shows them. */
  readonly machine: { readonly name: string; readonly platform: string; readonly version: string };
  readonly onChange: () => void;
}

export interface Enrolments {
  start(wish: EnrolmentWish): Enrolment;
  current(): Enrolment | null;
  /** Gives up what runs, or puts away how it ended. */
  cancel(): void;
}

interface Running {
  readonly controller: AbortController;
  view: Enrolment;
}

export function createEnrolments(parts: EnrolmentParts): Enrolments {
  const { now, log, onChange } = parts;
  let running: Running | undefined;

  function turn(mine: Running, more: Partial<Enrolment>): void {
    mine.view = { ...mine.view, ...more };
    if (running === mine) onChange();
  }

  function cancel(): void {
    running?.controller.abort();
    running = undefined;
    onChange();
  }

  async function run(mine: Running, wish: EnrolmentWish): Promise<void> {
    const { signal } = mine.controller;
    try {
      await connect(parts, wish, {
        signal,
        found: (address) => turn(mine, { address }),
        show: ({ open, userCode, expiresInMs }) =>
          turn(mine, { step: 'signing-in', open, userCode, until: new Date(now() + expiresInMs).toISOString() }),
        signedIn: () => turn(mine, { step: 'connecting', open: null, userCode: null, until: null }),
      });
      turn(mine, { step: 'done' });
    } catch (error) {
      if (signal.aborted) return;
      const failure = failureOf(error);
      if (failure.code === 'bug') log.error('bug', { error });
      else log.info('the station was not connected', { reason: failure.code, error });
      turn(mine, { step: 'failed', open: null, userCode: null, until: null, failure });
    }
  }

  return {
    current: () => running?.view ?? null,
    cancel,
    start(wish) {
      running?.controller.abort();
      const first = { step: 'looking', address: wish.address, open: null, userCode: null, until: null } as const;
      const view: Enrolment = { id: parts.newId(), way: wish.way, ...first, failure: null };
      const mine = { controller: new AbortController(), view };
      running = mine;
      onChange();
      void run(mine, wish);
      return view;
    },
  };
}

interface Way {
  readonly signal: AbortSignal;
  readonly found: (address: string) => void;
  readonly show: (shown: Shown) => void;
  readonly signedIn: () => void;
}

async function connect(parts: EnrolmentParts, wish: EnrolmentWish, way: Way): Promise<void> {
  const { link, now, machine } = parts;
  const parsed = parseAddress(wish.address, parts.plainHosts);
  if (parsed.kind === 'refused') throw new EnrolmentFailure(parsed.why, '');
  const address = parsed.origin;
  way.found(address);
  const fetch = link.fetchOf(address);
  const calls = createSiteCalls(address, fetch, way.signal);
  const signIn = await fits(calls, machine.version);
  await sameSite(parts, address, calls);

  const signInNow = wish.way === 'browser' ? signInByBrowser : signInByCode;
  const tokens = await signInNow(signIn, { fetch, now }, way);
  way.signedIn();
  const me = await patiently(() => calls.me(tokens.access), way.signal);
  refuseOtherName(link.kept(), me, await parts.hasSynced());
  const name = wish.deviceName ?? link.kept()?.deviceName ?? machine.name;
  const device = await enrol(parts, calls, { me, name, token: tokens.access, signal: way.signal });
  const made: KeptLink = {
    site: me.site,
    address,
    signIn,
    user: { id: me.account, name: me.name, login: me.login },
    device: device.id,
    deviceName: device.name,
    siteKeys: me.siteKeys ?? [],
    enrolledAt: new Date(now()).toISOString(),
    disconnectedAt: null,
    trouble: null,
  };
  // Too late to give up: the site has it.
  await written(parts, link.connect(made, tokens));
}

/** What cannot be written down here is no connection; the next try finds the same device. */
const written = <T>({ secrets }: EnrolmentParts, work: Promise<T>): Promise<T> =>
  work.catch((error: unknown) => {
    const why = error instanceof Error ? error.message : String(error);
    throw new EnrolmentFailure('not-kept', why, { path: secrets.path });
  });

const textIn = (value: unknown): string => (typeof value === 'string' ? value : '');

/** Whether it is a site at all, speaks as this program does, and takes stations. */
async function fits(calls: SiteCalls, version: string): Promise<SignInPlace> {
  let info: SiteInfo;
  try {
    info = await calls.info();
  } catch (error) {
    if (error instanceof SiteRefusal && error.reason === 'host')
      throw new EnrolmentFailure('other-name', error.message, { host: textIn(error.details['host']) });
    // Busy or starting is something else than another product.
    if (error instanceof SiteRefusal)
      throw new EnrolmentFailure(error.status >= 500 ? 'unreachable' : 'not-a-site', error.message);
    throw error;
  }
  const facts = { site: info.version, station: version };
  if (info.link.oldest > LINK_VERSION) throw new EnrolmentFailure('station-too-old', '', facts);
  if (info.link.newest < LINK_VERSION) throw new EnrolmentFailure('site-too-old', '', facts);
  if (info.signIn === null) throw new EnrolmentFailure('no-station-sign-in', '');
  return info.signIn;
}

/** One database, one site: at another address it must be the same one, which knows this device. */
async function sameSite(parts: EnrolmentParts, address: string, calls: SiteCalls): Promise<void> {
  const kept = parts.link.kept();
  if (kept === undefined || kept.address === address || !(await parts.hasSynced())) return;
  const key = await keyAtHand(parts, kept.device);
  const proof = key === undefined ? undefined : proofBy(key, standingProofText(kept.site, kept.device));
  const { standing } =
    proof === undefined
      ? { standing: 'unknown' as const }
      : await calls.standing({ site: kept.site, device: kept.device, proof });
  if (standing === 'unknown') throw new EnrolmentFailure('other-site', '', { address: kept.address, site: kept.site });
}

function refuseOtherName(kept: KeptLink | undefined, me: Me, synced: boolean): void {
  if (kept === undefined || !synced || kept.site === me.site) return;
  throw new EnrolmentFailure('other-site', '', { address: kept.address, site: kept.site });
}

async function keyAtHand({ secrets }: EnrolmentParts, device: string): Promise<DeviceKey | undefined> {
  try {
    return await readDeviceKey(secrets, device);
  } catch (error) {
    if (error instanceof LockedError) return undefined;
    throw error;
  }
}

interface Who {
  readonly me: Me;
  readonly name: string;
  readonly token: string;
  readonly signal: AbortSignal;
}

/** With the key that is here; where the site takes that key or this id no more, as a new device: see [Note: Copied databases]. */
async function enrol(parts: EnrolmentParts, calls: SiteCalls, who: Who): Promise<{ id: string; name: string }> {
  const { machine, secrets } = parts;
  const send = async (key: DeviceKey): Promise<{ id: string; name: string }> => {
    const device = parts.device();
    const proof = proofBy(key, deviceProofText(who.me.site, who.me.account, key.publicKey, device));
    const { platform, version } = machine;
    const wish = { name: who.name, device, platform, version, publicKey: key.publicKey, proof };
    // The same key of the same sign-in is the same device.
    return patiently(() => calls.enrol(who.token, wish), who.signal);
  };
  const made = (device: string): Promise<DeviceKey> => written(parts, makeDeviceKey(secrets, device));
  try {
    return await send((await keyAtHand(parts, parts.device())) ?? (await made(parts.device())));
  } catch (error) {
    const over = error instanceof SiteRefusal && ['device-revoked', 'device-known'].includes(error.reason);
    if (!over) throw error;
    return send(await made(await parts.renewDevice()));
  }
}
