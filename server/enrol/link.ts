/** The `SiteLink` of a station: its state, its tokens, and what they are good for. Enrolment (enrolment.ts) begins and ends what is kept here. */
import { z } from 'zod';
import { accessApi, standingProofText } from '../../core/contract/access.ts';
import type { Log } from '../log.ts';
import { type DeviceKey, proofBy, readDeviceKey } from './device-key.ts';
import { checkIncarnation, nextIncarnation } from './incarnation.ts';
import type { KeptLink, LinkStore } from './link-store.ts';
import { LockedError, type Secrets } from './secrets.ts';
import { createSiteCalls, problemOf } from './site-calls.ts';
import { createSiteFetch, type SiteFetch } from './site-fetch.ts';
import { type SiteLink, SiteLinkError, type SiteLinkState, type SiteRequest, type SiteTrouble } from './site-link.ts';
import { connectProvider, renewTokens, SignInRefusal, type Tokens } from './sign-in.ts';

/** A token that ends on the way is none. */
const SPARE_MS = 30_000;
const MOST_PROBLEM = 64 * 1024;
const LOOK_EVERY_MS = 5_000;
const LOOK_MS = 10_000;

export interface LinkParts {
  readonly store: LinkStore;
  readonly secrets: Secrets;
  readonly log: Log;
  readonly now: () => number;
  readonly newMark: () => string;
  /** Of this database's folder on this machine. */
  readonly place: string;
  /** For tests: authorities that are trusted besides the system's. */
  readonly ca?: readonly string[];
}

export interface StationLink extends SiteLink {
  /** What is kept, also where it was disconnected. */
  kept(): KeptLink | undefined;
  /** Looks whether this is the database that was connected; with every start, before anything is written. */
  begin(): Promise<void>;
  /** A person has signed in and the site knows the device. */
  connect(link: KeptLink, tokens: Tokens): Promise<void>;
  /** Ends the sign-in here and, where the site answers, there. Whether it was told. */
  disconnect(): Promise<boolean>;
  /** Asks the site, in the background and not too often, whether all is well: for whoever looks at the state. */
  look(): void;
  fetchOf(address: string): SiteFetch;
  close(): void;
}

/** What requests go with. */
const Access = z.object({ access: z.string(), until: z.number() });
type Access = z.infer<typeof Access>;

const NOT_CONNECTED = 'This station is connected to no site.';
const SAYS: Readonly<Record<SiteTrouble['kind'], string>> = {
  'signed-out': 'The sign-in at the site has ended. Somebody has to sign in again.',
  revoked: 'This station was removed from the site.',
  copied: 'This database is a copy, or its keys are gone. It has to be connected as a station of its own.',
  locked: 'The keys of this station are in a key store that does not open them now.',
};

const textIn = (value: unknown): string | null => (typeof value === 'string' ? value : null);

export function createStationLink(parts: LinkParts): StationLink {
  const { store, secrets, log, now, newMark, place } = parts;
  const listeners = new Set<(state: SiteLinkState) => void>();
  const fetches = new Map<string, SiteFetch>();
  let tokens: Access | undefined;
  /** The newest refresh token, where the disk had no room for it. */
  let unwritten: string | undefined;
  let renewing: Promise<Access> | undefined;
  let key: DeviceKey | undefined;
  let lookedAt = -Infinity;

  const instant = (): string => new Date(now()).toISOString();
  const connected = (): KeptLink | undefined => {
    const link = store.current();
    return link === undefined || link.disconnectedAt !== null ? undefined : link;
  };

  function state(): SiteLinkState {
    const link = connected();
    if (link === undefined) return { enrolled: false };
    const { device: deviceId, disconnectedAt: _at, signIn: _signIn, ...rest } = link;
    return { enrolled: true, deviceId, ...rest };
  }
  const tell = (): void => {
    for (const listen of listeners) listen(state());
  };

  /** With the mark of this start. */
  async function save(link: KeptLink): Promise<void> {
    await store.save(link, store.incarnation() ?? newMark());
    tell();
  }

  async function inTrouble(trouble: SiteTrouble): Promise<never> {
    const link = connected();
    tokens = undefined;
    if (link !== undefined && link.trouble?.kind !== trouble.kind) {
      log.warn('nothing more goes to the site', { reason: trouble.kind });
      await save({ ...link, trouble });
    }
    throw new SiteLinkError(trouble.kind, SAYS[trouble.kind]);
  }

  function needed(): KeptLink {
    const link = connected();
    if (link === undefined) throw new SiteLinkError('not-enrolled', NOT_CONNECTED);
    if (link.trouble !== null) throw new SiteLinkError(link.trouble.kind, SAYS[link.trouble.kind]);
    return link;
  }

  function fetchOf(address: string): SiteFetch {
    const known = fetches.get(address) ?? createSiteFetch({ address, ...(parts.ca && { ca: parts.ca }) });
    fetches.set(address, known);
    return known;
  }

  /** From the key store; without it nothing of this device can be proven. */
  async function keyOf({ device }: KeptLink): Promise<DeviceKey> {
    try {
      key ??= await readDeviceKey(secrets, device);
    } catch (error) {
      if (error instanceof LockedError) return inTrouble({ kind: 'locked', since: instant() });
      throw error;
    }
    return key ?? inTrouble({ kind: 'copied', since: instant() });
  }

  /** The sign-in is none any more: removed, or only ended? The device's key is the one thing left to ask with. */
  async function ended(link: KeptLink): Promise<never> {
    const { site, device, address } = link;
    const proof = proofBy(await keyOf(link), standingProofText(site, device));
    const calls = createSiteCalls(address, fetchOf(address));
    // Where it cannot be asked now, signing in again tells.
    const {
      standing,
      revokedAt: at,
      revokedBy: by,
    } = await calls.standing({ site, device, proof }).catch(() => ({
      standing: 'unknown' as const,
      revokedAt: null,
      revokedBy: null,
    }));
    const since = instant();
    return inTrouble(standing === 'revoked' ? { kind: 'revoked', since, at, by } : { kind: 'signed-out', since });
  }

  /** A disk that is full signs nobody out: what it has no room for is good all the same, and written with the next request. */
  async function writeDown(): Promise<void> {
    const refresh = unwritten;
    if (refresh === undefined) return;
    try {
      await secrets.set('refresh-token', refresh);
      if (unwritten === refresh) unwritten = undefined;
    } catch (error) {
      log.warn('the sign-in is not written down yet', { error });
    }
  }

  /**
   * [Note: One renewal in ten minutes] A station that ends between the site's answer to a renewal and the writing of it is signed out: the token before works no more. So the
   * access token is kept beside it, and a start renews nothing while that one is good.
   */
  async function keep({ access, refresh, until }: Tokens): Promise<Access> {
    unwritten = refresh;
    await writeDown();
    const made: Access = { access, until };
    tokens = made;
    // Good without it, too.
    await secrets.set('access-token', JSON.stringify(made)).catch(() => undefined);
    return made;
  }

  /** Of the life before; anything else than a token of ours is none. */
  async function keptAccess(): Promise<Access | undefined> {
    try {
      return Access.parse(JSON.parse((await secrets.get('access-token')) ?? 'null'));
    } catch {
      return undefined;
    }
  }

  async function renew(link: KeptLink): Promise<Access> {
    try {
      const refresh = unwritten ?? (await secrets.get('refresh-token'));
      if (refresh === undefined) return await ended(link);
      // What the provider says of itself, and of the time, is asked for anew each time.
      const provider = await connectProvider(link.signIn, { fetch: fetchOf(link.address) });
      // Written before it is used: the one before works no more.
      return await keep(await renewTokens(provider, refresh, now));
    } catch (error) {
      if (error instanceof LockedError) return await inTrouble({ kind: 'locked', since: instant() });
      if (error instanceof SignInRefusal) {
        if (error.kind === 'ended') return await ended(link);
        throw new SiteLinkError('bad-answer', error.message, { cause: error });
      }
      throw error;
    }
  }

  /** One at a time: a refresh token works once. */
  function fresh(link: KeptLink, not?: string): Promise<Access> {
    const isGood = (one: Access | undefined): one is Access =>
      one !== undefined && one.access !== not && now() < one.until - SPARE_MS;
    if (isGood(tokens) && unwritten === undefined) return Promise.resolve(tokens);
    const found = async (): Promise<Access> => {
      await writeDown();
      const kept = await keptAccess();
      // A person may have signed in meanwhile.
      tokens ??= kept;
      return isGood(tokens) ? tokens : renew(link);
    };
    renewing ??= found().finally(() => (renewing = undefined));
    return renewing;
  }

  /** Of a 401: says whether a new token may help. Throws where the device was removed. */
  async function refusedBy(response: Response): Promise<void> {
    const size = Number(response.headers.get('content-length') ?? 0);
    const isTooLong = size > MOST_PROBLEM;
    if (isTooLong) await response.body?.cancel();
    const problem = isTooLong ? undefined : await problemOf(response);
    const { reason, at, by } = problem?.details ?? {};
    if (reason !== 'device-revoked') return;
    await inTrouble({ kind: 'revoked', since: instant(), at: textIn(at), by: textIn(by) });
  }

  async function authorisedFetch(path: string, request: SiteRequest = {}): Promise<Response> {
    const link = needed();
    if (!path.startsWith('/')) throw new TypeError('a path of the site begins with /');
    const url = `${link.address}${path}`;
    const send = async ({ access }: Access): Promise<Response> =>
      fetchOf(link.address)(url, {
        ...request,
        headers: { ...request.headers, authorization: `Bearer ${access}` },
      });
    const first = await fresh(link);
    const response = await send(first);
    if (response.status !== 401) return response;
    await refusedBy(response);
    const second = await send(await fresh(link, first.access));
    if (second.status !== 401) return second;
    await refusedBy(second);
    return ended(link);
  }

  /** See [Note: Copied databases]: from the next operation on it writes as another device. */
  async function goOnAsAnother(link: KeptLink): Promise<void> {
    await store.renewDevice();
    tokens = undefined;
    key = undefined;
    log.warn('this database is a copy: it goes on as another device');
    await save({ ...link, trouble: { kind: 'copied', since: instant() } });
  }

  async function lookAt(link: KeptLink): Promise<void> {
    const response = await authorisedFetch(accessApi.me.path, { headMs: LOOK_MS });
    const me = accessApi.me.reply.safeParse(await response.json().catch(() => undefined)).data;
    const current = connected();
    if (me === undefined || current?.device !== link.device) return;
    const { id, name, login } = current.user;
    // A person may have been renamed.
    if (me.account === id && (me.name !== name || me.login !== login))
      await save({ ...current, user: { id, name: me.name, login: me.login } });
  }

  /** What did not open before may do so now: a key store that somebody unlocked, a file that another program held. */
  async function unlock(link: KeptLink): Promise<void> {
    const mark = store.incarnation();
    try {
      if (mark === undefined || (await checkIncarnation(secrets, mark, place)) !== 'same') return;
      if ((await readDeviceKey(secrets, link.device)) === undefined) return;
    } catch (error) {
      if (error instanceof LockedError) return;
      throw error;
    }
    if (store.current() === link) await save({ ...link, trouble: null });
  }

  return {
    state,
    kept: () => store.current(),
    onChange(listen) {
      listeners.add(listen);
      return () => void listeners.delete(listen);
    },
    authorisedFetch,
    presignedFetch: (url, request) => fetchOf(needed().address)(url, request),
    sign: async (bytes) => (await keyOf(needed())).sign(bytes),
    fetchOf,
    async forked() {
      const link = connected();
      if (link !== undefined && link.trouble?.kind !== 'copied') await goOnAsAnother(link);
    },

    look() {
      const link = connected();
      if (link === undefined || Math.abs(now() - lookedAt) < LOOK_EVERY_MS) return;
      const isLocked = link.trouble?.kind === 'locked';
      if (link.trouble !== null && !isLocked) return;
      lookedAt = now();
      (isLocked ? unlock(link) : lookAt(link)).catch((error: unknown) => {
        // What it means for the person stands in the state by now; that nobody answers is no news.
        if (!(error instanceof SiteLinkError)) log.error('bug', { error });
      });
    },

    async begin() {
      const link = store.current();
      const mark = store.incarnation();
      if (link === undefined || mark === undefined) return;
      const found = await checkIncarnation(secrets, mark, place);
      const since = instant();
      if (found === 'locked') return await save({ ...link, trouble: link.trouble ?? { kind: 'locked', since } });
      if (found === 'copied') {
        if (link.trouble?.kind !== 'copied') await goOnAsAnother(link);
        return;
      }
      const trouble = link.trouble?.kind === 'locked' ? null : link.trouble;
      const next = newMark();
      try {
        await nextIncarnation(secrets, { before: mark, next }, place, () => store.save({ ...link, trouble }, next));
      } catch (error) {
        // A full disk keeps nobody from working: the mark of the last start goes on being good.
        log.warn('the mark of this start could not be kept', { error });
      }
    },

    async connect(link, made) {
      key = undefined;
      // That of an earlier connection is another's, also where this one cannot be kept.
      await secrets.delete('access-token');
      await keep(made);
      // No connection is begun without it.
      if (unwritten !== undefined) await secrets.set('refresh-token', unwritten);
      const next = newMark();
      // Told even where the mark could not be noted as the only one: connected it is.
      await nextIncarnation(secrets, { before: store.incarnation(), next }, place, () =>
        store.save(link, next),
      ).finally(tell);
    },

    async disconnect() {
      const link = connected();
      if (link === undefined) return false;
      let isTold = false;
      try {
        if (link.trouble === null) {
          await createSiteCalls(link.address, fetchOf(link.address)).signOut((await fresh(link)).access);
          isTold = true;
        }
      } catch (error) {
        log.info('the site was not told of the end of the connection', { error });
      }
      tokens = undefined;
      unwritten = undefined;
      await secrets.delete('access-token');
      await secrets.delete('refresh-token');
      const current = store.current() ?? link;
      await save({ ...current, disconnectedAt: instant() });
      return isTold;
    },

    close() {
      for (const fetch of fetches.values()) fetch.close();
      fetches.clear();
    },
  };
}
